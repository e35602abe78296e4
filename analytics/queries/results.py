"""What the results page says of a period: accounts, posts, and followers in the course of time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from analytics.fresh import Fresh
from analytics.models import DeliveryFigure
from analytics.queries.figures import (
    FOLLOWERS,
    NOT_AVAILABLE,
    NOT_YET,
    Catalogue,
    Figure,
    Newest,
    Series,
    account_series,
    latest,
)
from audits.models import SocialAccount
from calendar_app.models import Delivery
from core.charts import Chart
from core.charts import Series as Line
from core.localtime import day_bounds
from networks.models import Metric, Subject
from teams.models import Brand

PAGE = 50
USUAL_METRICS = ("likes", "comments", "shares")
ADDITIVE = (Metric.Unit.COUNT, Metric.Unit.CURRENCY)  # the others are averaged


@dataclass(frozen=True, kw_only=True)
class Period:
    """Local days of the brand, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, kw_only=True)
class Total:
    """One metric over several posts: added up, or averaged for percentages. `known` of `of` posts have a figure."""

    metric: Metric
    is_given: bool
    value: Decimal | None = None
    known: int = 0
    of: int = 0

    @property
    def missing(self) -> str:
        return NOT_YET if self.is_given else NOT_AVAILABLE

    @property
    def is_partial(self) -> bool:
        return 0 < self.known < self.of


@dataclass(frozen=True, kw_only=True)
class AccountRow:
    """One account in a period."""

    account: SocialAccount
    followers: Figure
    change: Decimal | None  # of followers within the period
    posts: int
    totals: Sequence[Total]
    fresh: Fresh | None  # of its newest figure


@dataclass(frozen=True, kw_only=True)
class PostRow:
    """One published delivery with its newest figures."""

    delivery: Delivery
    figures: Sequence[Figure]

    @property
    def fresh(self) -> Fresh | None:
        """How and when its newest figure came in."""
        return max((one.fresh for one in self.figures if one.fresh), key=attrgetter("at"), default=None)


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """By which column posts are sorted: "published" or a metric."""

    column: str = "published"
    is_descending: bool = True


@dataclass(frozen=True, kw_only=True)
class PostTable:
    metrics: Sequence[Metric] = ()
    rows: Sequence[PostRow] = ()
    sorting: Sorting = field(default_factory=Sorting)
    number: int = 1
    has_next: bool = False

    @property
    def previous(self) -> int | None:
        """The page before; the first is named without a number."""
        return self.number - 1 if self.number > 2 else None

    @property
    def next(self) -> int:
        return self.number + 1


@dataclass(frozen=True, kw_only=True)
class Results:
    """Everything on the results page."""

    period: Period
    accounts: Sequence[AccountRow]
    metrics: Sequence[Metric]  # the columns of figures of posts
    empty_metrics: Sequence[Metric]  # given, but not noted once in the period
    followers: Chart | None
    headline: Sequence[Total]
    posts: int

    @property
    def has_account_figures(self) -> bool:
        return any(row.followers.is_given for row in self.accounts)


# -- accounts ---------------------------------------------------------------------------------------------------------

_TOTALS = """
    SELECT d.account_id, m.slug, count(*), sum(o.value), count(o.value), max(o.fetched_at),
           (array_agg(o.source ORDER BY o.fetched_at DESC NULLS LAST))[1]
    FROM calendar_app_delivery d
    JOIN calendar_app_post p ON p.id = d.post_id AND p.deleted_at IS NULL
    CROSS JOIN unnest(%(metrics)s::text[]) AS m(slug)
    LEFT JOIN analytics_deliveryfigure o ON o.delivery_id = d.id AND o.metric_id = m.slug
    WHERE d.account_id = ANY(%(accounts)s) AND d.state = 'published'
      AND d.published_at >= %(start)s AND d.published_at < %(end)s
    GROUP BY d.account_id, m.slug
"""


@dataclass(frozen=True, kw_only=True)
class _Sum:
    posts: int
    value: Decimal | None
    known: int
    fetched_at: datetime | None
    source: str | None

    @property
    def fresh(self) -> Fresh | None:
        return Fresh(source=self.source, at=self.fetched_at) if self.source and self.fetched_at else None


