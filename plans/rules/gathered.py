"""What one target is judged by: day by day what was published and measured in its scope, or the series of accounts.

The database gathers it for a real brand (`analytics.queries.facts`); `gather` does the same from single facts.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from plans.rules.facts import AccountFact, DeliveryFact, Per, PortionFact, Series, Spec
from plans.rules.results import DeliveryResult

ZERO = Decimal(0)
KEPT_DELIVERIES = 60  # publications kept for the chart, and as many for the list of those that fell short


@dataclass(frozen=True, kw_only=True)
class DayFact:
    """One local day in a target's scope: `count` publications (or portions of the brand's figures), of which `known`
    have a figure and `not_available` never will. `values` are the single figures, where they are needed."""

    day: date
    count: int = 0
    known: int = 0
    not_available: int = 0
    total: Decimal = ZERO
    values: Sequence[Decimal] = ()
    fetched_at: datetime | None = None  # the newest of these figures

    @property
    def not_yet(self) -> int:
        return self.count - self.known - self.not_available


@dataclass(frozen=True, kw_only=True)
class Posts:
    """The publications in a target's scope, each judged by itself: `met` of `judged`, their `total`, the `latest` ones
    (oldest first) and the latest that fell `short` (newest first)."""

    met: int = 0
    judged: int = 0
    total: Decimal = ZERO
    not_yet: int = 0
    not_available: int = 0
    latest: tuple[DeliveryResult, ...] = ()
    short: tuple[DeliveryResult, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """All that one target is judged by, within the dates of its goal. `whole` is what a share is a share of; `series`
    reach back to before the goal began. `data_until` is when the newest of these figures came in."""

    spec: Spec
    days: Sequence[DayFact] = ()
    whole: Sequence[DayFact] = ()
    posts: Posts = field(default_factory=Posts)
    series: Sequence[AccountFact] = ()
    data_until: datetime | None = None


def fits(spec: Spec, actual: Decimal) -> bool:
    return (spec.low is None or actual >= spec.low) and (spec.high is None or actual <= spec.high)


# -- from single facts ------------------------------------------------------------------------------------------------


def gather(
    spec: Spec, deliveries: Iterable[DeliveryFact], accounts: Iterable[AccountFact], portions: Iterable[PortionFact],
    *, first: date, last: date,
) -> Gathered:  # fmt: skip
    """Facts in any order, also of other days and places than the target's."""
    if spec.is_of_brand:
        return of_portions(spec, portions, first=first, last=last)
    if spec.is_of_accounts:
        mine = [replace(fact, series=sorted(fact.series)) for fact in accounts if fact.is_in(spec)]
        return Gathered(spec=spec, series=mine)
    within = sorted((fact for fact in deliveries if first <= fact.day <= last), key=lambda fact: (fact.day, fact.id))
    if spec.per is Per.DELIVERY:
        return Gathered(spec=spec, posts=_posts(spec, [fact for fact in within if fact.is_in(spec)]))
    return Gathered(spec=spec, days=_days(spec, within), whole=_days(spec.whole, within))


def _posts(spec: Spec, facts: Sequence[DeliveryFact]) -> Posts:
    known = [(fact, fact.figures[spec.metric]) for fact in facts if spec.metric in fact.figures]
    rows = [
        DeliveryResult(id=fact.id, label=fact.label, day=fact.day, actual=actual, is_met=fits(spec, actual))
        for fact, actual in known
    ]
    not_available = sum(_is_never_given(spec, fact) for fact in facts)
    return Posts(
        met=sum(row.is_met for row in rows), judged=len(rows), total=sum((row.actual for row in rows), ZERO),
        not_yet=len(facts) - len(rows) - not_available, not_available=not_available,
        latest=tuple(rows[-KEPT_DELIVERIES:]),
        short=tuple([row for row in reversed(rows) if not row.is_met][:KEPT_DELIVERIES]),
    )  # fmt: skip


def _is_never_given(spec: Spec, fact: DeliveryFact) -> bool:
    return spec.metric not in fact.figures and spec.metric in fact.not_available


def _days(spec: Spec, facts: Iterable[DeliveryFact]) -> list[DayFact]:
    by_day: defaultdict[date, list[DeliveryFact]] = defaultdict(list)
    for fact in facts:
        if fact.is_in(spec):
            by_day[fact.day].append(fact)
    return [_day(spec, day, by_day[day]) for day in sorted(by_day)]


def _day(spec: Spec, day: date, facts: Sequence[DeliveryFact]) -> DayFact:
    values = [fact.figures[spec.metric] for fact in facts if spec.metric in fact.figures]
    return DayFact(
        day=day, count=len(facts), known=len(values), total=sum(values, ZERO), values=sorted(values),
        not_available=sum(_is_never_given(spec, fact) for fact in facts),
    )  # fmt: skip


# -- what no network gives --------------------------------------------------------------------------------------------


def of_portions(spec: Spec, portions: Iterable[PortionFact], *, first: date, last: date) -> Gathered:
    """The portions in a target's scope as one: added up by day, or averaged where adding makes no sense."""
    listed = list(portions)
    before_and_within = added(fact.series for fact in listed if fact.is_in(spec))
    whole = added(fact.series for fact in listed if fact.is_in(spec.whole))
    together = AccountFact(
        account_id=0, metric=spec.metric, network="", series=[(day.day, worth(spec, day)) for day in before_and_within]
    )
    return Gathered(
        spec=spec,
        days=[fact for fact in before_and_within if first <= fact.day <= last],
        whole=[fact for fact in whole if first <= fact.day <= last],
        series=[together],
    )


def added(series: Iterable[Series]) -> list[DayFact]:
    by_day: defaultdict[date, list[Decimal]] = defaultdict(list)
    for one in series:
        for day, value in one:
            by_day[day].append(value)
    return [
        DayFact(day=day, count=len(by_day[day]), known=len(by_day[day]), total=sum(by_day[day], ZERO))
        for day in sorted(by_day)
    ]


def worth(spec: Spec, fact: DayFact) -> Decimal:
    """One number for one day of the brand's own figures."""
    return fact.total if spec.is_additive else fact.total / fact.known
