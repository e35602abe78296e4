"""The newest figures of accounts and deliveries, and what each network gives at all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from django.db import connection

from analytics.fresh import Fresh
from networks.models import Metric, MetricAvailability, Subject

NOT_AVAILABLE, NOT_YET = "not_available", "not_yet"  # as `core.templatetags.figures` knows them
FOLLOWERS = "followers"


@dataclass(frozen=True, kw_only=True)
class Latest:
    """The newest value of one metric of one subject."""

    value: Decimal
    observed_on: date
    source: str
    fetched_at: datetime
    person: str = ""  # who entered or imported it

    @property
    def fresh(self) -> Fresh:
        return Fresh(source=self.source, at=self.fetched_at, person=self.person)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure as a page shows it. Without a value, `missing` says why: none is given, or nobody knows it yet."""

    metric: Metric
    is_given: bool
    latest: Latest | None = None

    @property
    def value(self) -> Decimal | None:
        return self.latest.value if self.latest else None

    @property
    def missing(self) -> str:
        return NOT_YET if self.is_given else NOT_AVAILABLE

    @property
    def observed_on(self) -> date | None:
        return self.latest.observed_on if self.latest else None

    @property
    def fresh(self) -> Fresh | None:
        return self.latest.fresh if self.latest else None


Given = Mapping[tuple[str, str], frozenset[str]]
Newest = Mapping[int, Mapping[str, Latest]]


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All metrics by short name, in order, and which ones each network gives for its accounts and posts."""

    metrics: Mapping[str, Metric]
    given: Given

    @classmethod
    def load(cls) -> Self:
        """Two queries, whatever is asked of it."""
        given: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        rows = MetricAvailability.objects.filter(is_given=True).order_by()
        for network, subject, metric in rows.values_list("network_id", "subject", "metric_id"):
            given[network, subject].add(metric)
        return cls(metrics=Metric.objects.in_bulk(), given={key: frozenset(value) for key, value in given.items()})

    def gives(self, network: str, subject: str) -> frozenset[str]:
        return self.given.get((network, subject), frozenset())

    def of_brand(self) -> list[Metric]:
        """What no network gives: visits, leads, money, answers."""
        return self.in_order(slug for slug, metric in self.metrics.items() if metric.subject == Metric.About.BRAND)

    def in_order(self, slugs: Iterable[str]) -> list[Metric]:
        chosen = [self.metrics[slug] for slug in set(slugs) if slug in self.metrics]
        return sorted(chosen, key=lambda metric: (metric.position, metric.slug))

    def given_anywhere(self, networks: Iterable[str], subject: str) -> list[Metric]:
        """The metrics that at least one of these networks gives: the columns of a table about several of them."""
        return self.in_order(slug for network in set(networks) for slug in self.gives(network, subject))

    def figure(self, metric: Metric, network: str, subject: str, newest: Mapping[str, Latest]) -> Figure:
        latest = newest.get(metric.slug)
        return Figure(
            metric=metric, is_given=latest is not None or metric.slug in self.gives(network, subject), latest=latest
        )

    def figures(
        self, metrics: Iterable[Metric], network: str, subject: str, newest: Mapping[str, Latest]
    ) -> list[Figure]:
        return [self.figure(metric, network, subject, newest) for metric in metrics]


# Both read rollups. Of an account on a day, the unique constraint's index is walked backwards from that day.
_LATEST = {
    Subject.DELIVERY: """
        SELECT o.delivery_id, o.metric_id, o.value, o.observed_on, o.source, o.fetched_at,
               coalesce(nullif(u.name, ''), u.email, '')
        FROM analytics_deliveryfigure o LEFT JOIN teams_user u ON u.id = o.entered_by_id
        WHERE o.delivery_id = ANY(%(ids)s::bigint[]) AND o.metric_id = ANY(%(metrics)s::text[])
    """,
    Subject.ACCOUNT: """
        SELECT s.id, m.slug, o.value, o.observed_on, o.source, o.fetched_at, coalesce(nullif(u.name, ''), u.email, '')
        FROM unnest(%(ids)s::bigint[]) AS s(id)
        CROSS JOIN unnest(%(metrics)s::text[]) AS m(slug)
        CROSS JOIN LATERAL (
            SELECT value, observed_on, source, fetched_at, entered_by_id FROM analytics_dailyfigure
            WHERE account_id = s.id AND metric_id = m.slug AND observed_on <= %(until)s
            ORDER BY observed_on DESC LIMIT 1
        ) AS o
        LEFT JOIN teams_user u ON u.id = o.entered_by_id
    """,
}
_COLUMNS = ("value", "observed_on", "source", "fetched_at", "person")
_SERIES = """
    SELECT account_id, metric_id, observed_on, value FROM analytics_dailyfigure
    WHERE account_id = ANY(%(ids)s) AND metric_id = ANY(%(metrics)s) AND observed_on BETWEEN %(first)s AND %(last)s
    ORDER BY account_id, metric_id, observed_on
"""


def latest(
    subject: Subject, ids: Collection[int], metrics: Iterable[str], *, until: date = date.max
) -> dict[int, dict[str, Latest]]:
    """The newest value of each metric of each account (no later than `until`) or delivery: by day, then by when it was
    fetched. One query."""
    found: dict[int, dict[str, Latest]] = {pk: {} for pk in ids}
    values: dict[str, Any] = {"ids": list(ids), "metrics": list(metrics), "until": until}
    with connection.cursor() as cursor:
        cursor.execute(_LATEST[subject], values)
        for pk, metric, *columns in cursor.fetchall():
            found[pk][metric] = Latest(**dict(zip(_COLUMNS, columns, strict=True)))
    return found


Series = list[tuple[date, Decimal]]


def account_series(
    ids: Collection[int], metrics: Iterable[str], *, first: date, last: date
) -> dict[tuple[int, str], Series]:
    """One value for each account, metric and day that has any, oldest first: the one fetched last. One query."""
    series: defaultdict[tuple[int, str], Series] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_SERIES, {"ids": list(ids), "metrics": list(metrics), "first": first, "last": last})
        for account_id, metric, day, value in cursor.fetchall():
            series[account_id, metric].append((day, value))
    return dict(series)
