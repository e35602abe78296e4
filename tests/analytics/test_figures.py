from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.test import TestCase
from django.utils import translation

from activity.models import Event
from analytics.models import DailyFigure, DeliveryFigure, Observation, Source
from analytics.queries.figures import Catalogue, account_series, latest
from analytics.services import FiguresError, enter_figures
from analytics.services.store import New, store
from calendar_app.models import Delivery
from networks.models import Metric, Subject
from teams.rules import Role
from tests import make
from tests.make import NOW

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def published(**values: object) -> Delivery:
    """A photo that went out on Instagram on Friday, where likes and comments are given and reach is not."""
    make.given("instagram", Subject.DELIVERY, "likes", "comments")
    make.given("instagram", Subject.DELIVERY, "reach", is_given=False)
    return make.delivery(**{"published_at": NOW - timedelta(days=3), **values})  # type: ignore[arg-type]


# -- typing in --------------------------------------------------------------------------------------------------------


def test_figures_are_noted_with_their_source_day_and_person() -> None:
    delivery = published()
    editor = make.person(Role.EDITOR, brand=delivery.brand)

    enter_figures(
        delivery=delivery, values={"likes": Decimal(0), "comments": Decimal(7)}, observed_on=TODAY, by=editor, now=NOW
    )

    rows = Observation.objects.order_by("metric").values_list(
        "metric", "value", "observed_on", "source", "fetched_at", "entered_by", "delivery", "account", "brand"
    )
    common = (TODAY, Source.TYPED, NOW, editor.pk, delivery.pk, None, delivery.brand_id)
    assert list(rows) == [("comments", 7, *common), ("likes", 0, *common)]


def test_figures_entered_again_correct_the_day_and_the_history_tells_both() -> None:
    delivery = published()
    editor = make.person(Role.EDITOR, brand=delivery.brand)
    enter_figures(
        delivery=delivery, values={"likes": Decimal(3), "comments": Decimal(1)}, observed_on=TODAY, by=editor, now=NOW
    )

    enter_figures(
        delivery=delivery, values={"likes": Decimal(30), "comments": Decimal(1)}, observed_on=TODAY, by=editor,
        now=NOW + timedelta(minutes=1),
    )  # fmt: skip

    assert Observation.objects.filter(metric="likes").values_list("value", flat=True).get() == 30
    event = Event.objects.filter(verb="analytics.figures_entered").latest("pk")
    assert (event.before, event.after) == ({"likes": "3.00"}, {"likes": "30.00", "observed_on": "2026-11-23"})
    assert event.about == f"post:{delivery.post_id}"


@pytest.mark.parametrize(
    ("source", "by_ann", "words", "french"),
    [
        (Source.TYPED, True, "entered by Ann on 11/23/2026", "saisi par Ann le 23/11/2026"),
        (Source.CSV, True, "imported by Ann on 11/23/2026", "importé par Ann le 23/11/2026"),
        (Source.CSV, False, "imported on 11/23/2026", "importé le 23/11/2026"),
        (Source.API, False, "fetched 2 h ago", "relevé : il y a 2 h"),
    ],
)
def test_a_figure_says_how_it_came_in(source: Source, by_ann: bool, words: str, french: str) -> None:
    delivery = published()
    ann = make.user(name="Ann") if by_ann else None
    make.observation(delivery=delivery, source=source, entered_by=ann, fetched_at=NOW - timedelta(hours=2))

    fresh = latest(Subject.DELIVERY, [delivery.pk], ["likes"])[delivery.pk]["likes"].fresh

    with time_machine.travel(NOW, tick=False):
        assert str(fresh) == words
        with translation.override("fr"):
            assert str(fresh).replace("\xa0", " ") == french


def test_figures_of_an_account_are_noted() -> None:
    make.given("instagram", Subject.ACCOUNT, "followers")
    account = make.account()

    enter_figures(
        account=account, values={"followers": Decimal(5210)}, observed_on=TODAY,
        by=make.person(Role.EDITOR, brand=account.brand), now=NOW,
    )  # fmt: skip

    assert Observation.objects.get().account == account


