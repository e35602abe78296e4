"""What a goal's page draws: what was reached beside what was needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.charts import Chart, Series, Value
from core.look import dress
from plans.models import Goal, GoalStatus
from plans.outlook import Points, Prospect, course_points, drawn, is_drawn, prospect
from plans.queries import TargetLine, target_lines
from plans.rules.facts import Per
from plans.rules.results import DeliveryResult, Evaluation, PeriodResult, TargetResult
from plans.words import measured, quantity, span, tally
from teams.models import Brand

NAMED = 20  # posts and weeks that fell short which are named on the page; the rest is counted


@dataclass(frozen=True)
class ShortPeriod:
    words: str
    actual: str
    needed: str
    day: date
    view: str  # of the calendar that shows it


@dataclass(frozen=True)
class ShortPost:
    id: int
    label: str
    day: date
    actual: str  # 1 comment
    brand: str  # the slug of the brand whose page of it may be opened; empty: nobody's here


@dataclass(frozen=True)
class Card:
    """One target: its sentence, how far it has come, its course, and what fell short."""

    line: TargetLine
    chart: Chart | None = None
    summary: str = ""
    periods: Sequence[ShortPeriod] = ()
    deliveries: Sequence[ShortPost] = ()
    more: int = 0  # fell short as well, but are not named
    prospect: Prospect | None = None

    @property
    def chart_id(self) -> str:
        return f"chart-{self.line.target.pk}"

    @property
    def status_words(self) -> str:
        return str(GoalStatus(self.line.result.status).label) if self.line.result else ""

    @property
    def tone(self) -> str:
        return dress(self.line.result.status).tone if self.line.result else ""

    @property
    def percent(self) -> int | None:
        result = self.line.result
        return None if result is None or result.share is None else int(result.share * 100)


Brands = Mapping[int, Brand]


def result_cards(goal: Goal, evaluation: Evaluation | None, branches: Brands = MappingProxyType({})) -> list[Card]:
    """One for each target of a goal that was fetched with its targets, plan and brand. No query.

    What other brands than the goal's own published is named only where they are among `branches`: those that whoever
    reads it may open.
    """
    lines = target_lines(goal, evaluation)
    own = goal.plan.brand
    brands = {**branches, own.pk: own}
    return [
        Card(line)
        if line.result is None or evaluation is None
        else _card(goal, line, _told(line.result, own, brands), brands, evaluation.today)
        for line in lines
    ]


def _told(result: TargetResult, own: Brand, brands: Brands) -> TargetResult:
    """With whose post it is beside its title, where that is another brand's."""

    def told(row: DeliveryResult) -> DeliveryResult:
        if row.brand_id in (None, own.pk):
            return row
        brand = brands.get(row.brand_id or 0)
        return replace(row, label=f"{row.label} · {brand}" if brand else _("A post of a branch"))

    rows = tuple(map(told, result.deliveries))
    return replace(result, deliveries=rows, short_deliveries=tuple(map(told, result.short_deliveries)))


def _card(goal: Goal, line: TargetLine, result: TargetResult, brands: Brands, today: date) -> Card:
    periods = result.short_periods[:NAMED] if result.per is not Per.WHOLE else ()
    deliveries = [_short_post(goal, line, delivery, brands) for delivery in result.short_deliveries[:NAMED]]
    ahead = prospect(goal, line, result, today)
    return Card(
        line=line,
        chart=_chart(line, result, ahead, today),
        summary=_summary(line, result),
        periods=[_short(line, result, period) for period in periods],
        deliveries=deliveries,
        more=result.short - len(periods) - len(deliveries) if result.per is not Per.WHOLE else 0,
        prospect=ahead,
    )


def _summary(line: TargetLine, result: TargetResult) -> str:
    """7 of 9 weeks; or for the whole period: 420 of 1,000."""
    if result.per is not Per.WHOLE:
        return tally(result.per, result.met, result.judged) if result.judged else ""
    if result.actual is None:
        return ""
    unit = line.target.metric.unit
    return _("%(actual)s of %(needed)s") % {
        "actual": quantity(result.actual, unit),
        "needed": quantity(result.needed, unit),
    }


def _short(line: TargetLine, result: TargetResult, period: PeriodResult) -> ShortPeriod:
    unit = line.target.metric.unit
    needed = period.low if period.high is None or (period.actual or 0) < (period.low or 0) else period.high
    words = span(result.per, period.starts_on, period.ends_on)
    view = "month" if result.per is Per.MONTH else "week"
    return ShortPeriod(words, quantity(period.actual, unit), quantity(needed, unit), period.starts_on, view)


def _short_post(goal: Goal, line: TargetLine, found: DeliveryResult, brands: Brands) -> ShortPost:
    brand = brands.get(goal.brand_id if found.brand_id is None else found.brand_id)
    actual = measured(found.actual, line.target.metric)
    return ShortPost(found.id, found.label, found.day, actual, brand.slug if brand else "")


def _chart(line: TargetLine, result: TargetResult, ahead: Prospect | None, today: date) -> Chart | None:
    """A line through the posts, the periods or the course beside what was needed; none for a single number."""
    name = str(line.target.metric.label)
    if result.per is Per.DELIVERY:
        rows = result.deliveries
        labels = [f"{_day(row.day)} · {Truncator(row.label).chars(20)}" for row in rows]
        needed = [result.needed] * len(rows)
        return _lines(labels, name, [row.actual for row in rows], needed, _("Post")) if rows else None
    if result.per is Per.WHOLE:
        return _course(name, course_points(result), ahead, today)
    labels = [_period(result, row) for row in result.periods]
    needed = [row.low if row.low is not None else row.high for row in result.periods]
    return _lines(labels, name, [row.actual for row in result.periods], needed, _("Period")) if labels else None


def _course(name: str, points: Points, ahead: Prospect | None, today: date) -> Chart | None:
    """What was there day by day beside what was needed by then, and how it goes on."""
    if not points:
        return None
    days = [day for day, _actual, _needed in points]
    chart = _lines(
        [_day(day) for day in days], name, [actual for _day, actual, _needed in points],
        [needed for _day, _actual, needed in points], _("Day"),
    )  # fmt: skip
    if ahead is None or ahead.course is None or not is_drawn(ahead):
        return chart
    return replace(chart, outlook=drawn(ahead.course, days, today))


def _day(day: date) -> str:
    return date_format(day, pgettext("a day in a chart: 16 Oct", "j M"))


def _period(result: TargetResult, period: PeriodResult) -> str:
    """A period in words; one that is not over yet says so."""
    words = span(result.per, period.starts_on, period.ends_on)
    return words if period.is_complete else _("%(period)s (so far)") % {"period": words}


def _lines(labels: Sequence[str], name: str, actual: Sequence[Value], needed: Sequence[Value], head: str) -> Chart:
    series = [Series(name=name, values=actual), Series(name=_("Needed"), values=needed, is_pace=True)]
    return Chart(labels=labels, series=series, label_name=head)
