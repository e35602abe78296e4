"""Keeps the processes of `./dev up` running in one terminal: relays what they say, starts again what ends."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path

FIRST_WAIT = 1.0  # seconds before a process that ended is started again; doubled each time
LONGEST_WAIT = 30.0
STOP_SECONDS = 15
LOOK_SECONDS = 1.0
WATCHED = (".py", ".html", ".po", ".json", ".csv")
UNWATCHED = {"node_modules", "static", "tests", "docs", "benchmarks", "__pycache__"}
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent() -> None:
    """On Linux a child ends when this process is killed outright."""
    if _libc is not None:
        _libc.prctl(1, signal.SIGTERM, 0, 0, 0)  # PR_SET_PDEATHSIG


def say(name: str, line: str) -> None:
    print(f"{name:8}| {line}", flush=True)


class Child:
    """One process that is kept running. `reload` is the signal on which it starts again without being replaced;
    `cares` says of a changed file whether the process has to start again for it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        reload: signal.Signals = signal.SIGTERM,
        cares: Callable[[str], bool] = bool,
    ) -> None:
        self.name = name
        self.command = command
        self.cares = cares
        self.reload_signal = reload
        self.failures = 0
        self._process: asyncio.subprocess.Process | None = None
        self._replaced = False
        self._stopping = False
        self._changed = asyncio.Event()

    async def keep(self) -> None:
        """Runs until `stop`."""
        while not self._stopping:
            began = time.monotonic()
            status = await self._run()
            if self._stopping or self._replaced:
                self._replaced = False
                continue
            self.failures = 1 if time.monotonic() - began > LONGEST_WAIT else self.failures + 1
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (self.failures - 1))
            say(self.name, f"ended with status {status}; starts again in {wait:.0f} s, or when a file changes")
            self._changed.clear()
            await _either(self._changed, wait)

    async def _run(self) -> int:
        self._process = process = await asyncio.create_subprocess_exec(
            *self.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
        if self._stopping:
            self._signal(signal.SIGTERM)
        assert process.stdout is not None
        while line := await process.stdout.readline():
            say(self.name, line.decode(errors="replace").rstrip())
        return await process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._is_running():
            self._process.send_signal(number)

    def reload(self) -> None:
        """The code changed."""
        self._replaced = self.reload_signal == signal.SIGTERM and self._is_running()
        self._changed.set()
        self._signal(self.reload_signal)

    def _is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def stop(self) -> None:
        """Ask it to end for good."""
        self._stopping = True
        self._changed.set()
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """With all it started."""
        if self._process is not None and self._is_running():
            os.killpg(self._process.pid, signal.SIGKILL)


async def keep_all(children: Sequence[Child], work: Coroutine[None, None, None]) -> None:
    """Keep the children running while the work goes on, and end them after it, however it ended."""
    keeping = [asyncio.create_task(child.keep()) for child in children]
    try:
        await work
    finally:
        for child in children:
            child.stop()
        _, late = await asyncio.wait(keeping, timeout=STOP_SECONDS)
        for child in children if late else ():
            child.kill()
        await asyncio.gather(*keeping)


async def _either(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return


class Code:
    """Notices which files of the application changed, by looking: a few hundred files, once a second."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._seen = dict(_files(root))

    def changes(self) -> set[str]:
        """The files that changed, came or went since the last look, as paths inside the checkout."""
        seen, self._seen = self._seen, dict(_files(self.root))
        return {os.path.relpath(path, self.root) for path, _ in seen.items() ^ self._seen.items()}

    async def next_changes(self) -> set[str]:
        """Wait for a change, and for the second after it in which nothing else changes."""
        found: set[str] = set()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            new = self.changes()
            if found and not new:
                return found
            found |= new


def _files(folder: Path | str) -> Iterator[tuple[str, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in UNWATCHED:
                    yield from _files(entry.path)
            elif entry.name.endswith(WATCHED):
                with contextlib.suppress(FileNotFoundError):
                    yield entry.path, entry.stat().st_mtime_ns
