"""Small real servers on loopback that misbehave on purpose."""

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Behavior = Callable[[socket.socket, str], None]


@dataclass
class LoopbackServer:
    """Answers each connection with `behavior(connection, request head)`; `heads` keeps what it was asked."""

    port: int
    heads: list[str] = field(default_factory=list)
    sent: int = 0  # by `chunks_of`

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"


@contextlib.contextmanager
def serving(
    behavior: Behavior, *, wrap: Callable[[socket.socket], socket.socket] | None = None
) -> Iterator[LoopbackServer]:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    server = LoopbackServer(port=listener.getsockname()[1])
    stopping = threading.Event()
    threads: list[threading.Thread] = []

    def serve_one(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(10)
            plain = wrap(connection) if wrap else connection
            with plain:
                head = _head(plain)
                server.heads.append(head)
                if hasattr(behavior, "__dict__"):
                    behavior.server = server  # type: ignore[attr-defined]
                behavior(plain, head)

    def serve() -> None:
        while not stopping.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=serve_one, args=(connection,), daemon=True)
            thread.start()
            threads.append(thread)

    accepting = threading.Thread(target=serve, daemon=True)
    accepting.start()
    try:
        yield server
    finally:
        stopping.set()
        accepting.join()
        listener.close()
        for thread in threads:
            thread.join(timeout=5)


def _head(connection: socket.socket) -> str:
    """What was asked: the head, and the body as far as the head announces one."""
    received = b""
    while not _is_whole(received):
        more = connection.recv(65536)
        if not more:
            break
        received += more
    return received.decode("latin-1")


def _is_whole(received: bytes) -> bool:
    head, end, body = received.partition(b"\r\n\r\n")
    announced = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return bool(end) and len(body) >= (int(announced[1]) if announced else 0)


def answer(body: bytes = b"ok", *, status: str = "200 OK", headers: tuple[str, ...] = ()) -> Behavior:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return lambda connection, _head: connection.sendall("\r\n".join(lines).encode() + body)


def redirect(location: str, status: str = "302 Found") -> Behavior:
    return answer(b"", status=status, headers=(f"Location: {location}",))


def raw(content: bytes) -> Behavior:
    return lambda connection, _head: connection.sendall(content)


def drip(content: bytes, pause: float = 0.05) -> Behavior:
    """One byte at a time: each read succeeds, the whole never ends in time."""

    def behave(connection: socket.socket, _head: str) -> None:
        for byte in content:
            connection.sendall(bytes([byte]))
            time.sleep(pause)

    return behave


def endless(connection: socket.socket, _head: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def chunks_of(start: bytes, again: bytes) -> Behavior:
    """The start, and then the same again and again until nobody listens."""

    def behave(connection: socket.socket, _head: str) -> None:
        connection.sendall(start)
        block = again * (65536 // len(again) + 1)
        while True:
            connection.sendall(block)
            behave.server.sent += len(block)  # type: ignore[attr-defined]

    return behave


def silent(connection: socket.socket, _head: str) -> None:
    with contextlib.suppress(OSError):
        connection.recv(1)  # until the other side gives up
