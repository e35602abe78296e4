"""What the reminders say, in the reader's language, as real mails."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from activity.deliver import drain
from activity.models import Message, Notification
from calendar_app import services
from tests import make
from tests.calendar_app.conftest import Place
from tests.make import NOW


def send_all() -> None:
    """Send whatever is waiting, however late it is due: the database's own clock decides what is."""
    Message.objects.update(next_attempt_at=datetime(2026, 1, 1, tzinfo=UTC))
    drain(now=NOW)


@pytest.fixture
def delivery(place: Place) -> Any:
    account = make.account(brand=place.brand, mission="Show how we roast.", handle="brulerie")
    post = make.post(
        brand=place.brand, title="Roast & <b>toast</b>", text='Fresh.\n\n"Today" & only today.', author=place.editor
    )
    return make.delivery(post=post, account=account)


def test_reminders_hold_the_text_to_copy_and_lead_to_the_post(place: Place, delivery: Any, smtp: Any) -> None:
    services.schedule_delivery(delivery=delivery, day=date(2026, 11, 30), clock=time(10), by=place.editor, now=NOW)
    send_all()

    mails = {str(mail["Subject"]).strip(): mail for mail in smtp.messages}
    assert set(mails) == {
        "Soon, at 10 a.m.: “Roast & <b>toast</b>” on Instagram · brulerie",
        "Publish now: “Roast & <b>toast</b>” on Instagram · brulerie",
        "Missed: “Roast & <b>toast</b>” on Instagram · brulerie",
    }
    for mail in mails.values():
        text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
        html = mail.get_body(("html",)).get_content()
        assert '\nFresh.\n\n"Today" & only today.\n' in text
        assert "Show how we roast." in text
        assert place.url("post_detail", pk=delivery.post_id) + f"#delivery-{delivery.pk}" in text
        assert "<b>toast" not in html
        assert "&lt;b&gt;toast" in html
        assert "Nov. 30, 2026" in text
    assert Notification.objects.filter(user=place.editor).count() == 3


def test_reminders_are_written_in_the_readers_language(place: Place, delivery: Any, smtp: Any) -> None:
    place.editor.language = "fr"
    place.editor.save()
    services.schedule_delivery(delivery=delivery, day=date(2026, 11, 30), clock=time(10), by=place.editor, now=NOW)
    send_all()

    assert len(smtp.messages) == 3
    assert all("30 novembre 2026" in mail.get_body(("plain",)).get_content() for mail in smtp.messages)


def test_what_was_published_reminds_nobody(place: Place, delivery: Any, smtp: Any) -> None:
    services.schedule_delivery(delivery=delivery, day=date(2026, 11, 30), clock=time(10), by=place.editor, now=NOW)
    services.mark_published(
        delivery=delivery, permalink="https://x.example/1", published_at=NOW, by=place.editor, now=NOW
    )
    send_all()

    assert (len(smtp.messages), Notification.objects.count()) == (0, 0)
