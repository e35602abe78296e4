"""The logs keep nothing that lets somebody in."""

import json
import logging
import queue
import re
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.log import DEFAULT_LOGGING
from django_guid import clear_guid, get_guid, set_guid
from django_guid.log_filters import CorrelationId

from activity import deliver
from core import doorbell
from core.logs import JsonLineFormatter, LineFormatter, hide_secrets


@pytest.fixture
def console() -> Iterator[StringIO]:
    """What the console handler of the settings would have written."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(LineFormatter())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/invitations/k3y-of-some_body", "/invitations/…"),
        ("/invitations/k3y-of-some_body/accept/", "/invitations/…/accept/"),
        ("/me/confirm-email/k3y-of-some_body/", "/me/confirm-email/…/"),
        ("/me/password/reset/key/1-k3y-of-some_body/", "/me/password/reset/key/…/"),
        (f"/plan/{'k3y-' * 10}abc/", "/plan/…/"),
        (f"/plan/{'k3y-' * 10}abc/pdf/", "/plan/…/pdf/"),
    ],
)
def test_refused_request_leaves_no_key_in_the_logs(console: StringIO, path: str, shown: str) -> None:
    Client(enforce_csrf_checks=True).post(path)

    assert shown in console.getvalue()
    assert "k3y" not in console.getvalue()


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Authorization: Bearer eyJ.abc-def", "Authorization: Bearer …"),
        ("GET https://a.example/api?access_token=abc&page=2", "GET https://a.example/api?access_token=…&page=2"),
        ('{"refresh_token": "abc", "id": 3}', '{"refresh_token": "…", "id": 3}'),
        ("signed with whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "signed with whsec_…"),
        ("password='hunter2'", "password='…'"),
        ("3 tokens were refreshed", "3 tokens were refreshed"),
        ("Not Found: /w/a/b/c/plan/inherited/objectives/", "Not Found: /w/a/b/c/plan/inherited/objectives/"),
    ],
)
def test_secrets_are_not_written(said: str, written: str) -> None:
    assert hide_secrets(said) == written


def failing(token: str) -> logging.LogRecord:
    try:
        raise ValueError(f"refused for access_token={token}")
    except ValueError:
        return logging.LogRecord("sextant", logging.ERROR, __file__, 1, "it failed", (), sys.exc_info())


@pytest.mark.parametrize("formatter", [LineFormatter(), JsonLineFormatter("%(message)s")], ids=["line", "json"])
def test_tracebacks_keep_no_secret(formatter: logging.Formatter) -> None:
    said = formatter.format(failing("t0ps3cret"))

    assert "refused for access_token=…" in said
    assert "t0ps3cret" not in said


def test_every_formatter_of_the_settings_hides_secrets() -> None:
    makers = {formatter["()"] for formatter in settings.LOGGING["formatters"].values()}

    assert makers == {"core.logs.LineFormatter", "core.logs.JsonLineFormatter"}
    assert settings.LOGGING["loggers"]["django"]["handlers"] == []  # Django's own would write the same unhidden
    assert DEFAULT_LOGGING["loggers"]["django"]["handlers"]


# -- one id for all that a request does -----------------------------------------------------------------------------


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The JSON lines that were written since the test began."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    form = settings.LOGGING["formatters"]["json"]
    handler.setFormatter(JsonLineFormatter(form["format"], rename_fields=form["rename_fields"]))
    handler.addFilter(CorrelationId())
    logging.getLogger().addHandler(handler)
    level, requests = logging.getLogger("sextant.request").level, logging.getLogger("sextant.request")
    requests.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    requests.setLevel(level)
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_a_request_is_one_line_with_its_route_and_id(lines: Any) -> None:
    given = "6f9619ff8b86d011b42d00cf4fc964ff"

    answer = Client().get("/invitations/k3y-of-some_body", headers={"x-request-id": given})

    (line,) = [one for one in lines() if one["name"] == "sextant.request"]
    assert answer["X-Request-ID"] == line["request_id"] == given
    assert (line["method"], line["route"], line["status"]) == ("GET", "invitations/<str:token>", answer.status_code)


@pytest.mark.django_db
def test_an_id_that_is_none_is_not_taken_over(lines: Any) -> None:
    answer = Client().get("/", headers={"x-request-id": "forged\tline"})

    assert re.fullmatch("[0-9a-f]{32}", answer["X-Request-ID"])


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_the_id_goes_with_the_doorbell_to_the_worker(worker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: queue.Queue[str] = queue.Queue()
    before = deliver.drain

    def listen(*, now: datetime) -> int:
        heard.put(get_guid() or "")
        return before(now=now)

    monkeypatch.setattr("activity.messages.drain", listen)
    set_guid("6f9619ff8b86d011b42d00cf4fc964ff")
    try:
        assert doorbell.ring("activity.deliver_messages")
        assert heard.get(timeout=10) == "6f9619ff8b86d011b42d00cf4fc964ff"
    finally:
        clear_guid()
