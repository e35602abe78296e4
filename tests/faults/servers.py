"""A Valkey and a PostgreSQL that a test may kill, and a proxy that breaks connections."""

import contextlib
import os
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connections

from config.services import Services

PURPOSE = os.environ["SEXTANT_SERVICES"]  # which servers these tests, or benchmarks, use
_outliving: list[object] = []  # the server runs on after the test that started it again


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Valkey:
    """A server of the test's own, on loopback. It forgets everything when it is killed."""

    def __init__(self, folder: Path) -> None:
        services = Services(PURPOSE)
        services._make_dir()
        self._program, self._folder = services._valkey_program(), folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        with (self._folder / "valkey.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--dir", self._folder,
                 "--maxmemory-policy", "noeviction"], stdout=log, stderr=log,
            )  # fmt: skip
        end = time.monotonic() + 20
        while not self.answers():
            assert time.monotonic() < end, (self._folder / "valkey.log").read_text()
            time.sleep(0.02)

    def answers(self) -> bool:
        return self.ask("PING") == b"+PONG\r\n"

    def ask(self, *words: str) -> bytes:
        """One command; the first bytes of the answer, nothing when there is none."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 2) as asking:
            asking.sendall(b" ".join(word.encode() for word in words) + b"\r\n")
            return asking.recv(4096)
        return b""

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


class Postgres:
    """The server of this run of the tests: only where nobody else uses it."""

    def __init__(self) -> None:
        self._services = Services(PURPOSE, disposable=True)
        self._services._make_dir()

    def stop_at_once(self) -> None:
        """ "Immediate": as a crash, connections are cut in the middle of whatever they do."""
        pid = self._services._postgres_process()
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)
        while self._services._postgres_process() is not None:
            time.sleep(0.02)
        connections.close_all()

    def start(self) -> None:
        self._services._start_postgres()
        _outliving.extend(self._services._started)


class Proxy:
    """Passes bytes between clients and a server on loopback, until it is told to break or to swallow them."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._swallowing = threading.Event()
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._target), 2)
                except OSError:
                    client.close()
                    continue
                server.settimeout(None)
                self._pairs.append((client, server))
                is_deaf = self._swallowing.is_set()
                threading.Thread(target=self._pass, args=(client, server, is_deaf), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, is_deaf), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, is_new: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if is_new or not self._swallowing.is_set():
                    target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def reset(self) -> int:
        """Every connection ends with RST, now; answers how many there were."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    end.close()
        return len(pairs)

    def swallow(self) -> None:
        """The connections that are open stay open, and nothing comes through any more; new ones work."""
        self._swallowing.set()

    def close(self) -> None:
        self._listener.close()
        self.reset()


@contextlib.contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
