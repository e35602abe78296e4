"""Sextant's own processes, as they run in production, on the test's database: to be killed, stopped and continued."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connection

from core import alive

CLOCKS = Path(__file__).parent / "clock"
WORKER = ("-m", "config.processes.worker")
BEAT = ("-m", "config.processes.beat")
LOOP = ("manage.py", "deliver", "--loop")
CREW = "sextant crew"  # how their sessions are called in PostgreSQL


def until(happened: Callable[[], object], seconds: float = 60, what: str = "") -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"{what or 'it did not happen'}: not after {seconds} s"
        time.sleep(0.05)


def database_url() -> str:
    values = connection.settings_dict
    return f"postgresql://{values['USER']}@/{values['NAME']}?host={values['HOST']}"


class Process:
    """One of ours. What it says is in `said`."""

    def __init__(self, command: tuple[str, ...], environment: dict[str, str], log: Path) -> None:
        self._log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, *command], cwd=settings.BASE_DIR, env=environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def said(self) -> str:
        return self._log.read_text(errors="replace")

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def status(self) -> int | None:
        return self._process.poll()

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def kill(self) -> None:
        """Outright: it gets no chance to tidy up."""
        if self.is_running:
            self._process.kill()
        self._process.wait()

    def stop(self, seconds: float = 20) -> int:
        """As a supervisor does."""
        self._process.terminate()
        return self._process.wait(seconds)

    def freeze(self) -> None:
        self.signal(signal.SIGSTOP)
        until(lambda: psutil.Process(self.pid).status() == psutil.STATUS_STOPPED)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)


class Crew:
    """Starts processes in one environment, and ends all of them."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self._folder = folder
        self.environment = {
            "DATABASE_URL": database_url(), "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1", "LOG_LEVEL": "WARNING",
            "WORKER_CONCURRENCY": "1", "PGAPPNAME": CREW, **environment,
        }  # fmt: skip
        self.started: list[Process] = []

    def start(self, *command: str, **environment: str) -> Process:
        log = self._folder / f"{len(self.started)}.log"
        process = Process(command, {**os.environ, **self.environment, **environment}, log)
        self.started.append(process)
        return process

    def worker(self, **environment: str) -> Process:
        return self.start(*WORKER, **environment)

    def beat(self, **environment: str) -> Process:
        return self.start(*BEAT, **environment)

    def loop(self, *, interval: float = 0.2, **environment: str) -> Process:
        return self.start(*LOOP, "--interval", str(interval), **environment)

    def has_begun(self, *names: str) -> bool:
        """They have finished a first round of work."""
        return all((self._folder / alive.sign(name).name).exists() for name in names)

    def end(self) -> None:
        for process in self.started:
            process.kill()

    @property
    def said(self) -> str:
        return "\n".join(process.said for process in self.started)


@contextmanager
def crew_of(folder: Path, **environment: str) -> Iterator[Crew]:
    crew = Crew(folder, **environment)
    try:
        yield crew
    finally:
        crew.end()
        hang_up()


def hang_up() -> None:
    """Whoever was killed while waiting for a lock leaves a session behind: none may outlive the test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", [CREW])


class WrongClock:
    """The environment of a process whose clock is wrong by so many seconds, also one that is set while it runs."""

    def __init__(self, folder: Path, ahead: float = 0) -> None:
        self._file = folder / "clock"
        self._file.write_text(str(ahead))

    @property
    def environment(self) -> dict[str, str]:
        return {"PYTHONPATH": str(CLOCKS), "SEXTANT_CLOCK": str(self._file)}

    def set(self, process: Process, ahead: float) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(str(ahead))
        new.replace(self._file)
        process.signal(signal.SIGRTMIN)
