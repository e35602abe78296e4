"""Posting messages: in the caller's transaction, once for each version and channel."""

import socket
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.db import IntegrityError, transaction

from activity import letters
from activity.messages import cancel_messages, post_letter, post_mail, post_messages
from activity.models import TO_PEOPLE, Channel, Kind, Message, Notification
from core import doorbell
from teams.models import User
from tests import make

pytestmark = pytest.mark.django_db
LATER = datetime(2030, 1, 1, tzinfo=UTC)


def post(*, to: User | None = None, **values: Any) -> list[Message]:
    brand = values.get("brand") or make.brand()
    fields = {
        "to": [to or make.user()], "kind": Kind.REMINDER, "about": brand, "version": 1,
        "template": "activity/messages/plain", "context": {"subject": "S", "text": "T"}, "url": "/w/x/",
        "due_at": LATER, "brand": brand, **values,
    }  # fmt: skip
    return post_messages(**fields)


def test_message_goes_by_each_channel_once() -> None:
    brand, to = make.brand(), make.user()

    first = post(brand=brand, to=to)
    again = post(brand=brand, to=to, context={"subject": "other"})

    assert [row.channel for row in first] == list(TO_PEOPLE)
    assert [row.pk for row in again] == [row.pk for row in first]
    assert Message.objects.count() == 2
    assert (first[0].workspace, first[0].context["subject"]) == (brand.workspace, "S")


@pytest.mark.parametrize("change", [{"version": 2}, {"kind": Kind.MISSED}, {"template": "other/folder"}])
def test_another_version_kind_or_template_is_another_message(change: dict[str, Any]) -> None:
    brand, to = make.brand(), make.user()
    post(brand=brand, to=to)

    post(brand=brand, to=to, **change)

    assert Message.objects.count() == 4


def test_message_is_gone_with_its_transaction() -> None:
    with transaction.atomic():
        post()
        transaction.set_rollback(True)

    assert Message.objects.count() == 0


def test_cancel_takes_those_about_a_thing_and_of_a_kind() -> None:
    brand, other = make.brand(), make.brand()
    for kind in (Kind.REMINDER, Kind.MISSED):
        post(brand=brand, kind=kind)
    post(brand=other)

    assert cancel_messages(about=brand, kinds=[Kind.MISSED]) == 2
    assert cancel_messages(about=brand) == 2
    assert Message.objects.filter(state="waiting").count() == 2


def test_mail_to_an_address_keeps_its_link_encrypted() -> None:
    place = make.workspace()

    mail = post_mail(
        address="new@example.com", language="fr", kind=Kind.TEAM, about=place, template="activity/messages/plain",
        context={"subject": "S", "text": "T"}, url="/invitations/secret", due_at=LATER, workspace=place,
    )  # fmt: skip

    mail.refresh_from_db()
    (stored,) = Message.objects.values()
    assert "secret" not in str(stored)
    assert "/invitations/secret" in mail.sealed
    assert (mail.language, mail.recipient, mail.url) == ("fr", None, "")


def test_letter_is_written_as_it_stands(smtp: Any) -> None:
    letter = post_letter(address="a@example.com", language="en", subject="Hello", text="A < B", due_at=LATER)

    mail = letters.mail(letter, now=LATER)

    assert (mail.subject, mail.to) == ("Hello", ["a@example.com"])
    assert mail.body.startswith("A < B")


def test_context_arrives_as_what_it_was() -> None:
    context = {"at": make.NOW, "on": date(2026, 11, 23), "clock": clock(9, 30), "list": [make.NOW, {"x": 1}], "n": None}

    assert letters.unpack(letters.pack(context)) == context


def test_message_has_one_recipient() -> None:
    with pytest.raises(IntegrityError, match="message_has_one_recipient"), transaction.atomic():
        make.message(to=make.user(), address="a@example.com")
    with pytest.raises(IntegrityError, match="message_has_one_recipient"), transaction.atomic():
        make.message(address="a@example.com", channel=Channel.IN_APP)


# -- the doorbell -----------------------------------------------------------------------------------------------------


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    bells: list[str] = []
    monkeypatch.setattr(doorbell, "ring", bells.append)
    return bells


@pytest.fixture
def broker() -> Iterator[Any]:
    """Points Celery at another broker."""
    real = current_app.conf.broker_url
    doorbell._silent_until = 0.0

    def use(url: str) -> None:
        current_app.conf.broker_url = current_app.conf.broker_write_url = url

    yield use
    current_app.conf.broker_url = current_app.conf.broker_write_url = real
    doorbell._silent_until = 0.0


def test_bell_is_rung_for_what_is_due_at_once_and_only_after_the_commit(
    rung: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        post(due_at=datetime.now(UTC) + timedelta(seconds=2))
        before = list(rung)
    with django_capture_on_commit_callbacks(execute=True):
        post(due_at=datetime.now(UTC) + timedelta(seconds=30))

    assert (before, rung) == ([], ["activity.deliver_messages"])


def test_bell_is_heard_by_a_broker(broker: Any) -> None:
    assert doorbell.ring("activity.deliver_messages")


def test_dead_broker_costs_next_to_nothing(broker: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    broker(f"redis+socket://{tmp_path}/nobody.sock")

    started = time.monotonic()
    heard = [doorbell.ring("activity.deliver_messages") for _ in range(50)]

    assert not any(heard)
    assert time.monotonic() - started < 1
    assert len(caplog.records) == 1


def test_broker_that_does_not_answer_is_left_alone_soon(broker: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        broker(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")

        started = time.monotonic()
        heard = [doorbell.ring("activity.deliver_messages") for _ in range(5)]

    assert not any(heard)
    assert time.monotonic() - started < 2.5


@pytest.mark.worker
def test_worker_delivers_at_once(worker: Any, smtp: Any) -> None:
    doorbell._silent_until = 0.0
    brand = make.brand()
    person = make.person(brand=brand)
    started = time.monotonic()

    post(brand=brand, to=person, due_at=datetime.now(UTC))

    smtp.wait_for(1, seconds=10)
    assert time.monotonic() - started < 5
    assert Notification.objects.filter(user=person).exists()
