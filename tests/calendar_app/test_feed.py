"""The calendar's feed: what the database writes, in which window, and how."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calendar_app import queries
from calendar_app.models import Delivery, Post
from calendar_app.queries import Filters
from tests import make
from tests.calendar_app.conftest import Place
from tests.make import NOW

NOVEMBER = {"start": "2026-11-01", "end": "2026-12-01"}
IN_VIEW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def feed(place: Place, **values: Any) -> list[dict[str, Any]]:
    answer = place.get("calendar_feed", {**NOVEMBER, **values})
    assert answer.status_code == 200, answer.content
    entries: list[dict[str, Any]] = json.loads(answer.content)
    return entries


def test_feed_says_all_of_an_entry(place: Place) -> None:
    kind = make.content_kind(brand=place.brand)
    delivery = make.delivery(post=make.post(brand=place.brand, title="Roast", content_kind=kind), publish_at=IN_VIEW)

    answer = place.get("calendar_feed", NOVEMBER)

    assert answer["Content-Type"] == "application/json"
    assert json.loads(answer.content) == [
        {
            "id": delivery.pk, "post": delivery.post_id, "title": "Roast", "account": delivery.account_id,
            "kind": kind.pk, "start": "2026-11-25T10:00", "version": 1, "state": "scheduled",
        }
    ]  # fmt: skip


def test_feed_is_in_the_order_of_time(place: Place) -> None:
    post = make.post(brand=place.brand)
    late = make.delivery(post=post, publish_at=IN_VIEW + timedelta(hours=1))
    early = make.delivery(post=post, publish_at=IN_VIEW)

    assert [entry["id"] for entry in feed(place)] == [early.pk, late.pk]


def test_feed_leaves_out_drafts_the_bin_and_other_brands(place: Place) -> None:
    make.delivery(post=make.post(brand=place.brand))
    make.delivery(post=make.post(brand=place.brand, deleted_at=NOW), publish_at=IN_VIEW)
    make.delivery(post=make.post(brand=make.brand(workspace=place.brand.workspace)), publish_at=IN_VIEW)

    assert feed(place) == []


@pytest.mark.parametrize(
    ("at", "is_in"),
    [
        ("2026-10-31T22:59", False),  # 23:59 on 31 October in Paris
        ("2026-10-31T23:00", True),  # midnight of 1 November
        ("2026-11-30T22:59", True),
        ("2026-11-30T23:00", False),
    ],
)
def test_feed_begins_and_ends_at_local_midnight(place: Place, at: str, is_in: bool) -> None:
    make.delivery(post=make.post(brand=place.brand), publish_at=datetime.fromisoformat(f"{at}+00:00"))

    assert len(feed(place)) == is_in


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Midway", "Australia/Lord_Howe"])
def test_feed_goes_by_the_day_on_the_wall_far_from_utc(place: Place, zone: str) -> None:
    place.brand.time_zone = zone
    place.brand.save()
    post = make.post(brand=place.brand)
    for hours in range(-30, 31, 6):
        make.delivery(post=post, publish_at=datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=hours))

    shown = {entry["id"] for entry in feed(place, end="2026-11-02")}

    assert shown == set(Delivery.objects.filter(local_date="2026-11-01").values_list("pk", flat=True))
    assert len(shown) == 4


def test_feed_calls_what_nobody_published_missed(place: Place) -> None:
    post = make.post(brand=place.brand)
    make.delivery(post=post, publish_at=NOW - timedelta(minutes=61))
    make.delivery(post=post, publish_at=NOW - timedelta(minutes=59))
    make.delivery(post=post, published_at=NOW)

    assert [entry["state"] for entry in feed(place)] == ["missed", "scheduled", "published"]
    assert [len(feed(place, state=state)) for state in ("missed", "scheduled", "published", "draft")] == [1, 1, 1, 0]


def test_feed_filters_by_account_content_type_and_person(place: Place) -> None:
    kind, person = make.content_kind(brand=place.brand), make.person(brand=place.brand)
    one = make.delivery(post=make.post(brand=place.brand, content_kind=kind, author=person), publish_at=IN_VIEW)
    assigned = make.post(brand=place.brand, author=person, assignee=place.editor)
    two = make.delivery(post=assigned, publish_at=IN_VIEW + timedelta(hours=1))

    def ids(**values: Any) -> list[int]:
        return [entry["id"] for entry in feed(place, **values)]

    assert ids() == [one.pk, two.pk]
    assert ids(account=one.account_id) == [one.pk]
    assert ids(kind=kind.pk) == [one.pk]
    assert ids(person=person.pk) == [one.pk]
    assert ids(person=place.editor.pk) == [two.pk]
    assert ids(account=two.account_id, kind=kind.pk) == []


@pytest.mark.parametrize(
    "title",
    [
        '"quoted" \\ back',
        "</script><script>alert(1)</script>",
        "line\nbreak\ttab",
        "'; DROP TABLE x; --",
        "日本 🏴‍☠️ é",
        "%(brand)s %s",
    ],
)
def test_feed_keeps_hostile_titles_as_they_are(place: Place, title: str) -> None:
    make.delivery(post=make.post(brand=place.brand, title=title), publish_at=IN_VIEW)

    answer = place.get("calendar_feed", NOVEMBER)

    assert json.loads(answer.content)[0]["title"] == title
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "window",
    [
        {},
        {"start": "2026-11-01"},
        {"start": "x", "end": "2026-11-02"},
        {"start": "2026-11-02", "end": "2026-11-02"},
        {"start": "2026-11-02", "end": "2026-11-01"},
        {"start": "2026-11-01", "end": "2027-01-03"},
        {"start": "0001-01-01", "end": "9999-12-31"},
        {"start": "0001-01-01", "end": "0001-01-02"},
        {"start": "9999-12-30", "end": "9999-12-31"},
        {"start": "2026-11-01", "end": "2026-11-02", "account": "x"},
        {"start": "2026-11-01", "end": "2026-11-02", "state": "loud"},
    ],
)
def test_feed_refuses_a_window_that_is_none_or_too_wide(place: Place, window: dict[str, str]) -> None:
    answer = place.get("calendar_feed", window)

    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_feed_takes_62_days(place: Place) -> None:
    assert feed(place, start="2026-11-01", end="2027-01-02") == []


def test_feed_refuses_the_account_of_another_brand(place: Place) -> None:
    foreign = make.account(brand=make.brand(workspace=place.brand.workspace))

    assert place.get("calendar_feed", {**NOVEMBER, "account": foreign.pk}).status_code == 400


def test_feed_asks_once_however_many_there_are(place: Place) -> None:
    post = make.post(brand=place.brand)
    make.delivery(post=post, publish_at=IN_VIEW)
    feed(place)
    with CaptureQueriesContext(connection) as one:
        feed(place)
    make.delivery(post=post, publish_at=IN_VIEW)
    make.delivery(post=make.post(brand=place.brand), publish_at=IN_VIEW)

    with CaptureQueriesContext(connection) as three:
        feed(place)

    assert len(three) == len(one)


def test_feed_and_plain_month_show_the_same(place: Place) -> None:
    post = make.post(brand=place.brand)
    for days in range(0, 70, 7):
        make.delivery(post=post, publish_at=datetime(2026, 10, 20, 22, 30, tzinfo=UTC) + timedelta(days=days))

    days = queries.agenda(brand=place.brand, start=date(2026, 11, 1), end=date(2026, 12, 1), filters=Filters(), now=NOW)

    assert [row.pk for day in days for row in day.deliveries] == [entry["id"] for entry in feed(place)]


def test_feed_reads_the_window_by_the_index(place: Place) -> None:
    account = make.account(brand=place.brand)
    posts = Post.objects.bulk_create(
        Post(brand=place.brand, title=f"P{number}", author=place.editor) for number in range(3000)
    )
    zone = {"state": "scheduled", "time_zone": "Europe/Paris", "schedule_version": 1}
    Delivery.objects.bulk_create(
        Delivery(
            brand=place.brand, post=post, account=account, publish_at=IN_VIEW + timedelta(days=number - 1500),
            local_date=(IN_VIEW + timedelta(days=number - 1500)).date(), local_time="10:00", **zone,
        )
        for number, post in enumerate(posts)
    )  # fmt: skip
    sql, values = queries.feed_statement(
        brand=place.brand, start=date(2026, 11, 1), end=date(2026, 12, 1), filters=Filters(), now=NOW
    )

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE calendar_app_delivery, calendar_app_post")
        cursor.execute(f"EXPLAIN {sql}", values)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "delivery_calendar" in plan
    assert "Seq Scan" not in plan
