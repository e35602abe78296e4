"""Messages that are due: each to whom it still concerns, once, in the reader's words and time."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections

from activity import deliver, letters, messages
from activity.models import TO_PEOPLE, Channel, Heartbeat, Kind, Message, Notification, Preference, Way
from teams.rules import Role
from tests import make

pytestmark = pytest.mark.django_db


def now() -> datetime:
    return datetime.now(UTC)


def drain() -> int:
    return messages.drain(now=now())


def notify(**values: Any) -> Message:
    return make.message(channel=Channel.IN_APP, **values)


# -- the list ---------------------------------------------------------------------------------------------------------


def test_notice_reaches_the_list_once() -> None:
    message = notify(context={"subject": "Post is due"}, url="/w/x/")

    drain()
    drain()

    notice = Notification.objects.get()
    assert (notice.user, notice.title, notice.url) == (message.recipient, "Post is due", "/w/x/")
    message.refresh_from_db()
    assert (message.state, message.lease_until) == ("done", None)


def test_notice_is_not_early() -> None:
    notify(due_at=now() + timedelta(minutes=1))

    assert drain() == 0
    assert Notification.objects.count() == 0


def test_broken_template_is_given_up_and_holds_up_nobody() -> None:
    broken = notify(template="activity/messages/absent")
    notify()

    drain()

    broken.refresh_from_db()
    assert (broken.state, Notification.objects.count()) == ("dead", 1)
    assert "absent/notice.txt" in broken.last_error


# -- who still gets it ------------------------------------------------------------------------------------------------


def test_former_member_gets_nothing() -> None:
    membership = make.member()
    message = notify(to=membership.user, workspace=membership.workspace)
    membership.delete()

    drain()

    message.refresh_from_db()
    assert (message.state, message.last_error) == ("canceled", "The person is not a member of the workspace any more.")
    assert Notification.objects.count() == 0


def test_guest_limited_to_another_brand_gets_nothing() -> None:
    brand = make.brand()
    other = make.brand(workspace=brand.workspace)
    limited = make.member(Role.GUEST, brand=brand, brands=(other,))
    free = make.member(Role.GUEST, brand=brand)
    for membership in (limited, free):
        notify(to=membership.user, workspace=brand.workspace, brand=brand)

    drain()

    assert list(Notification.objects.values_list("user_id", flat=True)) == [free.user_id]


def test_person_who_may_not_sign_in_gets_nothing() -> None:
    notify(to=make.user(is_active=False))

    drain()

    assert Notification.objects.count() == 0


def test_preference_decides_by_kind_and_channel(smtp: Any) -> None:
    person = make.user()
    Preference.objects.create(user=person, kind=Kind.TEAM, in_app=Way.NEVER)
    Preference.objects.create(user=person, kind=Kind.GOAL, email=Way.NEVER)
    for kind in (Kind.TEAM, Kind.GOAL):
        for channel in TO_PEOPLE:
            make.message(to=person, kind=kind, channel=channel, context={"subject": f"{kind} {channel}"})

    drain()

    assert [notice.title for notice in Notification.objects.all()] == ["goal in_app"]
    assert [mail["Subject"] for mail in smtp.messages] == ["team email"]


def test_queries_do_not_grow_with_the_notices(django_assert_num_queries: Any) -> None:
    brand = make.brand()

    def notices(count: int) -> None:
        for _ in range(count):
            notify(to=make.person(brand=brand), workspace=brand.workspace, brand=brand)

    turn = deliver.Turn(now())
    notices(1)
    with django_assert_num_queries(14):
        deliver.list_due(turn)
    notices(3)
    with django_assert_num_queries(14):
        deliver.list_due(turn)


# -- mail -------------------------------------------------------------------------------------------------------------


def test_mail_has_two_forms_and_says_why_it_came(smtp: Any) -> None:
    message = make.message(context={"subject": "Two\nlines", "text": "Fish & chips <now>"})

    drain()

    (mail,) = smtp.messages
    text, html = (part.get_content() for part in mail.iter_parts())
    assert mail["To"] == message.recipient.email
    assert mail["Subject"] == "Two lines"
    assert "Fish & chips <now>" in text
    assert "/me/notifications/preferences/" in text
    assert "Fish &amp; chips &lt;now&gt;" in html
    assert "late" not in text


def test_mail_keeps_its_id_when_it_is_sent_again(smtp: Any) -> None:
    message = make.message()
    drain()
    Message.objects.filter(pk=message.pk).update(state="waiting")
    drain()

    first, second = (mail["Message-ID"] for mail in smtp.messages)
    assert first == second == letters.message_id(message.key)


def test_late_mail_says_so_in_the_brands_time_and_the_readers_language(smtp: Any) -> None:
    brand = make.brand(time_zone="Europe/Paris")
    person = make.member(brand=brand, user=make.user(language="en", time_zone="Asia/Tokyo")).user
    due = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    make.message(to=person, brand=brand, workspace=brand.workspace, due_at=due)

    messages.drain(now=due + timedelta(minutes=42))

    text = smtp.messages[0].get_body(("plain",)).get_content()
    assert text.startswith("This message is late: it was due 11/20/2026 9 a.m., sent 11/20/2026 9:42 a.m. (CET).")


def test_mail_within_two_minutes_is_not_late(smtp: Any) -> None:
    due = now() - timedelta(seconds=119)
    make.message(due_at=due)

    messages.drain(now=due + timedelta(seconds=119))

    assert "late" not in smtp.messages[0].get_body(("plain",)).get_content()


def test_mails_share_one_connection(smtp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        make.message()
    opened = []
    real = deliver.PostOffice.open
    note = lambda self: (real(self), opened.append(self._connection.connection))  # noqa: E731
    monkeypatch.setattr(deliver.PostOffice, "open", note)

    drain()

    assert len(smtp.messages) == 3
    assert len(set(opened)) == 1


def test_refusal_for_now_is_tried_again_later(smtp: Any) -> None:
    message = make.message()
    smtp.answer = "421 later"

    drain()

    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == ("waiting", 1, "421 later")
    assert message.next_attempt_at > now()
    assert len(smtp.refused) == 1


def test_refusal_for_good_is_given_up(smtp: Any) -> None:
    message, other = make.message(), make.message()
    smtp.answer = "550 no such person"

    drain()

    message.refresh_from_db()
    other.refresh_from_db()
    assert (message.state, other.state) == ("dead", "dead")
    assert message.last_error == "550 no such person"


def test_server_away_costs_one_attempt_and_frees_the_rest(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    tried, waiting = make.message(), make.message()
    notify()

    drain()

    tried.refresh_from_db()
    waiting.refresh_from_db()
    assert (tried.state, tried.attempts) == ("waiting", 1)
    assert (waiting.state, waiting.attempts, waiting.last_error) == ("waiting", 0, "")
    assert Notification.objects.count() == 1


def test_mail_canceled_in_the_last_moment_is_not_sent(smtp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    message = make.message()
    real = deliver.PostOffice.open
    cancel = lambda self: (real(self), Message.objects.filter(pk=message.pk).cancel())  # noqa: E731
    monkeypatch.setattr(deliver.PostOffice, "open", cancel)

    drain()

    message.refresh_from_db()
    assert (message.state, smtp.messages) == ("canceled", [])


def many_late(count: int, *, hours: float = 30) -> Any:
    person = make.user(time_zone="Asia/Tokyo")
    for number in range(count):
        due = now() - timedelta(hours=hours, minutes=number)
        make.message(to=person, due_at=due, url=f"/w/{number}/", context={"subject": f"Post {number} is due"})
    return person


def test_many_very_late_mails_for_one_person_are_one(smtp: Any) -> None:
    person, other = many_late(5), make.message()

    drain()

    assert {mail["To"] for mail in smtp.messages} == {person.email, other.recipient.email}
    (mail,) = smtp.to(person.email)
    text, html = (part.get_content() for part in mail.iter_parts())
    assert mail["Subject"] == "5 messages waited for you"
    assert all(f"Post {number} is due" in part for part in (text, html) for number in range(5))
    assert "/w/3/" in text
    assert "JST" in text
    assert set(Message.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.parametrize(("count", "hours"), [(3, 30), (5, 0.5)])
def test_few_or_hardly_late_mails_go_out_singly(smtp: Any, count: int, hours: float) -> None:
    many_late(count, hours=hours)

    drain()

    assert len(smtp.messages) == count


def test_broken_template_leaves_the_digest_but_holds_up_nobody(smtp: Any) -> None:
    many_late(5)
    broken = Message.objects.first()
    Message.objects.filter(pk=broken.pk).update(template="activity/messages/absent")

    drain()

    assert len(smtp.messages) == 4
    assert list(Message.objects.exclude(state="done")) == [broken]


def test_digest_that_is_refused_for_now_is_tried_again_whole(smtp: Any) -> None:
    many_late(5)
    smtp.answer = "451 later"

    drain()
    Message.objects.update(next_attempt_at=now() - timedelta(seconds=1))
    smtp.answer = "250 taken"
    drain()

    assert (len(smtp.messages), len(smtp.refused)) == (1, 1)
    assert smtp.messages[0]["Message-ID"] == smtp.refused[0]["Message-ID"]


def test_drain_leaves_a_heartbeat() -> None:
    drain()
    first = Heartbeat.objects.get(name="messages").at
    drain()

    assert Heartbeat.objects.get(name="messages").at > first


def test_drain_gives_back_what_a_dead_process_held(smtp: Any) -> None:
    message = make.message()
    Message.objects.claim(limit=1)
    Message.objects.update(lease_until=now() - timedelta(days=7))

    drain()

    message.refresh_from_db()
    assert (message.state, message.attempts, len(smtp.messages)) == ("done", 2, 1)


# -- several processes at once ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_parallel_drains_double_nothing(smtp: Any) -> None:
    person = make.user()
    for number in range(60):
        make.message(to=person, channel=Channel.IN_APP if number % 2 else Channel.EMAIL)

    def one() -> None:
        drain()
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Notification.objects.count() == 30
    assert len({mail["Message-ID"] for mail in smtp.messages}) == len(smtp.messages) == 30
    assert connection.vendor == "postgresql"