def results(brand: Brand, period: Period, catalogue: Catalogue) -> Results:
    """A constant number of queries, however many accounts and posts there are."""
    accounts = list(shown_accounts(brand, period))
    ids = [account.pk for account in accounts]
    metrics = catalogue.given_anywhere((account.network_id for account in accounts), Subject.DELIVERY)
    newest = latest(Subject.ACCOUNT, ids, [FOLLOWERS], until=period.last)
    series = account_series(ids, [FOLLOWERS], first=period.first, last=period.last)
    sums = _sums(brand, ids, metrics, period)
    shown = _shown(metrics, {metric for (_pk, metric), one in sums.items() if one.known})
    reader = _Rows(catalogue, shown, newest, series, sums)
    rows = [reader.row(account) for account in accounts]
    return Results(
        period=period, accounts=rows, metrics=shown, followers=followers_chart(accounts, series),
        empty_metrics=[metric for metric in metrics if metric not in shown],
        headline=[_headline(place, metric, rows) for place, metric in enumerate(shown)],
        posts=sum(row.posts for row in rows),
    )  # fmt: skip


@dataclass(frozen=True)
class _Rows:
    """What was read of all accounts, dealt out to each."""

    catalogue: Catalogue
    metrics: Sequence[Metric]
    newest: Newest
    series: Mapping[tuple[int, str], Series]
    sums: Mapping[tuple[int, str], _Sum]

    def row(self, account: SocialAccount) -> AccountRow:
        pk, network = account.pk, account.network_id
        followers = self.catalogue.metrics.get(FOLLOWERS) or Metric(slug=FOLLOWERS, name="Followers")
        figure = self.catalogue.figure(followers, network, Subject.ACCOUNT, self.newest[pk])
        fresh = [figure.fresh, *(self.sums[pk, metric.slug].fresh for metric in self.metrics)]
        return AccountRow(
            account=account,
            followers=figure,
            change=_change(self.series.get((pk, FOLLOWERS), [])),
            posts=self.sums[pk, ""].posts,
            totals=[_total(one, network, self.sums[pk, one.slug], self.catalogue) for one in self.metrics],
            fresh=max((one for one in fresh if one), key=attrgetter("at"), default=None),
        )


def _shown(metrics: Sequence[Metric], known: Collection[str]) -> list[Metric]:
    """The columns: what people did with the posts first. Where nothing is known at all, what people look for first."""
    ordered = sorted(metrics, key=lambda metric: metric.category != Metric.Category.ENGAGEMENT)
    return [metric for metric in ordered if metric.slug in (known or USUAL_METRICS)]


def shown_accounts(brand: Brand, period: Period) -> QuerySet[SocialAccount]:
    """Those in use, and those closed since that published in the period."""
    start, end = day_bounds(period.first, period.last, brand.time_zone)
    busy = Delivery.objects.published().filter(published_at__gte=start, published_at__lt=end, brand=brand)
    rows = SocialAccount.objects.for_brand(brand).select_related("network", "connection")
    return rows.filter(Q(closed_at__isnull=True) | Q(pk__in=busy.values("account_id")))


def _sums(
    brand: Brand, ids: Sequence[int], metrics: Sequence[Metric], period: Period
) -> Mapping[tuple[int, str], _Sum]:
    """By account and metric; under the metric "" only how many posts there are."""
    start, end = day_bounds(period.first, period.last, brand.time_zone)
    values: dict[str, Any] = {
        "metrics": ["", *(metric.slug for metric in metrics)], "accounts": list(ids), "start": start, "end": end,
    }  # fmt: skip
    none = _Sum(posts=0, value=Decimal(0), known=0, fetched_at=None, source=None)
    sums: defaultdict[tuple[int, str], _Sum] = defaultdict(lambda: none)
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, values)
        for account, metric, posts, value, known, fetched_at, source in cursor.fetchall():
            sums[account, metric] = _Sum(
                posts=posts, value=value, known=known, fetched_at=fetched_at, source=source
            )  # fmt: skip
    return sums


