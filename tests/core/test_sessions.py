"""Sessions end after a while without a visit, and some time after signing in whatever happens."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db
START = datetime(2030, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def sign_in(client: Client, *, remember: bool) -> None:
    values = {"login": make.user().email, "password": make.PASSWORD, **({"remember": "on"} if remember else {})}
    assert client.post(reverse("account_login"), values).status_code == 302


def writes(queries: Any) -> int:
    return sum(query["sql"].startswith(("UPDATE", "INSERT")) for query in queries)


def is_in(client: Client) -> bool:
    return client.get(reverse("profile")).status_code == 200


def visits(client: Client, clock: Any, *hours: float) -> list[bool]:
    """Whether the person is still signed in, so many hours after the visit before."""
    answers = []
    for wait in hours:
        clock.shift(timedelta(hours=wait))
        answers.append(is_in(client))
    return answers


def test_remembered_session_ends_without_visits(client: Client, clock: Any) -> None:
    sign_in(client, remember=True)

    assert visits(client, clock, 13.9 * 24, 13.9 * 24, 14 * 24) == [True, True, False]


def test_remembered_session_ends_at_last_whatever_happens(client: Client, clock: Any) -> None:
    sign_in(client, remember=True)
    key = client.session.session_key

    assert visits(client, clock, *[5 * 24] * 5, 4.9 * 24, 3) == [True] * 6 + [False]
    assert not Session.objects.filter(pk=key).exists()


def test_other_session_ends_the_same_day_and_with_the_browser(client: Client, clock: Any) -> None:
    sign_in(client, remember=False)

    assert client.cookies["sessionid"]["max-age"] == ""
    assert visits(client, clock, 6, 5.9, 0.2) == [True, True, False]


def test_visits_are_noted_every_few_minutes_only(client: Client, clock: Any) -> None:
    sign_in(client, remember=True)
    is_in(client)
    with CaptureQueriesContext(connection) as soon:
        is_in(client)
    clock.shift(timedelta(minutes=6))
    with CaptureQueriesContext(connection) as later:
        is_in(client)

    assert [writes(queries) for queries in (soon, later)] == [0, 1]
    assert client.session["seen"] - client.session["began"] == 360


def test_session_that_does_not_say_when_it_began_is_worth_nothing(client: Client) -> None:
    client.force_login(make.user())
    session = client.session
    del session["began"]
    session.save()

    assert not is_in(client)
