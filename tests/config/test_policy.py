"""Every answer carries the strict policy: pages, refusals, errors, files."""

import re
from typing import Any

import pytest
from django.test import Client

PARTS = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


def parts(policy: str) -> set[str]:
    """The policy's directives; the nonce of a page that has one is left out."""
    return set(re.sub(r" 'nonce-[^']+'", "", policy).split("; "))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/me/login/", "/me/signup/", "/nowhere/", "/w/nobody/", "/admin/", "/static/nothing.css"]
)
def test_every_answer_has_the_policy(client: Client, path: str) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]

    assert parts(policy) >= PARTS
    assert "unsafe" not in policy


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/me/login/", "/nowhere/"])
def test_every_answer_has_djangos_safe_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers

    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_failed_page_has_the_policy(client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = "tests.config.failing_urls"
    client.raise_request_exception = False

    response = client.get("/fails/")

    assert response.status_code == 500
    assert parts(response.headers["Content-Security-Policy"]) >= PARTS