def _total(metric: Metric, network: str, found: _Sum, catalogue: Catalogue) -> Total:
    """0 when nothing was published; nothing at all when nothing published was measured."""
    is_given = found.known > 0 or metric.slug in catalogue.gives(network, Subject.DELIVERY)
    value = found.value if is_given else None
    if value is not None and metric.unit not in ADDITIVE:
        value = value / found.known if found.known else None
    return Total(metric=metric, is_given=is_given, value=value, known=found.known, of=found.posts)


def _headline(place: int, metric: Metric, rows: Sequence[AccountRow]) -> Total:
    """A metric over all accounts whose network gives it."""
    parts = [row.totals[place] for row in rows if row.totals[place].is_given]
    known, of = sum(part.known for part in parts), sum(part.of for part in parts)
    values = [part.value * (1 if metric.unit in ADDITIVE else part.known) for part in parts if part.value is not None]
    value = sum(values, Decimal(0)) if values else None
    if value is not None and metric.unit not in ADDITIVE:
        value = value / known if known else None
    return Total(metric=metric, is_given=bool(parts), value=value, known=known, of=of)


def _change(series: Series) -> Decimal | None:
    return series[-1][1] - series[0][1] if len(series) > 1 else None


def followers_chart(
    accounts: Iterable[SocialAccount], series: Mapping[tuple[int, str], Series], metric: str = FOLLOWERS
) -> Chart | None:
    """A line for each account that has values, a gap on days without one; None when no account has any."""
    lines = {account: dict(series[account.pk, metric]) for account in accounts if (account.pk, metric) in series}
    days = sorted({day for values in lines.values() for day in values})
    if not days:
        return None
    return Chart(
        labels=[date_format(day, "SHORT_DATE_FORMAT") for day in days],
        label_name=_("Day"),
        series=[
            Line(name=str(account), values=[values.get(day) for day in days], color=account.color)
            for account, values in lines.items()
        ],
    )


# -- posts ------------------------------------------------------------------------------------------------------------


def published(brand: Brand, period: Period) -> QuerySet[Delivery]:
    """What was published in a period, with what a row about it says."""
    start, end = day_bounds(period.first, period.last, brand.time_zone)
    rows = Delivery.objects.for_brand(brand).published().filter(published_at__gte=start, published_at__lt=end)
    return rows.select_related("post", "account__network")


def post_table(
    brand: Brand, period: Period, catalogue: Catalogue, metrics: Sequence[Metric], sorting: Sorting, *, number: int = 1
) -> PostTable:
    """One page of the posts of a period. Two queries; sorting by a figure reads that figure of each post."""
    rows = _sorted(published(brand, period), sorting)
    start = (number - 1) * PAGE
    page = list(rows[start : start + PAGE + 1])
    table = post_rows(page[:PAGE], catalogue, metrics)
    return PostTable(metrics=metrics, rows=table, sorting=sorting, number=number, has_next=len(page) > PAGE)


def _sorted(rows: QuerySet[Delivery], sorting: Sorting) -> QuerySet[Delivery]:
    """Posts without the figure stand last, whichever way they are sorted."""
    if sorting.column == "published":
        return rows.order_by("-published_at" if sorting.is_descending else "published_at", "-pk")
    newest = DeliveryFigure.objects.filter(delivery=OuterRef("pk"), metric=sorting.column)
    rows = rows.annotate(figure=Subquery(newest.values("value")))
    order = F("figure").desc(nulls_last=True) if sorting.is_descending else F("figure").asc(nulls_last=True)
    return rows.order_by(order, "-published_at", "-pk")


def post_rows(deliveries: Sequence[Delivery], catalogue: Catalogue, metrics: Sequence[Metric]) -> list[PostRow]:
    """The newest figures of each, in these columns. One query."""
    newest = latest(Subject.DELIVERY, [row.pk for row in deliveries], [metric.slug for metric in metrics])
    return [
        PostRow(
            delivery=row,
            figures=catalogue.figures(metrics, row.account.network_id, Subject.DELIVERY, newest[row.pk]),
        )
        for row in deliveries
    ]


def last_days(today: date, days: int) -> Period:
    return Period(first=today - timedelta(days=days - 1), last=today)
