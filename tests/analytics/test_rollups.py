"""Rollups say what the observations say, whatever came in and in which order; the database adds up as the rules do."""

import random
import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from analytics.models import DailyFigure, DeliveryFigure, Observation, Source
from analytics.queries.facts import Ask, gather_all
from analytics.services.store import New, store
from audits.models import SocialAccount
from calendar_app.models import Delivery
from core.localtime import local_day
from networks.models import Subject
from plans.models import Campaign
from plans.rules.facts import (
    AccountFact,
    Aggregation,
    Comparison,
    DeliveryFact,
    Per,
    PortionFact,
    Reach,
    Spec,
)  # fmt: skip
from plans.rules.gathered import Gathered, gather
from teams.models import Brand
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
KEYS = ("brand_id", "metric_id", "observed_on", "value", "source", "fetched_at", "entered_by_id")


def rollups() -> list[Any]:
    posts = DeliveryFigure.objects.order_by("delivery", "metric").values_list("delivery_id", *KEYS)
    days = DailyFigure.objects.order_by("account", "campaign", "brand", "metric", "observed_on")
    return [*posts, *days.values_list("account_id", "campaign_id", *KEYS)]


class World:
    """A brand with a branch, accounts on two networks, campaigns and posts over the switch to winter time."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        make.given("instagram", Subject.DELIVERY, "likes")
        make.given("linkedin", Subject.DELIVERY, "comments")
        make.given("instagram", Subject.ACCOUNT, "followers")
        make.metric("leads", subject="brand")
        self.brand = make.brand(time_zone="America/New_York")
        self.branch = make.brand(workspace=self.brand.workspace, parent=self.brand, time_zone="Asia/Tokyo")
        self.places = [self.brand, self.branch]
        self.accounts = [make.account(brand=b, network=n) for b in self.places for n in ("instagram", "linkedin")]
        self.campaigns = {b.pk: make.campaign(brand=b) for b in self.places}
        self.kinds = {b.pk: make.content_kind(brand=b) for b in self.places}
        self.deliveries = [self.publish(self.random.choice(self.accounts)) for _ in range(40)]

    def publish(self, account: SocialAccount) -> Delivery:
        at = datetime(2026, 10, 25, tzinfo=UTC) + timedelta(minutes=self.random.randrange(21 * 24 * 60))
        post = make.post(
            brand=account.brand, format=self.random.choice(["photo", "video"]),
            campaign=self.random.choice([None, self.campaigns[account.brand_id]]),
            content_kind=self.random.choice([None, self.kinds[account.brand_id]]),
        )  # fmt: skip
        return make.delivery(post=post, account=account, published_at=at)

    def note(self) -> None:
        """Some figures of one kind of subject, often of a day that was noted before, sometimes late."""
        brand = self.random.choice(self.places)
        subject = self.random.choice(list(Subject))
        ids = {
            Subject.DELIVERY: [one.pk for one in self.deliveries if one.brand_id == brand.pk],
            Subject.ACCOUNT: [one.pk for one in self.accounts if one.brand_id == brand.pk],
            Subject.CAMPAIGN: [self.campaigns[brand.pk].pk],
            Subject.BRAND: [brand.pk],
        }[subject]
        slugs = ["likes", "comments"] if subject is Subject.DELIVERY else ["leads"]
        slugs = ["followers", "leads"] if subject is Subject.ACCOUNT else slugs
        rows = [self.new(pk, slug) for pk in ids for slug in slugs if self.random.random() < 0.6]
        source = self.random.choice(list(Source))
        at = NOW - timedelta(hours=self.random.randrange(4))
        store(brand=brand, subject=subject, rows=rows, source=source, at=at)

    def new(self, pk: int, metric: str) -> New:
        day = TODAY - timedelta(days=self.random.randrange(40))
        return New(
            subject_id=pk, metric=make.metric(metric).pk, observed_on=day, value=Decimal(self.random.randrange(90))
        )


@pytest.mark.parametrize("seed", range(4))
def test_rollups_kept_up_are_those_made_anew(seed: int) -> None:
    world = World(seed)
    for _ in range(40):
        world.note()
    kept_up = rollups()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come cannot be emptied

    call_command("rebuild_figures", verbosity=0)

    assert len(kept_up) > 100
    assert rollups() == kept_up


def test_figure_that_was_fetched_earlier_counts_less_than_one_of_the_same_day() -> None:
    account = make.account()
    make.observation(account=account, metric="followers", value=7, fetched_at=NOW)
    make.observation(
        account=account, metric="followers", value=5, source=Source.API, fetched_at=NOW - timedelta(hours=1)
    )

    assert DailyFigure.objects.get().value == 7


def test_correction_of_an_older_day_leaves_the_newest_figure_of_a_post() -> None:
    delivery = make.delivery(published_at=NOW - timedelta(days=5))
    make.observation(delivery=delivery, value=50, observed_on=TODAY - timedelta(days=1))
    make.observation(
        delivery=delivery, value=9, observed_on=TODAY - timedelta(days=2), fetched_at=NOW + timedelta(hours=1)
    )
    assert DeliveryFigure.objects.get().value == 50

    make.observation(
        delivery=delivery, value=48, observed_on=TODAY - timedelta(days=1), fetched_at=NOW + timedelta(hours=2)
    )
    assert DeliveryFigure.objects.get().value == 48


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_leave_the_figure_that_counts() -> None:
    """Two processes write the same days, each some of the sources; whoever commits last need not be the newest."""
    world = World(7)
    ids, slug = [one.pk for one in world.deliveries if one.brand == world.brand][:5], make.metric("likes").pk

    def write(seed: int) -> None:
        random_ = random.Random(seed)
        for _ in range(25):
            day = TODAY - timedelta(days=random_.randrange(2))
            rows = [
                New(subject_id=pk, metric=slug, observed_on=day, value=Decimal(random_.randrange(99))) for pk in ids
            ]
            at = NOW - timedelta(minutes=random_.randrange(5))
            store(brand=world.brand, subject=Subject.DELIVERY, rows=rows, source=list(Source)[seed], at=at)
        connection.close()

    threads = [threading.Thread(target=write, args=[seed]) for seed in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept_up = rollups()
    call_command("rebuild_figures", verbosity=0)

    assert len(kept_up) == len(ids)
    assert rollups() == kept_up


# -- the database adds up as the rules do -----------------------------------------------------------------------------


def branch(world: World, brand_id: int) -> int | None:
    return None if brand_id == world.brand.pk else brand_id


def delivery_fact(world: World, one: Delivery) -> DeliveryFact:
    assert one.published_at is not None
    figures = dict(DeliveryFigure.objects.filter(delivery=one).values_list("metric_id", "value"))
    given = {"instagram": "likes", "linkedin": "comments"}[one.account.network_id]
    return DeliveryFact(
        id=one.pk, label=one.post.title, network=one.account.network_id, account_id=one.account_id,
        format=one.post.format, day=local_day(one.published_at, world.brand.time_zone),
        branch_id=branch(world, one.brand_id), content_kind_id=one.post.content_kind_id,
        campaign_id=one.post.campaign_id, figures=figures,
        not_available=frozenset({"likes", "comments"} - {given} - figures.keys()),
    )  # fmt: skip


def series(**subject: Any) -> list[tuple[date, Decimal]]:
    return list(DailyFigure.objects.filter(**subject).order_by("observed_on").values_list("observed_on", "value"))


def account_fact(world: World, one: SocialAccount) -> AccountFact:
    found = series(account=one, metric="followers")
    return AccountFact(
        account_id=one.pk, metric="followers", network=one.network_id, branch_id=branch(world, one.brand_id),
        series=found, is_available=bool(found) or one.network_id == "instagram",
    )  # fmt: skip


def portion_facts(world: World) -> list[PortionFact]:
    subjects: list[SocialAccount | Campaign | Brand] = [*world.accounts, *world.campaigns.values(), *world.places]
    found = []
    for one in subjects:
        account, campaign = (one if isinstance(one, kind) else None for kind in (SocialAccount, Campaign))
        brand_id = one.pk if isinstance(one, Brand) else one.brand_id
        noted = series(brand_id=brand_id, account=account, campaign=campaign, metric="leads")
        found.append(
            PortionFact(
                metric="leads", branch_id=branch(world, brand_id), account_id=account.pk if account else None,
                network=account.network_id if account else None, campaign_id=campaign.pk if campaign else None,
                series=noted,
            )
        )  # fmt: skip
    return found


def some_spec(world: World, number: int) -> Spec:
    pick = world.random.choice
    metric = pick(["published_deliveries", "likes", "comments", "followers", "leads"])
    of_posts = [Aggregation.SUM, Aggregation.MEAN, Aggregation.MEDIAN, Aggregation.SHARE]
    how = {
        "published_deliveries": [Aggregation.COUNT, Aggregation.SHARE],
        "followers": [Aggregation.LAST, Aggregation.CHANGE],
        "leads": [*of_posts, Aggregation.LAST],
    }.get(metric, of_posts)
    is_each = metric in ("likes", "comments") and world.random.random() < 0.4
    reach = pick(list(Reach))
    is_of_posts = metric not in ("followers", "leads")
    return Spec(
        id=number, metric=metric, aggregation=Aggregation.LAST if is_each else pick(how),
        per=Per.DELIVERY if is_each else Per.WEEK, comparison=Comparison.AT_LEAST,
        value=Decimal(world.random.randrange(60)),
        network=pick([None, "instagram", "linkedin"]), reach=reach,
        account_id=pick([None, None, pick(world.accounts).pk]),
        branch_id=world.branch.pk if reach is Reach.BRANCH else None, is_of_brand=metric == "leads",
        format=pick(["", "photo"]) if is_of_posts else "",
        content_kind_id=pick([None, pick(list(world.kinds.values())).pk]) if is_of_posts else None,
        campaign_id=pick([None, pick(list(world.campaigns.values())).pk]) if metric != "followers" else None,
    )  # fmt: skip


def plain(case: Gathered) -> Any:
    """What the rules read of it: values only where they do, and series from where a goal looks back to."""
    is_median = case.spec.aggregation is Aggregation.MEDIAN and not case.spec.is_of_brand
    days, whole = (
        [(f.day, f.count, f.known, f.not_available, f.total, list(f.values) if is_median else []) for f in facts]
        for facts in (case.days, case.whole if case.spec.aggregation is Aggregation.SHARE else [])
    )
    tracks = [(one.account_id, one.is_available, list(one.series)) for one in case.series]
    return days, whole, case.posts, sorted(tracks)


@pytest.mark.parametrize(
    ("zone", "first", "hours"),
    [
        ("Europe/Paris", date(2026, 10, 24), [24, 25, 24]),
        ("Europe/Paris", date(2027, 3, 27), [24, 23, 24]),
        ("America/Sao_Paulo", date(2018, 11, 3), [24, 23, 24]),  # midnight was skipped
        ("Asia/Tokyo", date(2028, 2, 28), [24, 24, 24]),
    ],
)
def test_days_are_those_of_the_brands_zone_when_clocks_change(zone: str, first: date, hours: list[int]) -> None:
    account = make.account(brand=make.brand(time_zone=zone))
    start = datetime.combine(first, datetime.min.time(), UTC) - timedelta(hours=20)
    for hour in range(5 * 24):
        make.delivery(account=account, published_at=start + timedelta(hours=hour))
    spec = Spec(
        id=1, metric="published_deliveries", aggregation=Aggregation.COUNT, per=Per.DAY,
        comparison=Comparison.AT_LEAST, value=Decimal(1),
    )  # fmt: skip

    case = gather_all(account.brand, [Ask(spec=spec, first=first, last=first + timedelta(days=2))])[0]

    assert [(fact.day, fact.count) for fact in case.days] == [
        (first + timedelta(days=number), count) for number, count in enumerate(hours)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_database_gathers_what_the_rules_gather(seed: int) -> None:
    world = World(seed)
    for _ in range(30):
        world.note()
    asks = []
    for number in range(80):
        first = date(2026, 10, 26) + timedelta(days=world.random.randrange(10))
        last = first + timedelta(days=world.random.randrange(15))
        asks.append(Ask(spec=some_spec(world, number), first=first, last=last))
    rows = Delivery.objects.select_related("post", "account")
    deliveries = [delivery_fact(world, one) for one in rows]
    accounts = [account_fact(world, one) for one in world.accounts]
    portions = portion_facts(world)

    found = gather_all(world.brand, asks)

    until = max(ask.last for ask in asks)
    for ask, case in zip(asks, found, strict=True):
        model = gather(ask.spec, deliveries, accounts, portions, first=ask.first, last=ask.last)
        if ask.spec.is_of_accounts or ask.spec.is_of_brand:  # the database stops reading at the last day asked for
            assert all(day <= until for one in case.series for day, _value in one.series)
            cut = [[(d, v) for d, v in one.series if d <= until] for one in model.series]
            assert sorted(list(one.series) for one in case.series) == sorted(cut)
            assert plain(case)[:2] == plain(model)[:2]
        else:
            assert plain(case) == plain(model)
    assert Observation.objects.exists()
