"""The forecast of a target as its page says and draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.charts import Outlook
from networks.models import Metric
from networks.rules.values import LOWEST
from plans.models import Goal
from plans.queries import TargetLine
from plans.rules.facts import Per
from plans.rules.forecast import Chance, Course, Forecast, Silence, Spread, ahead, course_of, forecast
from plans.rules.results import TargetResult
from plans.words import quantity, tally

CHANCES = {
    Chance.LIKELY: (gettext_lazy("likely to be met"), "sea", "check-circle"),
    Chance.POSSIBLE: (gettext_lazy("may be met"), "amber", "question-circle"),
    Chance.UNLIKELY: (gettext_lazy("unlikely to be met"), "coral", "exclamation-octagon"),
}
SILENCES = {
    Silence.TOO_EARLY: gettext_lazy("No forecast yet: it takes at least four complete weeks."),
    Silence.OF_AVERAGES: gettext_lazy(
        "No forecast: where an average over the whole period stands says little of where it ends."
    ),
}
Points = Sequence[tuple[date, Decimal | None, Decimal | None]]  # day, what was there, what was needed by then


def course_points(result: TargetResult) -> Points:
    """The weekly course of a target over the whole period; empty while none was kept with its result."""
    return [(point.day, point.actual, point.needed) for point in result.course]


@dataclass(frozen=True)
class Prospect:
    """What is ahead of one target: in words, and what the chart continues with."""

    found: Forecast | Silence
    words: str
    stands_on: str = ""
    course: Course | None = None

    @property
    def chance(self) -> str:
        return str(CHANCES[self.found.chance][0]) if isinstance(self.found, Forecast) else ""

    @property
    def tone(self) -> str:
        return CHANCES[self.found.chance][1] if isinstance(self.found, Forecast) else ""

    @property
    def icon(self) -> str:
        return CHANCES[self.found.chance][2] if isinstance(self.found, Forecast) else ""


def prospect(goal: Goal, line: TargetLine, result: TargetResult, today: date) -> Prospect | None:
    """None when nothing is ahead any more, or nothing is known yet. Needs the goal's plan with its brand."""
    course = _course(goal, line, result, today)
    found = forecast(
        result, course, starts_on=goal.starts_on, due_on=goal.due_on, today=today,
        first_weekday=goal.plan.brand.first_weekday,
    )  # fmt: skip
    if found is None:
        return None
    if isinstance(found, Silence):
        return Prospect(found, str(SILENCES[found]))
    due = date_format(goal.due_on, "DATE_FORMAT")
    if found.of is None:
        return Prospect(found, _number(found, line.target.metric.unit, due), _weeks(found.stands_on), course)
    return Prospect(found, _share(found, result.per, due), _judged(result))


def _course(goal: Goal, line: TargetLine, result: TargetResult, today: date) -> Course | None:
    points = course_points(result)
    if not points or result.actual is None:
        return None
    return course_of(
        [(day, actual) for day, actual, _needed in points], current=result.actual, starts_on=goal.starts_on,
        today=today, kind=result.kind, is_whole=line.target.metric.unit == Metric.Unit.COUNT,
        lowest=LOWEST.get(line.target.metric_id, Decimal(0)),
    )  # fmt: skip


def drawn(course: Course, days: Sequence[date], today: date) -> Outlook:
    """The course as it goes on from where it stands today to the end of each later day of the chart."""
    spreads = [ahead(course, (day - today).days + (day > today)) if day >= today else None for day in days]

    def line(name: str) -> list[Decimal | None]:
        return [getattr(spread, name) if isinstance(spread, Spread) else None for spread in spreads]

    return Outlook(
        name=_("Forecast"), low_name=_("At least (8 in 10)"), high_name=_("At most (8 in 10)"),
        values=line("point"), low=line("low"), high=line("high"),
    )  # fmt: skip


def is_drawn(found: Prospect | None) -> bool:
    return found is not None and found.course is not None and isinstance(found.found, Forecast)


# -- words ------------------------------------------------------------------------------------------------------------


def _number(found: Forecast, unit: str, due: str) -> str:
    names = {"point": found.point, "low": found.low, "high": found.high}
    words = {name: quantity(value, unit) for name, value in names.items()} | {"due": due}
    if found.low == found.high:
        return _("If it goes on like this: %(point)s by %(due)s.") % words
    return _("If it goes on like this: %(point)s by %(due)s, eight times in ten between %(low)s and %(high)s.") % words


def _share(found: Forecast, per: Per, due: str) -> str:
    words = {
        "tally": tally(per, int(found.point), found.of or 0), "low": found.low, "high": found.high, "due": due,
        "needed": found.needed,
    }  # fmt: skip
    if found.low == found.high:
        return _("If it goes on like this: %(tally)s by %(due)s; it takes %(needed)s.") % words
    return (
        _("If it goes on like this: %(tally)s by %(due)s, eight times in ten %(low)s to %(high)s; it takes %(needed)s.")
        % words
    )


def _weeks(days: int) -> str:
    weeks = days // 7
    return ngettext("It stands on the last %(weeks)d week.", "It stands on the last %(weeks)d weeks.", weeks) % {
        "weeks": weeks
    }


def _judged(result: TargetResult) -> str:
    return _("It stands on what was judged so far: %(tally)s.") % {
        "tally": tally(result.per, result.met, result.judged)
    }
