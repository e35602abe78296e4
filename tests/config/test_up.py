import fcntl
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from config import up
from config.services import LOCAL_DIR, ROOT, Services, state_dir
from config.testing import EXTERNAL


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_up_names_the_busy_port_and_a_free_one(busy_port: int) -> None:
    with pytest.raises(up.UpError) as refusal:
        up.check_port(busy_port)

    text, free = str(refusal.value).rsplit(" ", 1)
    assert text == f"port {busy_port} is used by another program. Try: ./dev up --port"
    up.check_port(int(free))


def test_up_knows_that_there_is_no_such_port() -> None:
    with pytest.raises(up.UpError, match="there is no port 70000"):
        up.check_port(70_000)


def test_second_up_names_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "LOCAL_DIR", tmp_path)

    with up.only_one("http://localhost:8000"), pytest.raises(up.UpError) as refusal, up.only_one("http://localhost:1"):
        pass

    assert str(refusal.value) == (
        f"already running here, at http://localhost:8000 (process {os.getpid()}): stop that one first, with Ctrl+C."
    )


def test_lock_of_a_killed_up_does_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "LOCAL_DIR", tmp_path)
    with open(tmp_path / f"up-{up.PURPOSE}.lock", "w") as left:
        fcntl.flock(left, fcntl.LOCK_EX)
        left.write("at http://localhost:9 (process 9)")

    with up.only_one("http://localhost:8000"):
        assert "9 (process 9)" not in (tmp_path / f"up-{up.PURPOSE}.lock").read_text()


class Running:
    """`./dev up --empty` beside the tests, on the tests' own servers but a database of its own."""

    def __init__(self, port: int, log: Path) -> None:
        self.port = port
        self.log = log
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.up", "--port", str(port), "--empty"],
                cwd=ROOT, env={**os.environ, "SEXTANT_DEBUG": "1", "SEXTANT_SERVICES": f"up-{port}"},
                stdout=output, stderr=output,
            )  # fmt: skip

    def wait_for(self, text: str, seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def descendants(self) -> list[int]:
        """Its processes and theirs, without the database servers, which the next `up` takes over."""
        found = [int(pid) for pid in of(self.process.pid)]
        found = [pid for pid in found if not re.search(rb"postgres|valkey-server", command(pid))]
        return found + [pid for child in found for pid in of(child)]

    def child(self, command_part: bytes) -> int:
        return next(pid for pid in self.descendants() if command_part in command(pid))


def of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")


def get(port: int, path: str) -> str:
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return answer.read().decode()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run = Running(port, tmp_path / "up.log")
    yield run
    run.process.terminate()
    run.process.wait(40)
    with Services(f"up-{port}"):
        pass  # a killed one leaves its servers behind: take them over, and stop them
    shutil.rmtree(state_dir(f"up-{port}"), ignore_errors=True)
    for left in LOCAL_DIR.glob(f"*-up-{port}*"):
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink()


def gone(pid: int) -> bool:
    try:
        return not Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return True


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.skipif(EXTERNAL, reason="the servers are given")
def test_up_brings_everything_up_and_outlives_a_killed_worker(running: Running) -> None:
    running.wait_for("Sextant is at")

    assert get(running.port, "/healthz") == "ok\n"
    assert json.loads(get(running.port, "/readyz"))["database"] == "ok"
    assert "<h1>" in get(running.port, "/inbox/")
    worker = running.child(b"config.processes.worker")
    os.kill(worker, signal.SIGKILL)
    running.wait_for("worker  | ended with status -9; starts again in 1 s")
    children = running.descendants()
    os.kill(running.process.pid, signal.SIGKILL)
    running.process.wait()
    deadline = time.monotonic() + 30
    while not all(map(gone, children)):
        assert time.monotonic() < deadline, "children outlive a killed `up`"
        time.sleep(0.1)
