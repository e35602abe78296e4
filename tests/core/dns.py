"""A name server of our own on loopback, and a resolver that asks it, as a stub resolver asks the real ones."""

import contextlib
import ipaddress
import secrets
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

A, AAAA = 1, 28


@dataclass
class NameServer:
    """Answers each question with what `zone(name, how often it was asked)` says; nothing is ever kept (TTL 0)."""

    port: int
    asked: list[str] = field(default_factory=list)

    def resolve(self, host: str, port: int) -> list[str]:
        """A resolver for the outbound client: one question over UDP, and the addresses of the answer."""
        mark = secrets.token_bytes(2)
        name = b"".join(bytes([len(part)]) + part.encode() for part in host.split(".")) + b"\0"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.settimeout(5)
            line.sendto(mark + b"\1\0\0\1\0\0\0\0\0\0" + name + b"\0\1\0\1", ("127.0.0.1", self.port))
            answer = line.recv(4096)
        assert answer[:2] == mark
        return list(_addresses(answer, 12 + len(name) + 4))


def _addresses(answer: bytes, at: int) -> Iterator[str]:
    for _one in range(struct.unpack("!H", answer[6:8])[0]):
        kind, _class, _seconds, length = struct.unpack("!HHIH", answer[at + 2 : at + 12])
        assert kind in (A, AAAA)
        yield str(ipaddress.ip_address(answer[at + 12 : at + 12 + length]))
        at += 12 + length


def _name(question: bytes) -> str:
    parts, at = [], 12
    while length := question[at]:
        parts.append(question[at + 1 : at + 1 + length].decode())
        at += 1 + length
    return ".".join(parts)


def _record(address: str) -> bytes:
    packed = ipaddress.ip_address(address).packed
    return b"\xc0\x0c" + struct.pack("!HHIH", A if len(packed) == 4 else AAAA, 1, 0, len(packed)) + packed


@contextlib.contextmanager
def name_server(zone: Callable[[str, int], list[str]]) -> Iterator[NameServer]:
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("127.0.0.1", 0))
    server = NameServer(line.getsockname()[1])

    def receive() -> None:
        while True:
            question, whom = line.recvfrom(4096)
            if len(question) <= 12:
                return
            name = _name(question)
            server.asked.append(name)
            found = zone(name, server.asked.count(name))
            head = question[:2] + b"\x81\x80\0\1" + struct.pack("!H", len(found)) + b"\0\0\0\0"
            line.sendto(head + question[12:] + b"".join(map(_record, found)), whom)

    thread = threading.Thread(target=receive, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        line.sendto(b"stop", line.getsockname())
        thread.join(timeout=5)
        line.close()
