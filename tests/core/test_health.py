from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from activity.models import Heartbeat
from tests import make


def test_healthz_needs_no_database(client: Client) -> None:
    response = client.get("/healthz", headers={"host": "whatever.example"})

    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_healthz_is_not_redirected_to_https(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/healthz").status_code == 200
    assert client.get("/").status_code == 301


@pytest.mark.django_db
def test_readyz_tells_how_late_the_work_is(client: Client) -> None:
    Heartbeat.objects.create(name="messages", at=timezone.now() - timedelta(seconds=5))
    make.message(state="dead")

    state = client.get("/readyz").json()

    assert state["database"] == "ok"
    assert state["due"] == {"activity.message": 0.0, "analytics.pull": 0.0, "plans.planpdf": 0.0}
    assert state["dead"] == {"activity.message": 1, "analytics.pull": 0, "plans.planpdf": 0}
    assert 5 <= state["drains"]["messages"] < 60


def test_readyz_says_that_the_database_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("away")

    monkeypatch.setattr(connection, "cursor", away)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"database": "no answer"}


@pytest.fixture
def maintenance(settings: Any, tmp_path: Path) -> Path:
    settings.LOCAL_DIR = tmp_path
    (tmp_path / "maintenance").touch()
    return tmp_path / "maintenance"


@pytest.mark.parametrize(("language", "words"), [("en", "being looked after"), ("fr", '<html lang="fr"')])
def test_maintenance_closes_every_page(client: Client, maintenance: Path, language: str, words: str) -> None:
    response = client.get("/me/login/", headers={"accept-language": language})

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "120"
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert words in response.content.decode()


@pytest.mark.django_db
def test_maintenance_leaves_health_and_styles_open(client: Client, maintenance: Path) -> None:
    assert client.get("/healthz").status_code == 200
    with closing(client.get("/static/vendor/bootstrap.min.css")) as answer:
        assert answer.status_code == 200


def test_maintenance_by_the_environment(client: Client, settings: Any) -> None:
    settings.MAINTENANCE = True

    assert client.get("/").status_code == 503


@pytest.mark.django_db
def test_pages_open_again_when_the_file_is_gone(client: Client, maintenance: Path) -> None:
    maintenance.unlink()

    assert client.get("/").status_code != 503
