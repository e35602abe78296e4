"""What goals are judged by: a brand's published deliveries and accounts with their figures. A constant number of
queries, however many goals, targets, posts and accounts there are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from activity.models import Event
from analytics.queries.figures import Catalogue, Latest, account_series, latest
from audits.models import SocialAccount
from calendar_app.models import Delivery
from core.localtime import day_bounds, local_day
from networks.models import Subject
from plans.models import Goal, GoalStatus, Target
from plans.rules.targets import PUBLISHED, AccountFact, DeliveryFact, Kind, Spec
from teams.models import Brand

OF_ACCOUNTS = (Kind.LEVEL, Kind.GROWTH)
CORRECTED_FOR = timedelta(days=30)  # so long after its due date a goal still follows figures that are put right
BEFORE = timedelta(days=92)  # how far back the level that an account started from is looked for
OVERLAP = timedelta(seconds=10)  # longer than what is in the history may take to be in the database
# What the rooms below do that changes how goals stand: their history tells of it.
MOVING = [
    "calendar.delivery_published", "calendar.delivery_unpublished", "calendar.post_edited", "calendar.post_deleted",
    "calendar.post_restored", "plans.goal_created", "plans.goal_edited", "teams.brand_edited",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Facts:
    """For `plans.rules.targets.evaluate`; `data_until` is when the newest of these figures was fetched."""

    deliveries: list[DeliveryFact] = field(default_factory=list)
    accounts: list[AccountFact] = field(default_factory=list)
    data_until: datetime | None = None


def facts(brand: Brand, specs: Collection[Spec], *, first: date, last: date) -> Facts:
    """What is known of the local days `first` to `last`, as far as these targets ask. Six queries at most."""
    catalogue = Catalogue.load()
    of_posts = {spec.metric for spec in specs if spec.kind not in OF_ACCOUNTS} - {PUBLISHED}
    of_accounts = {spec.metric for spec in specs if spec.kind in OF_ACCOUNTS}
    rows = list(_published(brand, first, last))
    newest = latest(Subject.DELIVERY, [row.pk for row in rows], of_posts) if of_posts else {}
    return Facts(
        deliveries=[_delivery_fact(row, brand, newest.get(row.pk, {}), of_posts, catalogue) for row in rows],
        accounts=_account_facts(brand, of_accounts, first - BEFORE, last, catalogue) if of_accounts else [],
        data_until=max((one.fetched_at for figures in newest.values() for one in figures.values()), default=None),
    )


def _published(brand: Brand, first: date, last: date) -> QuerySet[Delivery]:
    start, end = day_bounds(first, last, brand.time_zone)
    rows = Delivery.objects.for_brand(brand).published().filter(published_at__gte=start, published_at__lt=end)
    wanted = ("account__network_id", "published_at", "post__title", "post__format")
    return rows.select_related("account", "post").only(*wanted).order_by()


def _delivery_fact(
    row: Delivery, brand: Brand, newest: dict[str, Latest], metrics: set[str], catalogue: Catalogue
) -> DeliveryFact:
    assert row.published_at is not None  # the database keeps it so
    network = row.account.network_id
    figures = {slug: one.value for slug, one in newest.items()}
    return DeliveryFact(
        id=row.pk, label=row.post.title, network=network, account_id=row.account_id, format=row.post.format,
        day=local_day(row.published_at, brand.time_zone), figures=figures,
        not_available=frozenset(metrics - catalogue.gives(network, Subject.DELIVERY) - figures.keys()),
    )  # fmt: skip


def _account_facts(
    brand: Brand, metrics: Collection[str], first: date, last: date, catalogue: Catalogue
) -> list[AccountFact]:
    """One for each open account and metric: a network that gives none says so, and no value yet is an empty series."""
    accounts = SocialAccount.objects.for_brand(brand).open().order_by()
    networks = dict(accounts.values_list("pk", "network_id"))
    series = account_series(networks, metrics, first=first, last=last)
    return [
        AccountFact(
            account_id=pk, metric=metric, network=network, series=series.get((pk, metric), []),
            is_available=(pk, metric) in series or metric in catalogue.gives(network, Subject.ACCOUNT),
        )
        for pk, network in networks.items()
        for metric in metrics
    ]  # fmt: skip


# -- which goals ------------------------------------------------------------------------------------------------------


def judged_goals(now: datetime) -> QuerySet[Goal]:
    """The goals that figures may still move: begun, and running or due not long ago."""
    tomorrow = now.astimezone(UTC).date() + timedelta(days=1)  # begun somewhere on earth
    final = Q(status__in=(GoalStatus.ACHIEVED, GoalStatus.MISSED), due_on__lt=(now - CORRECTED_FOR).date())
    return Goal.objects.filter(starts_on__lte=tomorrow).exclude(final)


def stale_goals(now: datetime) -> QuerySet[Goal]:
    """Those that were never judged, or whose brand's history tells of something newer than the judgment."""
    since = F("progress__evaluated_at")
    moved = Event.objects.filter(verb__in=MOVING, brand=OuterRef("plan__brand"), at__gt=OuterRef("judged_at") - OVERLAP)
    rows = judged_goals(now).alias(judged_at=since)
    return rows.filter(Q(judged_at__isnull=True) | Exists(moved))


def with_targets(goals: QuerySet[Goal]) -> QuerySet[Goal]:
    targets = Target.objects.select_related("metric")
    return goals.select_related("plan__brand").prefetch_related(Prefetch("targets", targets))


def brands_of(goals: QuerySet[Goal], now: datetime) -> list[Brand]:
    """The brands of those of these goals that have begun there."""
    rows = goals.select_related("plan__brand")
    brands = {goal.plan.brand for goal in rows if goal.starts_on <= local_day(now, goal.plan.brand.time_zone)}
    return sorted(brands, key=attrgetter("pk"))


def span(goals: Iterable[Goal], today: date) -> tuple[date, date]:
    """From the first day of any of these goals until today, or the last due date if that has passed."""
    listed = list(goals)
    return min(goal.starts_on for goal in listed), min(today, max(goal.due_on for goal in listed))
