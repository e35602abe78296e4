"""Quiet hours and the summary of the day: the clock alone, then messages posted, held back and put together."""

import threading
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from activity import daily, messages
from activity.messages import post_messages
from activity.models import TO_PEOPLE, Channel, Hours, Kind, Message, Notification, Preference, Way
from activity.rules.rhythm import Rhythm, due_at, held_until
from activity.services import set_preferences
from teams.models import User
from teams.services import edit_profile
from tests import make

PARIS, LORD_HOWE, CASABLANCA = "Europe/Paris", "Australia/Lord_Howe", "Africa/Casablanca"
NIGHT = {"quiet_from": time(22), "quiet_until": time(7)}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# -- the clock --------------------------------------------------------------------------------------------------------

QUIET = [
    # zone, from, until, planned (UTC), due (UTC)
    (PARIS, "22:00", "07:00", "2026-11-23 20:59", None),  # 21:59
    (PARIS, "22:00", "07:00", "2026-11-23 21:00", "2026-11-24 06:00"),  # 22:00, to the minute
    (PARIS, "22:00", "07:00", "2026-11-24 05:59", "2026-11-24 06:00"),
    (PARIS, "22:00", "07:00", "2026-11-24 06:00", None),  # 07:00 is not quiet any more
    (PARIS, "12:00", "14:00", "2026-11-23 12:30", "2026-11-23 13:00"),  # within a day
    (PARIS, "12:00", "14:00", "2026-11-23 22:30", None),
    ("Asia/Tokyo", "22:00", "07:00", "2026-11-23 21:00", "2026-11-23 22:00"),  # 06:00 there
    # The night of 29 March 2026 in Paris lacks 02:00 to 03:00: it ends an hour sooner by the sun.
    (PARIS, "22:00", "07:00", "2026-03-28 23:00", "2026-03-29 05:00"),
    (PARIS, "22:00", "02:30", "2026-03-29 00:30", "2026-03-29 01:30"),  # 02:30 is skipped: 03:30
    (PARIS, "22:00", "02:30", "2026-03-29 01:30", None),
    (PARIS, "02:15", "06:00", "2026-03-29 01:00", None),  # 03:00; 02:15 is skipped: quiet from 03:15
    (PARIS, "02:15", "06:00", "2026-03-29 01:15", "2026-03-29 04:00"),
    # The night of 25 October 2026 has 02:00 to 03:00 twice: it lasts an hour longer; the first 02:30 is meant.
    (PARIS, "22:00", "07:00", "2026-10-24 21:00", "2026-10-25 06:00"),
    (PARIS, "22:00", "02:30", "2026-10-24 23:00", "2026-10-25 00:30"),
    (PARIS, "22:00", "02:30", "2026-10-25 00:45", None),
    (PARIS, "02:30", "06:00", "2026-10-25 01:15", "2026-10-25 05:00"),  # the second 02:15, after the first 02:30
    # Half an hour on Lord Howe: 4 October 2026, 02:00 becomes 02:30; 5 April 2026, 02:00 becomes 01:30.
    (LORD_HOWE, "22:00", "02:15", "2026-10-03 15:00", "2026-10-03 15:45"),  # 02:15 is skipped: 02:45 of +11:00
    (LORD_HOWE, "22:00", "01:45", "2026-04-04 13:00", "2026-04-04 14:45"),  # the first 01:45, of +11:00
    # Casablanca leaves +01:00 for Ramadan: 15 February 2026, 03:00 becomes 02:00.
    (CASABLANCA, "22:00", "06:00", "2026-02-14 23:00", "2026-02-15 06:00"),
    # A day without midnight: Beirut, 29 March 2026.
    ("Asia/Beirut", "23:00", "00:30", "2026-03-28 21:30", "2026-03-28 22:30"),
]


@pytest.mark.parametrize(("zone", "start", "end", "planned", "due"), QUIET)
def test_quiet_hours_hold_what_is_planned_in_them(
    zone: str, start: str, end: str, planned: str, due: str | None
) -> None:
    rhythm = Rhythm(zone=zone, quiet_from=time.fromisoformat(start), quiet_until=time.fromisoformat(end))

    found = due_at(utc(planned), rhythm, is_daily=False, is_exempt=False)

    assert found == utc(due or planned)
    assert due_at(utc(planned), rhythm, is_daily=False, is_exempt=True) == utc(planned)


