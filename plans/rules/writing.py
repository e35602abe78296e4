"""Whether targets can be meant as they are written: each problem with the field it belongs beside.

Text comes from gettext; nothing else of Django is used.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from plans.rules.facts import PUBLISHED, Aggregation, Comparison, Per
from plans.rules.smart import TargetDraft, clash, contradictions, unavailable

LIMITS = {"percent": Decimal(100), "score": Decimal(100)}  # the highest value that makes sense, by unit
UNLIMITED = ("roi",)  # a return of 250 percent is possible
ADDITIVE = ("count", "currency")  # units of which totals make sense
OF_DELIVERIES = (Aggregation.SUM, Aggregation.MEAN)
OF_ACCOUNTS = (Aggregation.LAST, Aggregation.CHANGE)


@dataclass(frozen=True)
class Problem:
    """Why a target (the `row`-th) is refused, and beside which field to say so."""

    row: int
    field: str
    message: str


def settle(target: TargetDraft) -> TargetDraft:
    """The same target with its aggregation made to fit, where only one can be meant."""
    if target.metric == PUBLISHED:
        return replace(target, aggregation=Aggregation.COUNT)
    if target.per is Per.DELIVERY:
        return replace(target, aggregation=Aggregation.LAST)
    return target


def usual_aggregation(metric: str, subject: str, per: Per) -> Aggregation:
    """What is meant when nobody says: publications are counted, their figures added up, accounts have a level."""
    if metric == PUBLISHED:
        return Aggregation.COUNT
    return Aggregation.LAST if per is Per.DELIVERY or subject == "account" else Aggregation.SUM


def problems(targets: Sequence[TargetDraft]) -> Iterator[Problem]:
    """Everything that is wrong, row by row; then what contradicts each other."""
    for row, target in enumerate(targets):
        for field, message in (*meaning(target), *numbers(target)):
            yield Problem(row, field, message)
        if target.not_given_by:
            yield Problem(row, "metric", unavailable(target))
    for one, other in contradictions(targets):
        row = max(index for index, target in enumerate(targets) if target is one or target is other)
        yield Problem(row, "value", clash(one, other))


def meaning(target: TargetDraft) -> Iterator[tuple[str, str]]:
    """Whether the metric can be measured in the way that is asked for."""
    name, per, how = {"metric": target.metric_name}, target.per, target.aggregation
    if target.metric == PUBLISHED:
        if per is Per.DELIVERY:
            yield "per", _("Published posts are counted per day, week, month or over the whole period.")
        return
    if how is Aggregation.COUNT:
        yield "aggregation", _("Only published posts are counted. Choose total, average, level or growth.")
    if target.subject == "account" and (per is Per.DELIVERY or how in OF_DELIVERIES):
        yield "metric", _("“%(metric)s” belongs to an account, not to a post: choose its level or growth.") % name
    if target.subject == "delivery" and per is not Per.DELIVERY and how in OF_ACCOUNTS:
        yield "metric", _("“%(metric)s” belongs to posts: choose their total or average.") % name
    if how is Aggregation.SUM and target.unit not in ADDITIVE:
        yield "aggregation", _("“%(metric)s” cannot be added up: choose the average.") % name


def numbers(target: TargetDraft) -> Iterator[tuple[str, str]]:
    """Whether the numbers are there, in range and in order."""
    if target.value is None:
        yield "value", _("Give a number.")
        return
    if target.comparison is not Comparison.AT_MOST and target.value <= 0:
        yield "value", _("Ask for more than zero.")
    if target.comparison is Comparison.BETWEEN:
        if target.value_to is None:
            yield "value_to", _("“Between” needs a second number.")
        elif target.value_to <= target.value:
            yield "value_to", _("The second number must be higher than the first.")
    for field in ("value", "value_to", "baseline"):
        yield from one_number(target, field, getattr(target, field))


def one_number(target: TargetDraft, field: str, value: Decimal | None) -> Iterator[tuple[str, str]]:
    if value is None:
        return
    highest = None if target.metric in UNLIMITED else LIMITS.get(target.unit)
    is_counted = target.unit == "count" and target.aggregation is not Aggregation.MEAN and field != "baseline"
    if value < 0:
        yield field, _("A number below zero cannot be reached or measured.")
    if highest is not None and value > highest:
        yield field, _("“%(metric)s” cannot exceed %(highest)s.") % {"metric": target.metric_name, "highest": highest}
    if is_counted and value != value.to_integral_value():
        yield field, _("Give a whole number.")
