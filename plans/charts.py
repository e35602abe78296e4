"""What a goal's page draws: what was reached beside what was needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.charts import Chart, Series
from core.look import dress
from plans.models import GoalStatus
from plans.queries import TargetLine
from plans.rules.facts import Per
from plans.rules.results import DeliveryResult, PeriodResult, TargetResult
from plans.words import measured, quantity, span, tally

NAMED = 20  # posts and weeks that fell short which are named on the page; the rest is counted


@dataclass(frozen=True)
class ShortPeriod:
    words: str
    actual: str
    needed: str


@dataclass(frozen=True)
class ShortPost:
    id: int
    label: str
    day: date
    actual: str  # 1 comment


@dataclass(frozen=True)
class Card:
    """One target: its sentence, how far it has come, its course, and what fell short."""

    line: TargetLine
    chart: Chart | None = None
    summary: str = ""
    periods: Sequence[ShortPeriod] = ()
    deliveries: Sequence[ShortPost] = ()
    more: int = 0  # fell short as well, but are not named

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


def result_cards(lines: Sequence[TargetLine]) -> list[Card]:
    return [Card(line) if line.result is None else _card(line, line.result) for line in lines]


def _card(line: TargetLine, result: TargetResult) -> Card:
    periods = result.short_periods[:NAMED] if result.per is not Per.WHOLE else ()
    deliveries = [_short_post(line, delivery) for delivery in result.short_deliveries[:NAMED]]
    return Card(
        line=line,
        chart=_chart(line, result),
        summary=_summary(line, result),
        periods=[_short(line, result, period) for period in periods],
        deliveries=deliveries,
        more=result.short - len(periods) - len(deliveries) if result.per is not Per.WHOLE else 0,
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
    return ShortPeriod(words, quantity(period.actual, unit), quantity(needed, unit))


def _short_post(line: TargetLine, found: DeliveryResult) -> ShortPost:
    return ShortPost(found.id, found.label, found.day, measured(found.actual, line.target.metric))


def _chart(line: TargetLine, result: TargetResult) -> Chart | None:
    """A line through the periods or posts beside what each needed; none for a single number."""
    name = str(line.target.metric.label)
    if result.per is Per.DELIVERY:
        rows = result.deliveries
        day = pgettext("a day in a chart: 16 Oct", "j M")
        labels = [f"{date_format(row.day, day)} · {Truncator(row.label).chars(20)}" for row in rows]
        needed = [result.needed] * len(rows)
        return _lines(labels, name, [row.actual for row in rows], needed, _("Post")) if rows else None
    if result.per is Per.WHOLE or not result.periods:
        return None
    labels = [_period(result, row) for row in result.periods]
    needed = [row.low if row.low is not None else row.high for row in result.periods]
    return _lines(labels, name, [row.actual for row in result.periods], needed, _("Period"))


def _period(result: TargetResult, period: PeriodResult) -> str:
    """A period in words; one that is not over yet says so."""
    words = span(result.per, period.starts_on, period.ends_on)
    return words if period.is_complete else _("%(period)s (so far)") % {"period": words}


def _lines(labels: Sequence[str], name: str, actual: Sequence[object], needed: Sequence[object], head: str) -> Chart:
    series = [
        Series(name=name, values=actual),  # type: ignore[arg-type]
        Series(name=_("Needed"), values=needed, is_pace=True),  # type: ignore[arg-type]
    ]
    return Chart(labels=labels, series=series, label_name=head)
