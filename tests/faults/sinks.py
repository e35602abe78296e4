"""A mail server that misbehaves. It records a mail before it answers, unless it says that it did not take it."""

import contextlib
import enum
import socket
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage


class Mood(enum.Enum):
    TAKES = "takes every mail"
    REFUSES = "550 to every recipient"
    BUSY = "421 to every mail, and hangs up"
    HANGS = "takes the mail and never answers"
    CUTS = "takes the mail and hangs up before it answers"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 50
    sink: "MailSink"


class MailSink:
    """An SMTP server on loopback. `mails` holds all that it took, also those it did not answer for."""

    def __init__(self) -> None:
        self.mood = Mood.TAKES
        self.pause = 0.0  # seconds between the record and the answer
        self.connections = 0
        self._raw: list[tuple[float, bytes]] = []
        self._server: _Server | None = None
        self.host, self.port = "127.0.0.1", 0

    def open(self) -> None:
        self._server = _Server((self.host, self.port), _Talk)
        self._server.sink = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Nobody listens on its port any more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def record(self, content: bytes) -> None:
        self._raw.append((time.time(), content))

    def __len__(self) -> int:
        return len(self._raw)

    @property
    def mails(self) -> list[EmailMessage]:
        return [_parsed(content) for _at, content in self._raw]

    @property
    def arrivals(self) -> list[tuple[float, EmailMessage]]:
        return [(at, _parsed(content)) for at, content in self._raw]

    @property
    def times(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(_id(content) for _at, content in self._raw)

    @property
    def doubled(self) -> int:
        """Mails that came although they had come already."""
        return sum(times - 1 for times in self.times.values())


def _id(content: bytes) -> str:
    start = content.index(b"\nMessage-ID: ") + 13
    return content[start : content.index(b"\r\n", start)].decode()


def _parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content.replace(b"\r\n", b"\n"), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


class _Talk(socketserver.StreamRequestHandler):
    server: _Server

    def setup(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        super().setup()

    def handle(self) -> None:
        self.server.sink.connections += 1
        with contextlib.suppress(OSError):
            self._say("220 sink")
            while (line := self.rfile.readline()) and self._obey(line.strip().upper()):
                pass

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")

    def _obey(self, command: bytes) -> bool:
        """False: hang up."""
        mood = self.server.sink.mood
        if command.startswith(b"QUIT"):
            self._say("221 bye")
            return False
        if command.startswith(b"RCPT") and mood is Mood.REFUSES:
            self._say("550 nobody of that name")
        elif command == b"DATA":
            return self._take(mood)
        elif command.startswith(b"EHLO"):
            self._say("250-sink\r\n250-PIPELINING\r\n250 8BITMIME")
        else:
            self._say("250 ok")
        return True

    def _take(self, mood: Mood) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if not line:
            return False
        if mood is Mood.BUSY:
            self._say("421 too busy")
            return False
        self.server.sink.record(b"".join(lines))
        time.sleep(self.server.sink.pause)
        if mood is Mood.HANGS:
            self.rfile.readline()  # until the sender gives up
        if mood is Mood.TAKES:
            self._say("250 taken")
        return mood is Mood.TAKES


@contextlib.contextmanager
def mail_sink() -> Iterator[MailSink]:
    sink = MailSink()
    sink.open()
    try:
        yield sink
    finally:
        sink.close()