@pytest.mark.parametrize(
    ("values", "day", "field", "words"),
    [
        ({"reach": 3}, TODAY, "reach", "Instagram does not give “Reach”."),
        ({"nonsense": 3}, TODAY, "nonsense", "Instagram does not give “nonsense”."),
        ({"likes": -1}, TODAY, "likes", "“-1” is less than zero."),
        ({"likes": "1.5"}, TODAY, "likes", "“1.5” is not a whole number."),
        ({"likes": 10**12}, TODAY, "likes", "“1000000000000” is too large to be true."),
        ({"likes": "NaN"}, TODAY, "likes", "“NaN” is not a number."),
        ({"likes": 1}, TODAY + timedelta(days=1), "observed_on", "This day is in the future."),
        ({"likes": 1}, TODAY - timedelta(days=4), "observed_on", "On that day it was not published yet."),
        ({}, TODAY, None, "Enter at least one figure."),
    ],
)
def test_figures_that_cannot_be_are_refused(
    values: dict[str, object], day: date, field: str | None, words: str
) -> None:
    delivery = published()
    editor = make.person(Role.EDITOR, brand=delivery.brand)
    typed = {name: Decimal(str(value)) for name, value in values.items()}

    with pytest.raises(FiguresError) as refused:
        enter_figures(delivery=delivery, values=typed, observed_on=day, by=editor, now=NOW)

    assert (refused.value.field, str(refused.value)) == (field, words)
    assert not Observation.objects.exists()


def test_figures_of_today_in_the_brands_zone_are_not_in_the_future() -> None:
    delivery = published(post=make.post(brand=make.brand(time_zone="Pacific/Auckland")))
    editor = make.person(Role.EDITOR, brand=delivery.brand)
    now = NOW.replace(hour=22)  # the 24th in Auckland

    enter_figures(delivery=delivery, values={"likes": Decimal(1)}, observed_on=date(2026, 11, 24), by=editor, now=now)

    assert Observation.objects.count() == 1


def test_figures_of_what_is_not_published_are_refused() -> None:
    delivery = published(published_at=None, publish_at=NOW)

    with pytest.raises(FiguresError, match="mark it as published first"):
        enter_figures(
            delivery=delivery, values={"likes": Decimal(1)}, observed_on=TODAY,
            by=make.person(Role.EDITOR, brand=delivery.brand), now=NOW,
        )  # fmt: skip


def test_guests_and_strangers_may_not_enter_figures() -> None:
    delivery = published()
    for person in (make.person(Role.GUEST, brand=delivery.brand), make.person(Role.ADMIN)):
        with pytest.raises(PermissionDenied):
            enter_figures(delivery=delivery, values={"likes": Decimal(1)}, observed_on=TODAY, by=person, now=NOW)

    assert not Observation.objects.exists()


# -- storing ----------------------------------------------------------------------------------------------------------


def test_store_keeps_what_was_fetched_later() -> None:
    delivery = published()
    rows = [New(subject_id=delivery.pk, metric="likes", observed_on=TODAY, value=Decimal(9))]
    common = {"brand": delivery.brand, "subject": Subject.DELIVERY, "source": Source.API}

    store(**common, rows=rows, at=NOW)  # type: ignore[arg-type]
    late = [New(subject_id=delivery.pk, metric="likes", observed_on=TODAY, value=Decimal(4))]
    store(**common, rows=late, at=NOW - timedelta(hours=1))  # type: ignore[arg-type]

    assert Observation.objects.values_list("value", "fetched_at").get() == (9, NOW)


def test_store_is_three_statements_for_any_number_of_rows(django_assert_num_queries: object) -> None:
    delivery = published()
    for count in (1, 300):
        rows = [
            New(subject_id=delivery.pk, metric="likes", observed_on=TODAY - timedelta(days=n), value=Decimal(n))
            for n in range(count)
        ]
        with django_assert_num_queries(5):  # type: ignore[operator]  # two of them are the savepoint
            store(brand=delivery.brand, subject=Subject.DELIVERY, rows=rows, source=Source.CSV, at=NOW)

    assert Observation.objects.count() == 300


@pytest.mark.parametrize("model", [Observation, DailyFigure])
def test_figure_is_of_one_subject(model: type[Observation] | type[DailyFigure]) -> None:
    account, metric = make.account(), make.metric("leads")
    campaign = make.campaign(brand=account.brand)
    fields = {"metric": metric, "value": 1, "observed_on": TODAY, "source": Source.TYPED, "fetched_at": NOW}
    with pytest.raises(IntegrityError, match="has_one_subject"):
        model.objects.create(brand=account.brand, account=account, campaign=campaign, **fields)


