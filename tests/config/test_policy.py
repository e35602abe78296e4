"""Every answer carries the same safe headers: pages, refusals, faults, redirects, files, data, signs of life."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from core.headers import HEADERS
from teams.models import Brand
from teams.rules import Role
from tests import make

pytestmark = pytest.mark.django_db
PARTS = {
    "default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'", "base-uri 'self'",
    "form-action 'self'", "frame-ancestors 'none'",
}  # fmt: skip


def parts(policy: str) -> set[str]:
    """The policy's directives; the nonce of a page that has one is left out."""
    return set(re.sub(r" 'nonce-[^']+'", "", policy).split("; "))


class Asker:
    """A browser of an editor, a browser of a stranger, and the brand that both ask about."""

    def __init__(self, settings: Any) -> None:
        self.settings = settings
        self.brand: Brand = make.brand()
        self.place = f"/w/{self.brand.workspace.slug}/b/{self.brand.slug}"
        self.stranger = Client(raise_request_exception=False)
        self.forger = Client(enforce_csrf_checks=True)
        self.editor = Client(raise_request_exception=False)
        self.editor.force_login(make.person(Role.EDITOR, brand=self.brand))

    def guess(self) -> Any:
        """The door, until it says that this was too often."""
        for _turn in range(40):
            answer = self.stranger.post("/me/login/", {"login": ""})
            if answer.status_code == 429:
                break
        return answer

    def closed(self) -> Any:
        self.settings.MAINTENANCE = True
        return self.stranger.get("/")

    def faulty(self) -> Any:
        self.settings.ROOT_URLCONF = "tests.config.failing_urls"
        return self.stranger.get("/fails/")

    def too_large(self) -> Any:
        self.settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
        return self.stranger.post("/me/login/", {"login": "x" * 100})


STYLE = "/static/css/sextant.css"
KNOWN = {"if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"}
PAGES: dict[str, tuple[int, Callable[[Asker], Any]]] = {
    "a page": (200, lambda it: it.stranger.get("/me/login/")),
    "a page of a brand": (200, lambda it: it.editor.get(f"{it.place}/")),
    "an answer without body": (200, lambda it: it.editor.head(f"{it.place}/")),
    "data": (200, lambda it: it.editor.get(f"{it.place}/calendar/feed.json?start=2026-11-01&end=2026-11-02")),
    "a spreadsheet": (200, lambda it: it.editor.get(f"{it.place}/results/export.csv")),
    "a redirect": (302, lambda it: it.editor.get("/")),
    "the way to sign in": (302, lambda it: it.stranger.get(f"{it.place}/")),
    "a missing slash": (301, lambda it: it.editor.get("/me/login")),
    "a foreign host": (400, lambda it: it.stranger.get("/me/login/", headers={"host": "evil.example"})),
    "too large a form": (400, lambda it: it.too_large()),
    "a forged form": (403, lambda it: it.forger.post("/me/login/", {"login": "a"})),
    "too low a role": (403, lambda it: it.editor.get(f"{it.place}/settings/")),
    "nothing": (404, lambda it: it.editor.get("/nowhere/")),
    "nothing, for a stranger": (404, lambda it: it.stranger.get("/nowhere/")),
    "another workspace": (404, lambda it: it.editor.get("/w/nobody/")),
    "a wrong method": (405, lambda it: it.editor.delete(f"{it.place}/")),
    "a refused form": (422, lambda it: it.editor.post(f"{it.place}/personas/new/", {"name": ""})),
    "too many tries": (429, lambda it: it.guess()),
    "a fault": (500, lambda it: it.faulty()),
    "maintenance": (503, lambda it: it.closed()),
    "the site's admin": (302, lambda it: it.stranger.get("/admin/")),
    "no such file": (404, lambda it: it.stranger.get("/static/nothing.css")),
}
FILES: dict[str, tuple[int, Callable[[Asker], Any]]] = {
    "a file": (200, lambda it: it.stranger.get(STYLE)),
    "a picture": (200, lambda it: it.stranger.get("/static/img/icons.svg")),
    "a file that is known": (304, lambda it: it.stranger.get(STYLE, headers=KNOWN)),
    "a sign of life": (200, lambda it: it.stranger.get("/healthz")),
    "readiness": (200, lambda it: it.stranger.get("/readyz")),
}  # fmt: skip


@pytest.mark.parametrize("name", [*PAGES, *FILES])
def test_every_answer_has_the_headers(name: str, settings: Any) -> None:
    """Also behind the proxy that ends TLS, where production says that it is to stay so."""
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    asker = Asker(settings)
    for client in (asker.stranger, asker.editor, asker.forger):
        client.defaults["HTTP_X_FORWARDED_PROTO"] = "https"
    status, ask = (PAGES | FILES)[name]

    answer = ask(asker)
    answer.close()

    assert answer.status_code == status
    found = {header: answer.headers.get(header, "") for header in HEADERS}
    policy = found.pop("Content-Security-Policy")
    assert found == {header: value for header, value in HEADERS.items() if header in found}
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "unsafe" not in policy
    assert parts(policy) >= PARTS if name in PAGES else policy == HEADERS["Content-Security-Policy"]


def test_headers_stand_before_all_else_and_agree_with_django() -> None:
    assert django_settings.MIDDLEWARE[0] == "core.headers.HeadersMiddleware"
    assert django_settings.X_FRAME_OPTIONS == HEADERS["X-Frame-Options"]  # noqa: SIM300
    assert django_settings.SECURE_REFERRER_POLICY == HEADERS["Referrer-Policy"]  # noqa: SIM300
