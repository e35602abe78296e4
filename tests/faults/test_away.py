"""Nothing ran for seven days, then everything is started."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest

from activity.models import Channel, Heartbeat, Message, Notification
from calendar_app import services
from core.duework import DueState
from teams.models import User
from teams.rules import Role
from tests import make
from tests.faults.processes import Crew, until
from tests.faults.sinks import MailSink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
PEOPLE, DAYS = 12, 7


def a_week_of_posts() -> list[User]:
    """Planned eight days ago: one post a day for each of these people."""
    brand = make.brand(time_zone="Europe/Paris")
    account = make.account(brand=brand)
    people = [make.person(Role.EDITOR, brand=brand) for _ in range(PEOPLE)]
    now = datetime.now(UTC) - timedelta(days=DAYS + 1)
    for person in people:
        for day in range(DAYS):
            post = make.post(brand=brand, assignee=person, title=f"Day {day}")
            services.schedule_delivery(
                delivery=make.delivery(account=account, post=post), day=(now + timedelta(days=day + 1)).date(),
                clock=time(9, 0), by=person, now=now,
            )  # fmt: skip
    return people


def test_seven_days_off_end_in_one_mail_a_person(crew: Crew, sink: MailSink) -> None:
    people = a_week_of_posts()
    due = Message.objects.filter(due_at__lt=datetime.now(UTC))
    count = due.filter(channel=Channel.EMAIL).count()
    assert count >= PEOPLE * (3 * DAYS - 2)

    crew.loop()
    until(Heartbeat.objects.exists)

    mails = sink.mails
    assert set(due.values_list("state", flat=True)) == {DueState.DONE}
    assert Notification.objects.count() == due.filter(channel=Channel.IN_APP).count() == count
    assert not Notification.objects.exclude(body__contains="was due").exists()
    assert Counter(mail["To"] for mail in mails) == {person.email: 1 for person in people}
    for mail in mails:
        said = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert f"{mail['Subject'].split()[0]} messages waited for you" == mail["Subject"]
        assert said.count("Publish now") == DAYS
        assert "9 a.m." in said