@pytest.mark.parametrize("whose", ["delivery", "account", "campaign", "brand"])
def test_observation_is_there_once_a_day_and_source(whose: str) -> None:
    made = {"delivery": published, "account": make.account, "campaign": make.campaign, "brand": make.brand}
    row = make.observation(**{whose: made[whose]()})
    make.observation(**{whose: made[whose]()})
    row.pk = None
    with pytest.raises(IntegrityError, match=f"observation_{whose}_unique"):
        row.save(force_insert=True)


@pytest.mark.parametrize("whose", ["account", "campaign", "brand"])
def test_figure_that_counts_is_there_once_a_day(whose: str) -> None:
    made = {"account": make.account, "campaign": make.campaign, "brand": make.brand}
    make.observation(**{whose: made[whose]()})
    row = DailyFigure.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError, match=f"daily_figure_{whose}_unique"):
        row.save(force_insert=True)


def test_newest_figure_of_a_post_is_there_once() -> None:
    make.observation(delivery=published())
    row = DeliveryFigure.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError, match="delivery_figure_unique"):
        row.save(force_insert=True)


# -- reading ----------------------------------------------------------------------------------------------------------


def test_latest_is_by_day_then_by_when_it_was_fetched() -> None:
    one, other = published(), published()
    make.observation(delivery=one, value=1, observed_on=TODAY - timedelta(days=1), fetched_at=NOW + timedelta(hours=9))
    make.observation(delivery=one, value=2, source=Source.API, fetched_at=NOW)
    make.observation(delivery=one, value=3, source=Source.CSV, fetched_at=NOW + timedelta(minutes=1))
    make.observation(delivery=other, value=9)
    make.observation(delivery=other, metric="comments", value=4)

    found = latest(Subject.DELIVERY, [one.pk, other.pk], ["likes", "comments"])

    values = {pk: {slug: one.value for slug, one in figures.items()} for pk, figures in found.items()}
    assert values == {one.pk: {"likes": 3}, other.pk: {"likes": 9, "comments": 4}}
    assert found[one.pk]["likes"].source == Source.CSV


def test_latest_looks_no_further_than_the_day_asked_for() -> None:
    account = make.account()
    make.observation(account=account, metric="followers", value=10, observed_on=TODAY - timedelta(days=9))
    make.observation(account=account, metric="followers", value=20, observed_on=TODAY)

    found = latest(Subject.ACCOUNT, [account.pk], ["followers"], until=TODAY - timedelta(days=1))

    assert found[account.pk]["followers"].value == 10


def test_series_has_one_value_a_day() -> None:
    account = make.account()
    for days in (2, 1, 0):
        make.observation(account=account, metric="followers", value=days, observed_on=TODAY - timedelta(days=days))
    later = NOW + timedelta(hours=1)
    make.observation(account=account, metric="followers", value=7, source=Source.API, fetched_at=later)

    series = account_series([account.pk], ["followers"], first=TODAY - timedelta(days=1), last=TODAY)

    assert series == {(account.pk, "followers"): [(TODAY - timedelta(days=1), 1), (TODAY, 7)]}


def test_figure_is_a_value_or_not_yet_or_not_available() -> None:
    delivery = published()
    make.observation(delivery=delivery, value=0)
    catalogue = Catalogue.load()
    newest = latest(Subject.DELIVERY, [delivery.pk], ["likes", "comments", "reach"])[delivery.pk]
    metrics = [Metric.objects.get(pk=slug) for slug in ("likes", "comments", "reach")]

    likes, comments, reach = catalogue.figures(metrics, "instagram", Subject.DELIVERY, newest)

    assert (likes.value, str(likes.fresh)) == (0, "entered on 11/23/2026")
    assert (comments.value, comments.missing) == (None, "not_yet")
    assert (reach.value, reach.missing) == (None, "not_available")


def test_figures_entered_judge_the_goals_once_they_are_in_the_database() -> None:
    delivery = published()
    goal = make.goal(brand=delivery.brand)
    make.target(goal=goal, metric="likes", per="delivery", value=30)
    editor = make.person(Role.EDITOR, brand=delivery.brand)

    with TestCase.captureOnCommitCallbacks(execute=True):
        enter_figures(delivery=delivery, values={"likes": Decimal(31)}, observed_on=TODAY, by=editor, now=NOW)

    goal.refresh_from_db()
    assert (goal.status, goal.progress.data_until) == ("on_track", NOW)
