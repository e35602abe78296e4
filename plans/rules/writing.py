"""Whether targets can be meant as they are written: each problem with the field it belongs beside.

Text comes from gettext; nothing else of Django is used.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from networks.rules.values import LOWEST, UNLIMITED
from plans.rules.clashes import clash, contradictions, kind
from plans.rules.drafted import TargetDraft
from plans.rules.facts import PUBLISHED, Aggregation, Comparison, Per, Reach
from plans.rules.smart import unavailable

LIMITS = {"percent": Decimal(100), "score": Decimal(100)}  # the highest value that makes sense, by unit
ZERO = Decimal(0)
ADDITIVE = ("count", "currency")  # units of which totals make sense
OF_DELIVERIES = (Aggregation.SUM, Aggregation.MEAN, Aggregation.MEDIAN)
OF_ACCOUNTS = (Aggregation.LAST, Aggregation.CHANGE)
AVERAGED = (Aggregation.MEAN, Aggregation.MEDIAN)
BRAND, ACCOUNT, DELIVERY = "brand", "account", "delivery"  # what a metric is about


@dataclass(frozen=True)
class Problem:
    """Why a target (the `row`-th) is refused, and beside which field to say so."""

    row: int
    field: str
    message: str


def settle(target: TargetDraft) -> TargetDraft:
    """The same target with its aggregation made to fit, where only one can be meant."""
    if target.metric == PUBLISHED:
        how = Aggregation.SHARE if target.aggregation is Aggregation.SHARE else Aggregation.COUNT
        return replace(target, aggregation=how)
    if target.per is Per.DELIVERY:
        return replace(target, aggregation=Aggregation.LAST)
    return target


def usual_aggregation(metric: str, subject: str, per: Per, unit: str = "count") -> Aggregation:
    """What is meant when nobody says: publications are counted, figures added up where that makes sense, accounts have
    a level."""
    if metric == PUBLISHED:
        return Aggregation.COUNT
    if per is Per.DELIVERY or subject == ACCOUNT:
        return Aggregation.LAST
    return Aggregation.SUM if unit in ADDITIVE else Aggregation.MEAN


def problems(targets: Sequence[TargetDraft], days: int | None = None) -> Iterator[Problem]:
    """Everything that is wrong, row by row; then what contradicts each other in a goal of so many days."""
    for row, target in enumerate(targets):
        for field, message in (*meaning(target), *scope(target), *numbers(target)):
            yield Problem(row, field, message)
        if target.not_given_by:
            yield Problem(row, "metric", unavailable(target))
    for one, other in contradictions(targets, days):
        row = max(index for index, target in enumerate(targets) if target is one or target is other)
        yield Problem(row, "value", clash(one, other))


def meaning(target: TargetDraft) -> Iterator[tuple[str, str]]:
    """Whether the metric can be measured in the way that is asked for."""
    name, per, how = {"metric": target.metric_name}, target.per, target.aggregation
    if target.metric == PUBLISHED:
        yield from _publications(target)
        return
    if how is Aggregation.COUNT:
        yield "aggregation", _("Only published posts are counted. Choose total, average, level or growth.")
    if how is Aggregation.SHARE:
        yield "aggregation", _("Only published posts have a share: choose the metric “Published posts”.")
    if how is Aggregation.SUM and target.unit not in ADDITIVE:
        yield "aggregation", _("“%(metric)s” cannot be added up: choose the average.") % name
    if target.subject == BRAND:
        yield from _of_brand(target)
    if target.subject == ACCOUNT and (per is Per.DELIVERY or how in OF_DELIVERIES):
        yield "metric", _("“%(metric)s” belongs to an account, not to a post: choose its level or growth.") % name
    if target.subject == DELIVERY and per is not Per.DELIVERY and how in OF_ACCOUNTS:
        yield (
            "metric",
            _("“%(metric)s” belongs to posts, and older ones had longer to earn theirs: choose total or average.")
            % name,
        )


def _publications(target: TargetDraft) -> Iterator[tuple[str, str]]:
    if target.per is Per.DELIVERY:
        yield "per", _("Published posts are counted per day, week, month or over the whole period.")
    if target.aggregation is Aggregation.SHARE and not any(kind(target)):
        yield "content_kind", _("A share of what? Choose a content type, a format or a campaign.")


def _of_brand(target: TargetDraft) -> Iterator[tuple[str, str]]:
    """Visits, leads and money come to the brand as a whole; what adds up has a total, what does not a level."""
    name, how = {"metric": target.metric_name}, target.aggregation
    if target.per is Per.DELIVERY:
        yield (
            "per",
            _("“%(metric)s” belongs to the brand, not to a post: judge it by day, week, month or whole.") % name,
        )
    elif how is Aggregation.MEDIAN:
        yield "aggregation", _("“%(metric)s” belongs to the brand: only figures of posts have a median.") % name
    elif target.unit in ADDITIVE and how in (Aggregation.MEAN, *OF_ACCOUNTS):
        yield "aggregation", _("“%(metric)s” adds up over time: choose its total.") % name


def scope(target: TargetDraft) -> Iterator[tuple[str, str]]:
    """Whether the figure can be told apart by what is asked for."""
    name = {"metric": target.metric_name}
    if target.account_id is not None and target.reach is not Reach.BRAND:
        yield (
            "place",
            _("This account belongs to this brand alone. Choose a whole network, or the figures of this brand."),
        )
    if target.is_of_posts:
        return
    if target.format:
        yield "format", _("“%(metric)s” is not known by format: choose any format.") % name
    if target.content_kind_id is not None:
        yield "content_kind", _("“%(metric)s” is not known by content type: choose any content type.") % name
    if target.campaign_id is not None and target.subject != BRAND:
        yield "campaign", _("The level of an account is not known by campaign: choose any campaign.")


def numbers(target: TargetDraft) -> Iterator[tuple[str, str]]:
    """Whether the numbers are there, in range and in order."""
    if target.value is None:
        yield "value", _("Give a number.")
        return
    least = lowest(target, "value")
    if target.comparison is not Comparison.AT_MOST and target.value <= least:
        words = _("Ask for more than %(lowest)s.") if least else _("Ask for more than zero.")
        yield "value", words % {"lowest": least}
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
    highest = None if target.metric in UNLIMITED else LIMITS.get(target.measure)
    is_counted = target.measure == "count" and target.aggregation not in AVERAGED and field != "baseline"
    if value < 0 and not lowest(target, field):
        yield field, _("A number below zero cannot be reached or measured.")
    elif value < lowest(target, field):
        names = {"metric": target.metric_name, "lowest": lowest(target, field)}
        yield field, _("“%(metric)s” cannot be below %(lowest)s.") % names
    if highest is not None and value > highest:
        yield field, _too_high(target) % {"metric": target.metric_name, "highest": highest}
    if is_counted and value != value.to_integral_value():
        yield field, _("Give a whole number.")


def lowest(target: TargetDraft, field: str) -> Decimal:
    """A loss or a low score can be measured and asked for (“at least −20 percent”); to shrink cannot be a growth."""
    is_asked_to_grow = target.aggregation is Aggregation.CHANGE and field != "baseline"
    return ZERO if is_asked_to_grow else LOWEST.get(target.metric, ZERO)


def _too_high(target: TargetDraft) -> str:
    is_share = target.aggregation is Aggregation.SHARE
    return _("A share cannot exceed %(highest)s percent.") if is_share else _("“%(metric)s” cannot exceed %(highest)s.")
