"""The days, weeks and months of a goal. Weeks begin on the brand's first weekday; all days are local days."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from plans.rules.facts import Per

DAY = timedelta(days=1)
LONGEST = timedelta(days=5 * 366)  # of a plan: each of its days may be judged by itself


@dataclass(frozen=True)
class Period:
    """A stretch of local days, both ends included. `portion` is how much of the whole calendar period lies within the
    goal: 1, or less for the first and last one when the goal starts or ends inside it."""

    starts_on: date
    ends_on: date
    portion: Fraction = Fraction(1)

    @property
    def is_whole(self) -> bool:
        return self.portion == 1

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    def elapsed(self, today: date) -> Fraction:
        """The share of its days that lie wholly behind us."""
        passed = (min(today, self.ends_on + DAY) - self.starts_on).days
        return Fraction(max(0, passed), self.days)


def around(per: Per, day: date, first_weekday: int) -> tuple[date, date]:
    """First and last day of the calendar day, week or month that a day belongs to. `first_weekday`: Monday is 0."""
    if per is Per.WEEK:
        start = day - timedelta(days=(day.weekday() - first_weekday) % 7)
        return start, start + timedelta(days=6)
    if per is Per.MONTH:
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day, day


def periods(per: Per, starts_on: date, due_on: date, first_weekday: int) -> Iterator[Period]:
    """The periods of a goal in order, cut to its dates; without gaps and without overlaps."""
    if per in (Per.WHOLE, Per.DELIVERY):
        yield Period(starts_on, due_on)
        return
    day = starts_on
    while day <= due_on:
        start, end = around(per, day, first_weekday)
        inside = Period(day, min(end, due_on))
        yield Period(inside.starts_on, inside.ends_on, Fraction(inside.days, (end - start).days + 1))
        day = end + DAY