DAILY = [
    (PARIS, "08:00", "2026-11-23 07:00", "2026-11-23 07:00"),  # 08:00 itself
    (PARIS, "08:00", "2026-11-23 07:01", "2026-11-24 07:00"),
    (PARIS, "08:00", "2026-03-28 12:00", "2026-03-29 06:00"),  # in summer time by then
    (PARIS, "02:30", "2026-03-28 12:00", "2026-03-29 01:30"),  # skipped: 03:30
    (PARIS, "02:30", "2026-10-24 12:00", "2026-10-25 00:30"),  # twice: the first
    (PARIS, "02:30", "2026-10-25 00:45", "2026-10-26 01:30"),  # after the first, before the second
    (LORD_HOWE, "02:15", "2026-10-03 12:00", "2026-10-03 15:45"),
    ("Pacific/Apia", "08:00", "2026-11-23 20:00", "2026-11-24 19:00"),
]


@pytest.mark.parametrize(("zone", "clock", "planned", "due"), DAILY)
def test_day_is_summed_up_at_its_hour(zone: str, clock: str, planned: str, due: str) -> None:
    rhythm = Rhythm(zone=zone, daily_at=time.fromisoformat(clock))

    assert due_at(utc(planned), rhythm, is_daily=True, is_exempt=False) == utc(due)


def test_summary_waits_for_the_end_of_quiet_hours() -> None:
    rhythm = Rhythm(zone=PARIS, daily_at=time(6), **NIGHT)

    assert due_at(utc("2026-11-23 12:00"), rhythm, is_daily=True, is_exempt=False) == utc("2026-11-24 06:00")


def test_what_is_tried_again_waits_for_the_end_of_quiet_hours_too() -> None:
    rhythm = Rhythm(zone=PARIS, **NIGHT)
    planned, now = utc("2026-11-23 20:30"), utc("2026-11-23 21:30")

    def held(moment: datetime, *, due: datetime = planned, is_daily: bool = False, is_exempt: bool = False) -> Any:
        return held_until(planned, rhythm, due=due, now=moment, is_daily=is_daily, is_exempt=is_exempt)

    assert held(planned) is None
    assert held(now) == utc("2026-11-24 06:00")
    assert held(now, is_exempt=True) is None
    assert held(now, is_daily=True, is_exempt=True) == utc("2026-11-24 07:00")
    assert held(now, due=utc("2026-11-24 06:00")) is None  # held back once: our clock is wrong


