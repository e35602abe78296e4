"""A real service on loopback that webhooks are sent to: it notes what came before it answers."""

import base64
import contextlib
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

from tests.core.servers import Behavior, LoopbackServer, answer, serving


class Request:
    """One call that arrived."""

    def __init__(self, received: str) -> None:
        head, _end, body = received.partition("\r\n\r\n")
        self.line, *lines = head.split("\r\n")
        self.headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
        self.body = body.encode("latin-1")

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def number(self) -> str:
        return self.headers["webhook-id"]

    def is_signed_with(self, secret: str) -> bool:
        """Whether one of its signatures is right, reckoned as a receiver would."""
        content = b".".join([self.number.encode(), self.headers["webhook-timestamp"].encode(), self.body])
        mac = hmac.new(base64.b64decode(secret.split("_", 1)[1]), content, hashlib.sha256)
        wanted = "v1," + base64.b64encode(mac.digest()).decode()
        return wanted in self.headers["webhook-signature"].split()


class Sink:
    """Answers with `behavior`, which may be changed."""

    def __init__(self, server: LoopbackServer) -> None:
        self.server = server
        self.behavior: Behavior = answer(b"taken")

    @property
    def url(self) -> str:
        return f"{self.server.url}/in?key=k"

    @property
    def requests(self) -> list[Request]:
        return [Request(head) for head in self.server.heads]


@contextlib.contextmanager
def sinking() -> Iterator[Sink]:
    sinks: list[Sink] = []
    with serving(lambda connection, head: sinks[0].behavior(connection, head)) as server:
        sinks.append(Sink(server))
        yield sinks[0]
