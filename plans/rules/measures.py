"""One number from many figures: counts, totals, means, medians and shares of publications; levels and growth of
accounts."""

import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from plans.rules.facts import PUBLISHED, AccountFact, Aggregation, Series, Spec
from plans.rules.gathered import ZERO, DayFact, Gathered, worth
from plans.rules.periods import Period

CENT = Decimal("0.01")
HIGHEST = Decimal("Infinity")  # stands after every value of its day


@dataclass(frozen=True)
class Measure:
    """A number, or None while nothing is known, and how many publications or accounts gave none and why."""

    actual: Decimal | None
    not_yet: int = 0
    not_available: int = 0


def measure(case: Gathered, period: Period) -> Measure:
    """The number of one period, in the way that the target asks for."""
    spec = case.spec
    if spec.aggregation in OF_ACCOUNTS:
        return over_accounts(OF_ACCOUNTS[spec.aggregation], spec, case.series, period)
    days = within(case.days, period)
    if spec.is_of_brand and not days:
        return Measure(None, not_yet=1)
    if spec.aggregation is Aggregation.SHARE:
        return share(spec, days, within(case.whole, period))
    return (OF_BRAND if spec.is_of_brand else OF_POSTS)[spec.aggregation](spec, days)


def within(days: Sequence[DayFact], period: Period) -> Sequence[DayFact]:
    """Those of sorted days that lie in the period."""
    by_day = attrgetter("day")
    start = bisect_left(days, period.starts_on, key=by_day)
    return days[start : bisect_right(days, period.ends_on, key=by_day)]


# -- publications -----------------------------------------------------------------------------------------------------


def count(_spec: Spec, days: Sequence[DayFact]) -> Measure:
    return Measure(Decimal(sum(day.count for day in days)))


def total(_spec: Spec, days: Sequence[DayFact]) -> Measure:
    """What the publications earned together: 0 when nothing was published, unknown when nothing was measured."""
    is_known = any(day.known for day in days) or not days
    return _measured(sum_of(days) if is_known else None, days)


def mean(_spec: Spec, days: Sequence[DayFact]) -> Measure:
    known = sum(day.known for day in days)
    return _measured((sum_of(days) / known).quantize(CENT) if known else None, days)


def median(_spec: Spec, days: Sequence[DayFact]) -> Measure:
    """The figure in the middle; half of the publications have more, half have less."""
    return _measured(middle([value for day in days for value in day.values]), days)


def share(spec: Spec, days: Sequence[DayFact], whole: Sequence[DayFact]) -> Measure:
    """How many percent of the whole the target's part is; unknown of nothing."""
    if spec.metric == PUBLISHED:
        return Measure(percent(Decimal(sum(day.count for day in days)), Decimal(sum(day.count for day in whole))))
    return _measured(percent(sum_of(days), sum_of(whole)), whole)


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return (100 * part / whole).quantize(CENT) if whole else None


def sum_of(days: Sequence[DayFact]) -> Decimal:
    return sum((day.total for day in days), ZERO)


def _measured(actual: Decimal | None, days: Sequence[DayFact]) -> Measure:
    return Measure(actual, sum(day.not_yet for day in days), sum(day.not_available for day in days))


# -- the brand's own figures ------------------------------------------------------------------------------------------


def brand_mean(spec: Spec, days: Sequence[DayFact]) -> Measure:
    return Measure(average([worth(spec, day) for day in days]))


def brand_median(spec: Spec, days: Sequence[DayFact]) -> Measure:
    return Measure(middle([worth(spec, day) for day in days]))


def average(values: Sequence[Decimal]) -> Decimal | None:
    """The mean, to two decimals; None of nothing."""
    return (sum(values, ZERO) / len(values)).quantize(CENT) if values else None


def middle(values: Sequence[Decimal]) -> Decimal | None:
    """The median, to two decimals; None of nothing."""
    return Decimal(statistics.median(values)).quantize(CENT) if values else None


# -- accounts ---------------------------------------------------------------------------------------------------------


def _until(series: Series, period: Period) -> tuple[int, int]:
    """How many values lie before the period, and how many before its end."""
    before = bisect_left(series, (period.starts_on, -HIGHEST))
    return before, bisect_right(series, (period.ends_on, HIGHEST))


def level(account: AccountFact, period: Period) -> Decimal | None:
    """The last value within the period."""
    before, until = _until(account.series, period)
    return account.series[until - 1][1] if until > before else None


def base(account: AccountFact, period: Period) -> Decimal | None:
    """Where the account stood as the period began: the last value before it, else the first one in it."""
    before, until = _until(account.series, period)
    return account.series[max(before - 1, 0)][1] if until else None


def growth(account: AccountFact, period: Period) -> Decimal | None:
    """By how much the account rose; unknown from a single value."""
    _before, until = _until(account.series, period)
    start, end = base(account, period), level(account, period)
    is_single = not until or account.series[0][0] == account.series[until - 1][0]
    return None if start is None or end is None or is_single else end - start


def over_accounts(
    read: Callable[[AccountFact, Period], Decimal | None], spec: Spec, accounts: Sequence[AccountFact], period: Period
) -> Measure:
    """The accounts' values added up (or averaged, for percentages and the like)."""
    available = [account for account in accounts if account.is_available]
    values = [value for account in available if (value := read(account, period)) is not None]
    not_yet = len(available) - len(values) if accounts else 1
    together = sum(values, ZERO) if values and spec.is_additive else average(values)
    return Measure(together, not_yet, len(accounts) - len(available))


OF_POSTS = {Aggregation.COUNT: count, Aggregation.SUM: total, Aggregation.MEAN: mean, Aggregation.MEDIAN: median}
OF_BRAND = {
    Aggregation.COUNT: total, Aggregation.SUM: total, Aggregation.MEAN: brand_mean, Aggregation.MEDIAN: brand_median,
}  # fmt: skip
OF_ACCOUNTS = {Aggregation.LAST: level, Aggregation.CHANGE: growth}
