"""Whatever is thrown at an address, it answers: never with a fault of ours. The garbage is the same in every run."""

import contextlib
import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from core import outbound
from tests import make
from tests.doors.walk import DOORS, Door
from tests.furnished import House, filled, sheet, whole
from tests.make import NOW

pytestmark = pytest.mark.django_db
TURNS = int(os.environ.get("TURNS", "1"))  # requests for each field
IN_QUERY = 2 * TURNS  # so many of them are asked for by the address too

GARBAGE = (
    "", " ", "\t\n", "\0", "a\0b", "x" * 100_000, "9" * 5_000, "-5", "12,5", "1e400", "-1e400", "NaN", "Infinity",
    "0x10", "1_000", "٣", "²", "½", "99999999999999999999", "-99999999999999999999", "2147483648", "32768", "0", "1",
    "31/02/2026", "2026-02-31", "0001-01-01", "9999-12-31", "00:00", "23:59", "25:61", "02:30", "2027-03-28",
    "🦔🦔🦔", "שלום עולם", "\u202eevil", "\ufdfa" * 300, "İ" * 110, "K", "Straẞe", "\u200b", "é" * 300, "\ud7ff\uffff",
    "Mars/Olympus", "../../etc/passwd", "Europe", "javascript:alert(1)", "https://", "http://[::1", "https:///path",
    "http://exa mple.com/", "//evil.example", "https://instagram.com/%00abc", "https://" + "İ" * 100 + ".com/@a",
    "https://mastodon.social/@a/" + "1" * 300, "' OR 1=1 --", "{{ 7*7 }}", "{% now %}", "%s %(x)s", "<script>", "on",
    "true", "None", "null", "[]", "{}", "add", "save", "check", "a@İstanbul.example", "a@" + "b" * 250 + ".com",
    "instagram", "account:1", "network:instagram", "between", "at_most", "delivery", "guest", "admin", "fr",
)  # fmt: skip

# What is posted without a form of its own on a page that can be read for it.
EXTRA: dict[str, list[str]] = {
    "delivery_move": ["day", "clock", "schedule_version"],
    "delivery_unschedule": ["schedule_version"],
    "delivery_schedule": ["publish_at_date", "publish_at_time", "meaning", "schedule_version"],
    "delivery_publish": ["permalink", "published_at_date", "published_at_time", "meaning"],
    "notification_read": ["go"],
    "set_language": ["language", "next"],
    "invitation_create": ["email", "role", "brands"],
    "goal_check": ["act", "targets-TOTAL_FORMS", "targets-INITIAL_FORMS", "starts_on", "due_on", "network", "plan"],
    "text_check": ["text", "link", "format", "publish_at_date", "publish_at_time"],
    "figures_import": ["file"],
}


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(outbound, "_within", lambda deadline, look_up: [])  # no name leads anywhere
    with time_machine.travel(NOW, tick=False):
        yield House()


def address(door: Door, house: House) -> str:
    """The address of something that is there."""
    places = {"workspace": house.brand.workspace.slug, "brand": house.brand.slug, "token": "x"}
    values = {**places, "pk": house.row(door.name).pk, "review": house.review.pk, "step": "goals"}
    path = "/" + door.route
    for name, kind in door.converters.items():
        path = path.replace(f"<{kind}:{name}>", str(values[name]))
    return path


def usual(client: Client, door: Door, path: str) -> dict[str, Any]:
    """What a browser would send to the address, and what only scripts and other pages send there."""
    values: dict[str, Any] = dict.fromkeys(EXTRA.get(door.name, []), "")
    page = client.get(path)
    if page.status_code == 200 and "html" in page.headers["Content-Type"]:
        for action in (path, ""):
            with contextlib.suppress(AssertionError):
                form = sheet(page, action=action)
                values |= dict.fromkeys(form.controls, "") | filled(form)
    return values


def thrown(values: dict[str, Any], seed: str) -> Iterator[dict[str, Any]]:
    """Something in every field, then in one or two of a form that is filled in well, then several in each."""
    dice = random.Random(seed)
    yield {name: dice.choice(GARBAGE) for name in values}
    yield {name: [dice.choice(GARBAGE), dice.choice(GARBAGE)] for name in values}
    for name in values:
        for _turn in range(TURNS):
            yield {**values, name: dice.choice(GARBAGE)}


def junk(dice: random.Random) -> SimpleUploadedFile:
    name = dice.choice(["a\0.csv", "../x", "🦔.csv"])
    return SimpleUploadedFile(name, bytes(dice.randrange(256) for _ in range(200)))


@pytest.mark.parametrize("door", DOORS, ids=[door.name for door in DOORS])
def test_garbage_is_answered(door: Door, house: House) -> None:
    path = address(door, house)
    house.client.raise_request_exception = True
    values = usual(house.client, door, path)
    faults = []

    for number, data in enumerate(thrown(values, door.name)):
        if "file" in data:
            data["file"] = junk(random.Random(door.name))
        kept = transaction.savepoint()
        asked = {name: value for name, value in data.items() if len(str(value)) < 500 and name != "file"}
        try:
            answer = house.client.post(path, {"some": "thing", **data})
            assert answer.status_code < 500
            whole(answer)
            transaction.savepoint_rollback(kept)
            if number < IN_QUERY:
                house.client.get(path, asked)
        except Exception as error:
            faults.append(
                (
                    repr(error)[:300],
                    {name: str(value)[:60] for name, value in data.items() if values.get(name) != value},
                )
            )
        transaction.savepoint_rollback(kept)
        house.client.force_login(house.admin)
        make.confirmed(house.client)
    assert not faults


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("results", "page"), ("workspace_goals", "page"), ("goal_list", "page"), ("post_list", "before"),
        ("post_list", "after"), ("post_create", "account"), ("goal_create", "after"), ("goal_create", "from"),
    ],
)  # fmt: skip
def test_number_without_end_is_asked_for_in_vain(name: str, asked: str, house: House) -> None:
    """Python reads no number of so many digits, and PostgreSQL none of twenty."""
    for number in ("9" * 5_000, "9" * 20, "٣"):
        assert house.client.get(house.url(name), {asked: number}).status_code == 200