@given(
    st.integers(1_735_689_600, 1_830_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.times(), st.times(), st.times(), st.sampled_from([PARIS, LORD_HOWE, CASABLANCA, "Asia/Beirut", "UTC"]),
    st.booleans(),
)  # fmt: skip
def test_nothing_is_due_early_in_quiet_hours_or_two_days_late(
    planned: datetime, start: time, end: time, clock: time, zone: str, is_daily: bool
) -> None:
    rhythm = Rhythm(zone=zone, quiet_from=start, quiet_until=end, daily_at=clock)
    due = due_at(planned, rhythm, is_daily=is_daily, is_exempt=False)

    assert planned <= due <= planned + timedelta(days=2, hours=3)
    assert rhythm.quiet_end(due) is None or start == end or is_daily
    assert held_until(planned, rhythm, due=due, now=due, is_daily=is_daily, is_exempt=False) in (
        None, rhythm.quiet_end(due)
    )  # fmt: skip


# -- posting ----------------------------------------------------------------------------------------------------------

LATE_EVENING = utc("2030-11-20 21:30")  # 22:30 in Paris


@pytest.fixture
def person(db: None) -> User:
    return make.user(time_zone=PARIS)


def post(person: User, **values: Any) -> list[Message]:
    fields = {
        "to": [person], "kind": Kind.GOAL, "about": person, "version": 1, "url": "/w/x/",
        "template": "activity/messages/plain",
        "context": {"subject": "S", "text": "T"}, "due_at": LATE_EVENING, "brand": None, **values,
    }  # fmt: skip
    return post_messages(**fields)


def prefer(person: User, kind: Kind, **ways: Way) -> None:
    Preference.objects.create(user=person, kind=kind, **ways)


def test_posting_honors_quiet_hours_and_the_summary(person: User) -> None:
    Hours.objects.create(user=person, daily_at=time(9), **NIGHT)
    prefer(person, Kind.GOAL, email=Way.DAILY)
    prefer(person, Kind.TEAM, in_app=Way.DAILY)

    goal = {row.channel: row for row in post(person)}
    reminder, _mail = post(person, kind=Kind.REMINDER)

    listed, mailed = goal[Channel.IN_APP], goal[Channel.EMAIL]
    assert (listed.due_at, listed.planned_at, listed.is_daily) == (utc("2030-11-21 06:00"), LATE_EVENING, False)
    assert (mailed.next_attempt_at, mailed.is_daily) == (utc("2030-11-21 08:00"), True)
    assert (reminder.due_at, reminder.planned_at) == (LATE_EVENING, None)


def test_reminder_that_may_not_disturb_waits_unless_it_would_come_too_late(person: User) -> None:
    Hours.objects.create(user=person, lets_reminders=False, **NIGHT)

    due = post(person, kind=Kind.REMINDER)
    soon = post(person, kind=Kind.REMINDER, version=2, good_until=LATE_EVENING + timedelta(minutes=15))

    assert {row.due_at for row in due} == {utc("2030-11-21 06:00")}
    assert soon == []


def test_posting_costs_the_same_queries_whatever_the_person_wishes(
    person: User, django_assert_num_queries: Any
) -> None:
    def cost(version: int) -> None:
        with django_assert_num_queries(3):  # wishes, write, read
            post(person, version=version)

    cost(1)
    Hours.objects.create(user=person, **NIGHT)
    for kind in (Kind.GOAL, Kind.TEAM, Kind.PULL):
        prefer(person, kind, email=Way.DAILY)
    cost(2)


def test_each_of_several_people_is_told_at_their_hours(person: User, django_assert_num_queries: Any) -> None:
    early, plain = make.user(time_zone="UTC"), make.user()
    Hours.objects.create(user=person, **NIGHT)
    Hours.objects.create(user=early, quiet_from=time(20), quiet_until=time(23))
    prefer(plain, Kind.GOAL, email=Way.DAILY)

    with django_assert_num_queries(3):
        rows = post(person, to=[person, early, plain])

    assert [(row.recipient, row.channel, row.due_at, row.is_daily) for row in rows] == [
        (person, Channel.IN_APP, utc("2030-11-21 06:00"), False),
        (person, Channel.EMAIL, utc("2030-11-21 06:00"), False),
        (early, Channel.IN_APP, utc("2030-11-20 23:00"), False),
        (early, Channel.EMAIL, utc("2030-11-20 23:00"), False),
        (plain, Channel.IN_APP, LATE_EVENING, False),
        (plain, Channel.EMAIL, utc("2030-11-21 08:00"), True),
    ]
    assert post(person, to=[early, person]) == [rows[0], rows[1], rows[2], rows[3]]


def test_changed_wishes_hold_for_what_waits(person: User) -> None:
    post(person)
    other = post(make.user(time_zone=PARIS), version=2)
    wishes = {kind: dict.fromkeys(TO_PEOPLE, Way.NOW) for kind in Kind}

    set_preferences(user=person, wishes=wishes, **NIGHT)
    quiet = set(Message.objects.filter(recipient=person).values_list("due_at", "is_daily"))
    set_preferences(user=person, wishes={**wishes, Kind.GOAL: dict.fromkeys(TO_PEOPLE, Way.DAILY)}, daily_at=time(12))
    day = set(Message.objects.filter(recipient=person).values_list("next_attempt_at", "is_daily"))
    set_preferences(user=person, wishes=wishes)

    assert quiet == {(utc("2030-11-21 06:00"), False)}
    assert day == {(utc("2030-11-21 11:00"), True)}
    assert set(Message.objects.values_list("due_at", "next_attempt_at", "planned_at", "is_daily")) == {
        (LATE_EVENING, LATE_EVENING, None, False)
    }
    assert len(other) == 2


def test_changed_zone_holds_for_what_waits(person: User) -> None:
    Hours.objects.create(user=person, **NIGHT)
    post(person)

    edit_profile(user=person, name="", language="en", time_zone="America/New_York")

    assert {row.due_at for row in Message.objects.all()} == {LATE_EVENING}


# -- sending ----------------------------------------------------------------------------------------------------------


def now() -> datetime:
    return datetime.now(UTC)


def around(moment: datetime, zone: str, hours: int) -> tuple[time, time]:
    """Quiet hours around a moment: from an hour before it to some hours later, by the zone's clock."""
    local = moment.astimezone(ZoneInfo(zone)).replace(minute=0, second=0, microsecond=0)
    return (local - timedelta(hours=1)).time(), (local + timedelta(hours=hours)).time()


def test_wish_that_changed_in_the_meantime_is_seen_under_the_claim(person: User, smtp: Any) -> None:
    rows = [make.message(to=person, channel=channel, kind=Kind.GOAL) for channel in TO_PEOPLE]
    start, end = around(now(), PARIS, 3)
    Hours.objects.create(user=person, quiet_from=start, quiet_until=end)
    late = make.message(to=person, kind=Kind.TEAM, channel=Channel.IN_APP)
    prefer(person, Kind.TEAM, in_app=Way.DAILY)

    messages.drain(now=now())

    assert (smtp.messages, Notification.objects.count()) == ([], 0)
    for row in rows:
        was = row.due_at
        row.refresh_from_db()
        assert (row.state, row.attempts, row.planned_at, row.is_daily) == ("waiting", 0, was, False)
        assert row.due_at.astimezone(ZoneInfo(PARIS)).time() == end
    late.refresh_from_db()
    assert (late.state, late.is_daily) == ("waiting", True)


def test_reminder_comes_in_quiet_hours_unless_the_person_says_no(person: User) -> None:
    start, end = around(now(), PARIS, 3)
    kept = Hours.objects.create(user=person, quiet_from=start, quiet_until=end)
    make.message(to=person, kind=Kind.REMINDER, channel=Channel.IN_APP)
    messages.drain(now=now())
    assert Notification.objects.count() == 1

    kept.lets_reminders = False
    kept.save()
    make.message(to=person, kind=Kind.REMINDER, channel=Channel.IN_APP)
    messages.drain(now=now())

    assert Notification.objects.count() == 1


def day_of(person: User, count: int, **values: Any) -> list[Message]:
    """Messages that waited for the summary, which is due now."""
    for kind in (Kind.GOAL, Kind.TEAM):
        if not Preference.objects.filter(user=person, kind=kind).exists():
            prefer(person, kind, in_app=Way.DAILY, email=Way.DAILY)
    local = (now() - timedelta(minutes=1)).astimezone(ZoneInfo(person.time_zone))
    Hours.objects.update_or_create(user=person, defaults={"daily_at": local.time().replace(second=0, microsecond=0)})
    planned = now() - timedelta(hours=3)
    return [
        make.message(
            to=person, kind=Kind.GOAL, channel=channel, is_daily=True, planned_at=planned,
            context={"subject": f"Goal {number}", "text": "T"}, url=f"/w/{number}/", **values,
        )
        for number in range(count)
        for channel in TO_PEOPLE
    ]  # fmt: skip


def test_day_is_one_mail_and_one_notice(person: User, smtp: Any) -> None:
    day_of(person, 60)
    day_of(other := make.user(), 1)
    at_once = make.message(to=person, kind=Kind.PULL)

    messages.drain(now=now())
    messages.drain(now=now())

    subjects = [str(mail["Subject"]) for mail in smtp.to(person.email)]
    assert sorted(subjects) == [at_once.context["subject"], "Your day in Sextant: 60 messages"]
    summary = next(mail for mail in smtp.to(person.email) if "day" in str(mail["Subject"]))
    text, html = (part.get_content() for part in summary.iter_parts())
    assert all(f"Goal {number}\n" in text and f"/w/{number}/" in html for number in range(60))
    assert "late" not in text
    assert [str(mail["Subject"]) for mail in smtp.to(other.email)] == ["Your day in Sextant: 1 message"]
    notice = Notification.objects.get(user=person)
    assert notice.title == "Your day in Sextant: 60 messages"
    assert all(f"Goal {number}\n" in notice.body for number in range(60))
    assert set(Message.objects.values_list("state", flat=True)) == {"done"}


def test_day_in_two_workspaces_is_a_notice_in_each(person: User, smtp: Any) -> None:
    for _ in range(2):
        brand = make.brand()
        make.member(brand=brand, user=person)
        day_of(person, 2, brand=brand, workspace=brand.workspace)
    left = make.workspace()
    day_of(person, 1, workspace=left)

    messages.drain(now=now())

    notices = Notification.objects.filter(user=person)
    assert notices.count() == 2
    assert all(notice.brand and notice.brand.workspace == notice.workspace for notice in notices)
    assert {row.state for row in Message.objects.filter(workspace=left)} == {"canceled"}


def test_broken_one_leaves_the_day_but_holds_up_nobody(person: User, smtp: Any) -> None:
    rows = day_of(person, 3)
    Message.objects.filter(pk__in=[row.pk for row in rows[:2]]).update(template="activity/messages/absent")

    messages.drain(now=now())

    assert list(Message.objects.filter(state="dead").order_by("pk")) == rows[:2]
    assert Notification.objects.get().title == "Your day in Sextant: 2 messages"
    assert len(smtp.messages) == 2


def test_day_whose_mail_server_is_away_is_tried_again_whole(person: User, settings: Any, smtp: Any) -> None:
    day_of(person, 3)
    smtp.answer = "421 later"
    messages.drain(now=now())
    smtp.answer = "250 taken"
    Message.objects.filter(state="waiting").update(next_attempt_at=now() - timedelta(seconds=1))
    messages.drain(now=now())

    assert [str(mail["Subject"]) for mail in smtp.messages] == ["Your day in Sextant: 3 messages"]
    assert smtp.messages[0]["Message-ID"] == smtp.refused[0]["Message-ID"]


def test_what_waited_for_the_end_of_the_night_is_one_mail_when_it_is_much(person: User, smtp: Any) -> None:
    for number in range(4):
        make.message(
            to=person, planned_at=now() - timedelta(hours=6), context={"subject": f"Night {number}", "text": ""}
        )

    messages.drain(now=now())

    (mail,) = smtp.messages
    assert mail["Subject"] == "4 messages waited for you"


@pytest.mark.django_db(transaction=True)
def test_parallel_drains_do_not_tear_a_day_apart(smtp: Any) -> None:
    people = [make.user() for _ in range(4)]
    for person in people:
        day_of(person, 8)

    def one() -> None:
        messages.drain(now=now())
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    messages.drain(now=now())

    assert sorted(str(mail["To"]) for mail in smtp.messages) == sorted(person.email for person in people)
    assert Notification.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_day_is_claimed_by_one_process_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "MOST_IN_ONE", 1)  # so that the row locks of one leave something to another
    day_of(person := make.user(), 2)
    found: list[int] = []
    held, done = threading.Event(), threading.Event()

    def other() -> None:
        with transaction.atomic():
            daily.claim(person.pk, Channel.EMAIL)
            held.set()
            done.wait(10)
            transaction.set_rollback(True)
        connections.close_all()

    thread = threading.Thread(target=other)
    thread.start()
    held.wait(10)
    found.append(len(daily.claim(person.pk, Channel.EMAIL)))
    done.set()
    thread.join()
    found.append(len(daily.claim(person.pk, Channel.EMAIL)))

    assert found == [0, 1]


# -- what the database refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong", [{"quiet_from": time(22)}, {"quiet_until": time(7)}, {"quiet_from": time(7), "quiet_until": time(7)}]
)
def test_quiet_hours_have_two_ends(person: User, wrong: dict[str, time]) -> None:
    with pytest.raises(IntegrityError, match="hours_quiet_have_two_ends"), transaction.atomic():
        Hours.objects.create(user=person, **wrong)


@pytest.mark.parametrize("channel", TO_PEOPLE)
def test_reminders_are_not_kept_for_the_day(person: User, channel: Channel) -> None:
    with pytest.raises(IntegrityError, match="preference_reminders_not_daily"), transaction.atomic():
        prefer(person, Kind.REMINDER, **{channel.value: Way.DAILY})
