import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.services import Services, state_dir
from config.testing import EXTERNAL

pytestmark = pytest.mark.skipif(EXTERNAL, reason="the servers are given")

HOLDER = """
import sys
from config.services import Services
with Services(sys.argv[1], disposable=True):
    print("up", flush=True)
    input()
"""


@pytest.fixture
def purpose() -> Iterator[str]:
    name = f"self-{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}"
    yield name
    shutil.rmtree(state_dir(name), ignore_errors=True)


def postgres_pid(services: Services) -> int:
    return int((services.dir / "pg" / "postmaster.pid").read_text().split()[0])


def answer(services: Services) -> object:
    with psycopg.connect(host=str(services.dir), user="postgres", dbname="postgres") as connection:
        return connection.execute("SELECT lower('ÉTÉ')").fetchone()


def test_services_stop_when_the_last_one_leaves(purpose: str) -> None:
    first, second = Services(purpose, disposable=True), Services(purpose, disposable=True)

    with first:
        with second:
            pid = postgres_pid(second)
            assert (first.alone, second.alone) == (True, False)
        assert answer(first) == ("été",)

    assert not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes()
    assert not (first.dir / "pg" / "postmaster.pid").exists()


def test_services_take_over_what_a_killed_process_left(purpose: str) -> None:
    killed = subprocess.Popen([sys.executable, "-c", HOLDER, purpose], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert killed.stdout
    killed.stdout.readline()
    killed.kill()
    killed.communicate()
    left = postgres_pid(Services(purpose))

    with Services(purpose, disposable=True) as services:
        assert services.alone
        assert postgres_pid(services) == left
        assert answer(services) == ("été",)


def test_services_start_after_both_servers_were_killed(purpose: str) -> None:
    with Services(purpose, disposable=True) as services:
        for pid in (postgres_pid(services), int((services.dir / "valkey.pid").read_text())):
            os.kill(pid, signal.SIGKILL)

    with Services(purpose, disposable=True) as services:
        assert answer(services) == ("été",)


def test_services_are_not_misled_by_a_stale_pid(purpose: str) -> None:
    """After a reboot another process may have the number that the file remembers; that one must be left alone."""
    with Services(purpose, disposable=True) as services:
        content = (services.dir / "pg" / "postmaster.pid").read_text().split("\n")
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    content[0] = str(bystander.pid)
    (services.dir / "pg" / "postmaster.pid").write_text("\n".join(content))
    (services.dir / ".s.PGSQL.5432.lock").write_text("\n".join(content))
    (services.dir / "valkey.pid").write_text(f"{bystander.pid}\n")

    with Services(purpose, disposable=True):
        assert answer(services) == ("été",)

    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_services_redo_an_interrupted_initdb(purpose: str) -> None:
    folder = state_dir(purpose)
    (folder / "pg.half").mkdir(parents=True)
    (folder / "pg.half" / "PG_VERSION").write_text("18\n")

    with Services(purpose, disposable=True) as services:
        assert answer(services) == ("été",)
