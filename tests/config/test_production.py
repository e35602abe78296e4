"""Away from a developer's machine nothing starts with a missing or default secret."""

import os
import runpy
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.check import PRODUCTION
from config.services import ROOT


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEXTANT_DEBUG", raising=False)
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)


def settings() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "config" / "settings.py"))


@pytest.mark.usefixtures("production")
def test_production_is_strict() -> None:
    found = settings()

    assert (found["DEBUG"], found["LOCAL"], found["INBOX_DIR"]) == (False, False, None)
    assert found["SECURE_SSL_REDIRECT"]
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "REDIS_URL"])
def test_production_names_what_is_missing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)

    with pytest.raises(ImproperlyConfigured, match=rf"^Set {name} .*\.env\.example"):
        settings()


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "change-me-change-me-change-me-change-me"),
        ("SECRET_KEY", "local-only-not-a-secret"),
        ("FIELD_KEYS", "bG9jYWwtb25seS1ub3QtYS1zZWNyZXQtMDEyMzQ1Njc="),
    ],
)
def test_production_refuses_a_default_secret(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=f"^Set {name} to a secret"):
        settings()


WRONG = [
    (
        "FIELD_KEYS",
        f"{PRODUCTION['FIELD_KEYS']} bG9jYWwtb25seS1ub3QtYS1zZWNyZXQtMDEyMzQ1Njc=",
    ),  # the local one, as an old one
    ("FIELD_KEYS", "this-is-long-enough-and-yet-it-is-no-key-at-all"),
    ("FIELD_KEYS", "x" * 44),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "sextant.example *"),
    ("SITE_URL", "http://sextant.example"),
    ("SITE_URL", "sextant.example"),
]


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(("name", "value"), WRONG, ids=[f"{name}={value[:20]}" for name, value in WRONG])
def test_production_refuses_what_would_not_be_safe(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=f"^Set {name} to "):
        settings()


def test_every_setting_of_production_is_tried_missing() -> None:
    """Whatever the check of the production settings has to give is one that a start without it refuses."""
    missing = next(mark for mark in test_production_names_what_is_missing.pytestmark if mark.name == "parametrize")

    assert {*missing.args[1], "SEXTANT_LOCAL"} == set(PRODUCTION)


@pytest.mark.usefixtures("production")
def test_debug_is_never_on_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("", "0", "true", "yes"):
        monkeypatch.setenv("SEXTANT_DEBUG", value)
        assert not settings()["DEBUG"]


@pytest.mark.usefixtures("production")
def test_production_passes_djangos_deployment_check() -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]

    run = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stderr
