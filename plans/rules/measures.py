"""One number from many figures: counts, totals and means of publications; levels and growth of accounts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plans.rules.facts import AccountFact, Aggregation, DeliveryFact, Spec
from plans.rules.periods import Period


@dataclass(frozen=True)
class Measure:
    """A number, or None while nothing is known, and how many publications or accounts gave none and why."""

    actual: Decimal | None
    not_yet: int = 0
    not_available: int = 0


def figures(spec: Spec, deliveries: Iterable[DeliveryFact]) -> tuple[list[tuple[DeliveryFact, Decimal]], int, int]:
    """The known figures, how many are not known yet, and how many the networks do not give."""
    known: list[tuple[DeliveryFact, Decimal]] = []
    not_yet = not_available = 0
    for delivery in deliveries:
        if spec.metric in delivery.figures:
            known.append((delivery, delivery.figures[spec.metric]))
        elif spec.metric in delivery.not_available:
            not_available += 1
        else:
            not_yet += 1
    return known, not_yet, not_available


def count(_spec: Spec, deliveries: Sequence[DeliveryFact]) -> Measure:
    return Measure(Decimal(len(deliveries)))


def total(spec: Spec, deliveries: Sequence[DeliveryFact]) -> Measure:
    """What the publications earned together: 0 when nothing was published, unknown when nothing was measured."""
    known, not_yet, not_available = figures(spec, deliveries)
    is_known = known or not deliveries
    return Measure(sum((figure for _, figure in known), Decimal(0)) if is_known else None, not_yet, not_available)


def mean(spec: Spec, deliveries: Sequence[DeliveryFact]) -> Measure:
    known, not_yet, not_available = figures(spec, deliveries)
    return Measure(average([figure for _, figure in known]), not_yet, not_available)


def average(values: Sequence[Decimal]) -> Decimal | None:
    """The mean, to two decimals; None of nothing."""
    return (sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.01")) if values else None


def level(account: AccountFact, period: Period) -> Decimal | None:
    """The last value within the period."""
    inside = [(day, value) for day, value in account.series if period.starts_on <= day <= period.ends_on]
    return max(inside)[1] if inside else None


def base(account: AccountFact, period: Period) -> Decimal | None:
    """Where the account stood as the period began: the last value before it, else the first one in it."""
    before = [(day, value) for day, value in account.series if day < period.starts_on]
    if before:
        return max(before)[1]
    inside = [(day, value) for day, value in account.series if period.starts_on <= day <= period.ends_on]
    return min(inside)[1] if inside else None


def growth(account: AccountFact, period: Period) -> Decimal | None:
    """By how much the account rose; unknown from a single value."""
    days = {day for day, _ in account.series if day <= period.ends_on}
    start, end = base(account, period), level(account, period)
    return None if start is None or end is None or len(days) < 2 else end - start


def over_accounts(
    read: Callable[[AccountFact, Period], Decimal | None], spec: Spec, accounts: Sequence[AccountFact], period: Period
) -> Measure:
    """The accounts' values added up (or averaged, for percentages and the like)."""
    available = [account for account in accounts if account.is_available]
    values = [value for account in available if (value := read(account, period)) is not None]
    not_yet = len(available) - len(values) if accounts else 1
    together = sum(values, Decimal(0)) if values and spec.is_additive else average(values)
    return Measure(together, not_yet, len(accounts) - len(available))


OF_DELIVERIES = {Aggregation.COUNT: count, Aggregation.SUM: total, Aggregation.MEAN: mean}
OF_ACCOUNTS = {Aggregation.LAST: level, Aggregation.CHANGE: growth}


def measure(spec: Spec, deliveries: Sequence[DeliveryFact], accounts: Sequence[AccountFact], period: Period) -> Measure:
    """The number of one period, from the publications of that period or from the accounts in the target's scope."""
    if spec.aggregation in OF_DELIVERIES:
        return OF_DELIVERIES[spec.aggregation](spec, deliveries)
    return over_accounts(OF_ACCOUNTS[spec.aggregation], spec, accounts, period)
