"""The way of a target over the whole period: where it stood week by week, beside the even way to its number."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from plans.rules.facts import Aggregation
from plans.rules.gathered import Gathered
from plans.rules.measures import CENT, measure
from plans.rules.periods import DAY, Period
from plans.rules.results import CoursePoint

WEEK = 7
MOST_POINTS = 60
RISING = (Aggregation.COUNT, Aggregation.SUM, Aggregation.CHANGE)  # from nothing to the number


def course(case: Gathered, span: Period, today: date, start: Decimal | None) -> tuple[CoursePoint, ...]:
    """A point at the end of each week of the goal (of longer stretches when it is longer than a year or so), one where
    it stands today, and one on the due date. `start` is where a level began."""
    now = min(today, span.ends_on)
    return tuple(
        CoursePoint(
            day,
            measure(case, Period(span.starts_on, day)).actual if day <= now else None,
            needed(case, span, day, start),
        )
        for day in sorted({*stops(span), now})
    )


def stops(span: Period) -> Iterator[date]:
    step = timedelta(days=max(WEEK, -(-span.days // MOST_POINTS)))
    day = span.starts_on + step - DAY
    while day < span.ends_on:
        yield day
        day += step
    yield span.ends_on


def needed(case: Gathered, span: Period, day: date, start: Decimal | None) -> Decimal | None:
    """The even way from nothing, or from where the level stood; of averages and shares the number itself."""
    spec = case.spec
    goal = spec.high if spec.low is None else spec.low
    if goal is None:
        return None
    begin = Decimal(0) if spec.aggregation in RISING else start
    if begin is None:
        return goal
    share = Decimal((day - span.starts_on).days + 1) / span.days
    return (begin + (goal - begin) * share).quantize(CENT)
