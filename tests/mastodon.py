"""A Mastodon server in a process of its own (PyPI `mastodon_mock`), over real HTTP on loopback.

    from tests.mastodon import mastodon, mastodon_process  # in a conftest.py

The `mastodon` fixture is the server at its seed, with no faults, and allowed by OUTBOUND_ALLOWED_HOSTS.
"""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from networks.connectors import Credentials

START_SECONDS = 60
CONFIG = """
[auth]
permissive = false
enforce_scopes = true

[[seed.accounts]]
username = "brulerie"
display_name = "La Brûlerie"
access_token = "brulerie_token"

[[seed.accounts]]
username = "cliente"
access_token = "cliente_token"

[[seed.follows]]
follower = "cliente"
following = "brulerie"
"""


@dataclass(frozen=True)
class MastodonServer:
    """`brulerie` is the account of a brand; `cliente` follows it, and can like, boost and reply."""

    url: str
    token: str = "brulerie_token"

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def credentials(self, **values: str) -> Credentials:
        return Credentials(**{"server": self.url, "token": self.token, **values})

    def call(self, method: str, path: str, body: Any = None, *, token: str = "") -> Any:
        """Call the server as a test, not as Sextant."""
        request = urllib.request.Request(self.url + path, method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)

    def post(self, text: str, *, token: str = "") -> str:
        """Publish as the brand (or as whoever has the token); the id."""
        return str(self.call("POST", "/api/v1/statuses", {"status": text}, token=token or self.token)["id"])

    def react(self, post: str, *, likes: bool = False, boosts: bool = False, reply: str = "") -> None:
        """The customer likes, boosts, answers."""
        if likes:
            self.call("POST", f"/api/v1/statuses/{post}/favourite", token="cliente_token")
        if boosts:
            self.call("POST", f"/api/v1/statuses/{post}/reblog", token="cliente_token")
        if reply:
            body = {"status": reply, "in_reply_to_id": post}
            self.call("POST", "/api/v1/statuses", body, token="cliente_token")

    def fault(
        self, *, path: str = "*", count: int | None = None, methods: list[str] | None = None, **effect: Any
    ) -> None:
        """Misbehave: type="status"|"ratelimit"|"latency"|"malformed"|"timeout", status=, headers=, body=, delay_ms=."""
        rule = {"match": {"path": path, "methods": methods}, "effect": effect, "count": count}
        self.call("POST", "/api/v1/_mock/faults", rule)

    def reset(self) -> None:
        self.call("DELETE", "/api/v1/_mock/faults")
        self.call("POST", "/api/v1/_mock/reset")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_for(server: MastodonServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            server.call("GET", "/api/v2/instance")
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"mastodon_mock did not start:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def mastodon_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MastodonServer]:
    folder = tmp_path_factory.mktemp("mastodon")
    config, log = folder / "mastodon_mock.toml", folder / "log"
    config.write_text(CONFIG, encoding="utf-8")
    port = _free_port()
    command = [sys.executable, "-m", "mastodon_mock", "serve", "--in-memory", "--config", str(config)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)], cwd=folder, stdout=output, stderr=output
        )
    try:
        server = MastodonServer(url=f"http://127.0.0.1:{port}")
        _wait_for(server, process, log)
        yield server
    finally:
        process.kill()  # terminate would wait for the requests that it holds on purpose
        process.wait()


@pytest.fixture
def mastodon(mastodon_process: MastodonServer, settings: Any) -> MastodonServer:
    settings.OUTBOUND_ALLOWED_HOSTS = [mastodon_process.host]
    mastodon_process.reset()
    return mastodon_process
