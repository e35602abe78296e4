"""The verbs of a delivery: what each refuses, and what becomes of the reminders."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from activity.models import Event, Kind, Message
from calendar_app import services
from calendar_app.models import MISSED_AFTER, Delivery, DeliveryState
from calendar_app.services.zones import drain
from core.localtime import Fit
from networks.formats import Format
from teams.models import Brand, User
from tests import make
from tests.calendar_app.acts import MONDAY, TEN, TEN_IN_PARIS, limit, open_messages, schedule, stored
from tests.make import NOW

pytestmark = pytest.mark.django_db


# -- scheduling -----------------------------------------------------------------------------------------------------


def test_schedule_keeps_the_wish_and_the_moment(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand))

    moment = schedule(delivery, editor)

    row = stored(delivery)
    assert moment.fit is Fit.EXACT
    assert (row.state, row.publish_at, row.schedule_version) == ("scheduled", TEN_IN_PARIS, 1)
    assert (row.local_date, row.local_time, row.time_zone) == (MONDAY, TEN, "Europe/Paris")
    event = Event.objects.get()
    assert (event.verb, event.about) == ("calendar.delivery_scheduled", f"post:{delivery.post_id}")


def test_schedule_writes_three_messages_to_the_assignee(brand: Brand, editor: User) -> None:
    assignee = make.person(brand=brand)
    delivery = make.delivery(post=make.post(brand=brand, author=editor, assignee=assignee, remind_minutes=60))

    schedule(delivery, editor)

    assert open_messages(delivery) == [
        ("delivery_soon", TEN_IN_PARIS - timedelta(hours=1)),
        ("delivery_due", TEN_IN_PARIS),
        ("delivery_missed", TEN_IN_PARIS + MISSED_AFTER),
    ]
    assert set(Message.objects.values_list("recipient", flat=True)) == {assignee.pk}
    assert sorted(Message.objects.values_list("kind", flat=True)) == [Kind.MISSED] * 2 + [Kind.REMINDER] * 4


def test_schedule_writes_to_the_author_when_nobody_is_assigned(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand, author=editor, remind_minutes=0))

    schedule(delivery, editor)

    assert [name for name, _due in open_messages(delivery)] == ["delivery_due", "delivery_missed"]
    assert set(Message.objects.values_list("recipient", flat=True)) == {editor.pk}


def test_schedule_leaves_out_a_reminder_whose_time_has_passed(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand, author=editor, remind_minutes=30))

    schedule(delivery, editor, now=TEN_IN_PARIS - timedelta(minutes=10))

    assert [name for name, _due in open_messages(delivery)] == ["delivery_due", "delivery_missed"]


@pytest.mark.parametrize(
    ("day", "clock"), [(date(2026, 11, 22), TEN), (date(2026, 11, 23), time(9, 59)), (date(2026, 11, 23), TEN)]
)
def test_schedule_refuses_a_time_that_is_not_to_come(brand: Brand, editor: User, day: date, clock: time) -> None:
    delivery = make.delivery(post=make.post(brand=brand))

    with pytest.raises(services.ScheduleError) as caught:
        schedule(delivery, editor, day=day, clock=clock)

    assert caught.value.field == "publish_at"
    assert stored(delivery).state == "draft"


def test_schedule_refuses_a_closed_account(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand), account=make.account(brand=brand, closed_at=NOW))

    with pytest.raises(services.ScheduleError, match="closed"):
        schedule(delivery, editor)


def test_schedule_refuses_a_published_delivery(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand), published_at=NOW)

    with pytest.raises(services.ScheduleError, match="published already"):
        schedule(delivery, editor)


@pytest.mark.parametrize(("length", "fits"), [(10, True), (11, False)])
def test_schedule_refuses_a_text_over_the_limit_of_the_network(
    brand: Brand, editor: User, length: int, fits: bool
) -> None:
    limit("instagram", "caption_max", 10)
    account = make.account(brand=brand, handle="brulerie")
    delivery = make.delivery(post=make.post(brand=brand, text="x"), account=account, text="y" * length)

    if fits:
        schedule(delivery, editor)
    else:
        with pytest.raises(services.ScheduleError) as caught:
            schedule(delivery, editor)
        assert str(caught.value) == "Instagram · brulerie: the text has 11 characters, 10 fit."
        assert caught.value.field == f"text_{account.pk}"

    assert stored(delivery).state == ("scheduled" if fits else "draft")


def test_schedule_counts_the_link_that_follows_the_text(brand: Brand, editor: User) -> None:
    limit("instagram", "caption_max", 20)
    post = make.post(brand=brand, text="short", link="https://brulerie.example/november")
    delivery = make.delivery(post=post)

    with pytest.raises(services.ScheduleError, match="20 fit"):
        schedule(delivery, editor)


@pytest.mark.parametrize(("kind", "fits"), [(Format.TEXT, False), (Format.LINK, False), (Format.PHOTO, True)])
def test_schedule_refuses_an_empty_text_where_the_text_is_the_post(
    brand: Brand, editor: User, kind: str, fits: bool
) -> None:
    delivery = make.delivery(post=make.post(brand=brand, text=" ", format=kind))

    if fits:
        schedule(delivery, editor)
    else:
        with pytest.raises(services.ScheduleError, match="no text"):
            schedule(delivery, editor)


@pytest.mark.parametrize(
    ("zone", "day", "clock", "is_second", "at", "shown", "fit"),
    [
        ("Europe/Paris", date(2027, 3, 28), time(2, 30), False, "2027-03-28T01:30", time(3, 30), Fit.SKIPPED),
        ("Europe/Paris", date(2027, 10, 31), time(2, 30), False, "2027-10-31T00:30", time(2, 30), Fit.REPEATED),
        ("Europe/Paris", date(2027, 10, 31), time(2, 30), True, "2027-10-31T01:30", time(2, 30), Fit.REPEATED),
        ("Australia/Lord_Howe", date(2027, 10, 3), time(2, 15), False, "2027-10-02T15:45", time(2, 45), Fit.SKIPPED),
        ("Australia/Lord_Howe", date(2027, 4, 4), time(1, 45), False, "2027-04-03T14:45", time(1, 45), Fit.REPEATED),
        ("Australia/Lord_Howe", date(2027, 4, 4), time(1, 45), True, "2027-04-03T15:15", time(1, 45), Fit.REPEATED),
    ],
)
def test_schedule_where_the_clock_is_changed(
    zone: str, day: date, clock: time, is_second: bool, at: str, shown: time, fit: Fit
) -> None:
    brand = make.brand(time_zone=zone)
    delivery = make.delivery(post=make.post(brand=brand))

    moment = schedule(delivery, make.person(brand=brand), day=day, clock=clock, is_second=is_second)

    row = stored(delivery)
    assert (row.publish_at, row.local_time, moment.fit) == (datetime.fromisoformat(f"{at}+00:00"), shown, fit)
    assert row.is_second is is_second


# -- moving ---------------------------------------------------------------------------------------------------------


def test_move_cancels_the_old_messages_and_writes_new_ones(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand, author=editor))
    schedule(delivery, editor)

    services.move_delivery(delivery=delivery, day=date(2026, 12, 1), clock=TEN, by=editor, now=NOW, schedule_version=1)

    later = TEN_IN_PARIS + timedelta(days=1)
    assert open_messages(delivery) == [
        ("delivery_soon", later - timedelta(minutes=30)),
        ("delivery_due", later),
        ("delivery_missed", later + MISSED_AFTER),
    ]
    assert Message.objects.filter(state="canceled").count() == 6
    assert stored(delivery).schedule_version == 2


def test_move_never_overwrites_what_somebody_else_moved(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand))
    schedule(delivery, editor)
    services.move_delivery(
        delivery=stored(delivery), day=date(2026, 12, 1), clock=TEN, by=editor, now=NOW, schedule_version=1
    )

    with pytest.raises(services.MovedError):
        services.move_delivery(
            delivery=delivery, day=date(2026, 12, 2), clock=TEN, by=editor, now=NOW, schedule_version=1
        )

    assert stored(delivery).local_date == date(2026, 12, 1)


def test_unschedule_makes_a_draft_that_nobody_is_reminded_of(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand, author=editor))
    schedule(delivery, editor)

    services.unschedule_delivery(delivery=delivery, by=editor, now=NOW)

    row = stored(delivery)
    assert (row.state, row.publish_at, row.local_date, row.time_zone) == ("draft", None, None, "")
    assert open_messages(delivery) == []


def test_a_verb_that_fails_rolls_its_messages_back(brand: Brand, editor: User, monkeypatch: Any) -> None:
    delivery = make.delivery(post=make.post(brand=brand, author=editor))
    schedule(delivery, editor)
    before = open_messages(delivery)
    monkeypatch.setattr("calendar_app.services.deliveries.record", lambda **_values: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        services.move_delivery(delivery=delivery, day=date(2026, 12, 1), clock=TEN, by=editor, now=NOW)

    assert open_messages(delivery) == before


# -- publishing -----------------------------------------------------------------------------------------------------


def publish(delivery: Delivery, by: User, **values: Any) -> Any:
    given = {
        "delivery": delivery,
        "permalink": "https://instagram.example/p/1",
        "published_at": NOW,
        "by": by,
        "now": NOW,
    }
    return services.mark_published(**{**given, **values})


def test_mark_published_cancels_the_messages(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand, author=editor))
    schedule(delivery, editor)

    publish(delivery, editor)

    row = stored(delivery)
    assert (row.state, row.published_at, row.published_by) == ("published", NOW, editor)
    assert (row.permalink, row.remote_id) == ("https://instagram.example/p/1", "")
    assert row.publish_at == TEN_IN_PARIS  # what was planned stays known
    assert open_messages(delivery) == []


@pytest.mark.parametrize(
    ("permalink", "remote_id"),
    [
        ("https://mastodon.example/@brulerie/113456", "113456"),
        ("https://mastodon.example/@brulerie/113456/", "113456"),
        ("https://other.example/@brulerie@mastodon.example/9", "9"),
        ("https://mastodon.example/@brulerie", ""),
        ("https://mastodon.example/users/brulerie/statuses/abc", ""),
    ],
)
def test_mark_published_reads_the_id_of_a_mastodon_post(
    brand: Brand, editor: User, permalink: str, remote_id: str
) -> None:
    delivery = make.delivery(post=make.post(brand=brand), account=make.account(brand=brand, network="mastodon"))

    publish(delivery, editor, permalink=permalink)

    assert stored(delivery).remote_id == remote_id


@pytest.mark.parametrize(
    "permalink", ["", "instagram.example/p/1", "javascript:alert(1)", "ftp://x.example/1", "https://"]
)
def test_mark_published_refuses_what_is_no_web_address(brand: Brand, editor: User, permalink: str) -> None:
    delivery = make.delivery(post=make.post(brand=brand))

    with pytest.raises(services.PublishError) as caught:
        publish(delivery, editor, permalink=permalink)

    assert caught.value.field == "permalink"


def test_mark_published_refuses_the_future_and_a_second_time(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand))

    with pytest.raises(services.PublishError) as caught:
        publish(delivery, editor, published_at=NOW + timedelta(seconds=1))
    publish(delivery, editor)
    with pytest.raises(services.PublishError, match="already"):
        publish(delivery, editor)

    assert caught.value.field == "published_at"


def test_unmark_published_puts_a_planned_delivery_back_with_its_messages(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand, author=editor))
    schedule(delivery, editor)
    publish(delivery, editor)

    services.unmark_published(delivery=delivery, by=editor, now=NOW)

    row = stored(delivery)
    assert (row.state, row.publish_at, row.published_at, row.permalink) == ("scheduled", TEN_IN_PARIS, None, "")
    assert len(open_messages(delivery)) == 3


def test_a_draft_that_was_published_stands_on_its_day_and_goes_back_to_a_draft(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand))

    publish(delivery, editor)
    published = stored(delivery)
    services.unmark_published(delivery=delivery, by=editor, now=NOW)

    assert (published.publish_at, published.local_date, published.local_time) == (NOW, NOW.date(), time(10))
    assert (stored(delivery).state, stored(delivery).publish_at) == (DeliveryState.DRAFT, None)


# -- zones ----------------------------------------------------------------------------------------------------------


def test_planned_times_follow_the_brand_into_another_zone(brand: Brand, editor: User) -> None:
    future, past = (make.delivery(post=make.post(brand=brand, author=editor)) for _number in range(2))
    schedule(future, editor)
    schedule(past, editor, day=date(2026, 11, 20), now=NOW - timedelta(days=9))
    brand.time_zone = "America/New_York"
    brand.save()

    moved = drain(now=NOW)
    again = drain(now=NOW)

    row = stored(future)
    assert (moved, again) == (1, 0)
    assert (row.publish_at, row.local_time, row.time_zone) == (
        TEN_IN_PARIS + timedelta(hours=6),
        TEN,
        "America/New_York",
    )
    assert ("delivery_due", TEN_IN_PARIS + timedelta(hours=6)) in open_messages(future)
    assert stored(past).time_zone == "Europe/Paris"


def test_planned_times_of_other_brands_stay(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand))
    schedule(delivery, editor)

    assert services.recompute_times(now=NOW, is_thorough=True) == 0
    assert stored(delivery).schedule_version == 1


def test_a_thorough_look_follows_new_rules_of_a_zone(brand: Brand, editor: User) -> None:
    delivery = make.delivery(post=make.post(brand=brand))
    schedule(delivery, editor)
    Delivery.objects.update(publish_at=TEN_IN_PARIS + timedelta(hours=1))  # as an older tzdata had it

    assert services.recompute_times(now=NOW, brand=brand, is_thorough=True) == 1
    assert stored(delivery).publish_at == TEN_IN_PARIS
