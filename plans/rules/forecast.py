"""Where a target will stand on its due date if it goes on like this, and how far off that may be.

The range is a prediction interval: eight times in ten, what really comes lies within it, as long as the weeks to come
are like those that went before. It knows nothing of plans, seasons or campaigns, and says so on the page.

- What adds up (counts, totals) or moves (levels, growth) over the whole period goes on by its latest weekly steps. With
  n weeks seen, mean m and standard deviation s, the sum of h weeks to come lies within
  h·m ± t(0.9; n-1) · s · √(h · (1 + h/n)): h times the prediction interval for the mean of h future observations
  (Hahn & Meeker, *Statistical Intervals*, 1991, chapter 4, "Prediction intervals to contain a single future observation
  or the mean of m future observations"; a part of a week counts as that part of h).
- Of days, weeks, months or posts that are judged one by one, k of n were met: of m to come, as many are met as the
  beta-binomial distribution with parameters m, k + ½ and n - k + ½ says (Jeffreys' prior; Gelman et al., *Bayesian Data
  Analysis*, 3rd edition, 2013, sections 2.4, 2.8 and appendix A).
- Averages, medians and shares over the whole period get none: each week weighs less than the one before it, so their
  weekly steps say nothing of the next ones.
"""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, exp, floor, lgamma, sqrt
from statistics import fmean, stdev

from plans.rules.facts import Kind, Per
from plans.rules.periods import DAY, Period, periods
from plans.rules.results import TargetResult
from plans.rules.targets import MET_SHARE

FEWEST = 4  # complete weeks
RECENT = 12  # weeks that are looked back upon
TAIL = 0.1  # on each side of the range
ADDING_UP = (Kind.CADENCE, Kind.TOTAL)  # what is there stays there
MOVING = (*ADDING_UP, Kind.LEVEL, Kind.GROWTH)

# Student's t, 0.90 quantile by degrees of freedom: NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2.
T_90 = {3: 1.638, 4: 1.533, 5: 1.476, 6: 1.440, 7: 1.415, 8: 1.397, 9: 1.383, 10: 1.372, 11: 1.363}


class Chance(enum.StrEnum):
    """Whether the target will be met: the whole range says yes, a part of it, or none."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"


class Silence(enum.StrEnum):
    """Why there is no forecast."""

    TOO_EARLY = "too_early"  # fewer than FEWEST complete weeks
    OF_AVERAGES = "of_averages"


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """`point` within `low` to `high` on the due date. Of a target judged one by one: how many of `of` will be met, and
    `needed` how many must; `stands_on` are then those judged so far, else the days looked back upon."""

    point: Decimal
    low: Decimal
    high: Decimal
    chance: Chance
    stands_on: int
    of: int | None = None
    needed: int | None = None


@dataclass(frozen=True, kw_only=True)
class Course:
    """How a number moved. `steps` are what each complete stretch of `stride` days added, oldest first; it cannot fall
    below `least`; `is_whole` when it counts things."""

    current: Decimal
    steps: Sequence[Decimal]
    stride: int = 7
    least: Decimal | None = None
    is_whole: bool = True


@dataclass(frozen=True)
class Spread:
    """Where a number will be on one day."""

    point: Decimal
    low: Decimal
    high: Decimal


# -- what adds up or moves ------------------------------------------------------------------------------------------


def ahead(course: Course, days: int) -> Spread:
    """Where the number will be in so many days. Needs at least FEWEST steps; in no days it is where it is."""
    recent = [float(step) for step in course.steps[-RECENT:]]
    strides, mean, seen = max(0, days) / course.stride, fmean(recent), len(recent)
    half = T_90[seen - 1] * stdev(recent) * sqrt(strides * (1 + strides / seen))
    center = float(course.current) + strides * mean
    return _rounded(course, center - half, center, center + half)


def _rounded(course: Course, low: float, point: float, high: float) -> Spread:
    """To whole things or cents, the range outward, and never below the least there can be."""
    unit = Decimal(1) if course.is_whole else Decimal("0.01")
    least = Decimal("-Infinity") if course.least is None else course.least
    ways = ((point, ROUND_HALF_UP), (low, ROUND_FLOOR), (high, ROUND_CEILING))
    # Sums of floats are a hair off: what is whole but for that hair is not rounded away from itself.
    found = [max(least, Decimal(f"{value:.6f}").quantize(unit, way)) for value, way in ways]
    return Spread(*found)


def chance_of(spread: Spread, low: Decimal | None, high: Decimal | None) -> Chance:
    """Whether the number will be within its limits: all of the range, some of it, or none."""
    if (low is None or spread.low >= low) and (high is None or spread.high <= high):
        return Chance.LIKELY
    if (low is not None and spread.high < low) or (high is not None and spread.low > high):
        return Chance.UNLIKELY
    return Chance.POSSIBLE


def whole_forecast(result: TargetResult, course: Course, days: int) -> Forecast | Silence:
    """Of a target over the whole period, `days` before it is over."""
    if result.kind not in MOVING:
        return Silence.OF_AVERAGES
    if len(course.steps) < FEWEST:
        return Silence.TOO_EARLY
    found = ahead(course, days)
    return Forecast(
        point=found.point, low=found.low, high=found.high, chance=chance_of(found, result.low, result.high),
        stands_on=min(len(course.steps), RECENT) * course.stride,
    )  # fmt: skip


# -- what is judged one by one --------------------------------------------------------------------------------------


def beta_binomial(of: int, a: float, b: float) -> Iterator[float]:
    """How probable 0, 1, … of so many are."""
    for k in range(of + 1):
        choose = lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1)
        yield exp(choose + _log_beta(k + a, of - k + b) - _log_beta(a, b))


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def quantile(probabilities: Sequence[float], share: float) -> int:
    """The lowest number up to which at least that share lies."""
    total = 0.0
    for number, probability in enumerate(probabilities):
        total += probability
        if total >= share - 1e-12:
            return number
    return len(probabilities) - 1


def tally_forecast(*, met: int, judged: int, to_come: int) -> Forecast:
    """Of how many will be met in the end when `met` of `judged` were, and so many are still to come."""
    probable = list(beta_binomial(to_come, met + 0.5, judged - met + 0.5))
    low, high = (met + quantile(probable, share) for share in (TAIL, 1 - TAIL))
    point = met + floor(to_come * (met + 0.5) / (judged + 1) + 0.5)
    of = judged + to_come
    needed = ceil(MET_SHARE * of)
    found = Spread(Decimal(min(max(point, low), high)), Decimal(low), Decimal(high))
    return Forecast(
        point=found.point, low=found.low, high=found.high, chance=chance_of(found, Decimal(needed), None),
        stands_on=judged, of=of, needed=needed,
    )  # fmt: skip


def judged_forecast(
    result: TargetResult, *, starts_on: date, due_on: date, today: date, first_weekday: int
) -> Forecast | Silence:
    """Of a target judged per day, week, month or post."""
    passed = (today - starts_on).days
    if passed < FEWEST * 7 or not result.judged:
        return Silence.TOO_EARLY
    if result.per is Per.DELIVERY:
        days = (due_on - today).days + 1  # as many a day as so far
        to_come = round(result.judged * days / passed)
    else:
        to_come = _to_come(result, periods(result.per, starts_on, due_on, first_weekday), today)
    return tally_forecast(met=result.met, judged=result.judged, to_come=to_come)


def _to_come(result: TargetResult, spans: Iterator[Period], today: date) -> int:
    """The periods that will still be judged: not over, not decided early, and owing something."""
    early = {row.starts_on for row in result.periods if not row.is_complete and row.is_met is not None}
    return sum(
        span.ends_on >= today and span.starts_on not in early and _is_owed(result, span.portion) for span in spans
    )


def _is_owed(result: TargetResult, portion: Fraction) -> bool:
    adds_up = result.kind in (*ADDING_UP, Kind.GROWTH)
    return not adds_up or result.low is None or result.high is not None or floor(Fraction(result.low) * portion) > 0


# -- either ---------------------------------------------------------------------------------------------------------


def forecast(
    result: TargetResult, course: Course | None, *, starts_on: date, due_on: date, today: date, first_weekday: int
) -> Forecast | Silence | None:
    """How a target will stand, or why nobody can say; None once there is nothing ahead, or nothing is known at all.

    `today` is the day of the evaluation, at whose beginning it was judged: that day still counts as to come.
    """
    if not starts_on <= today <= due_on or result.actual is None:
        return None
    if result.per is Per.WHOLE:
        return None if course is None else whole_forecast(result, course, (due_on - today).days + 1)
    return judged_forecast(
        result, starts_on=starts_on, due_on=due_on, today=today, first_weekday=first_weekday
    )  # fmt: skip


def course_of(
    points: Sequence[tuple[date, Decimal | None]],
    *,
    current: Decimal,
    starts_on: date,
    today: date,
    kind: Kind,
    is_whole: bool,
    lowest: Decimal = Decimal(0),
) -> Course:
    """The steps between points that lie one stride apart; others (today's, a cut last one) and gaps are left out.

    A number that adds up began with nothing on the day before the goal did; a level never falls below its `lowest`.
    """
    known = [(day, value) for day, value in points if value is not None and day < today]
    if kind in (*ADDING_UP, Kind.GROWTH):
        known.insert(0, (starts_on - DAY, Decimal(0)))
    stride = _stride([day for day, _ in points], starts_on)
    steps = [
        after - before
        for (day, before), (other, after) in pairwise(_stops(known, starts_on, stride))
        if other - day == timedelta(days=stride)
    ]
    least = {Kind.LEVEL: lowest, Kind.GROWTH: None}.get(kind, current)
    return Course(current=current, steps=steps, stride=stride, least=least, is_whole=is_whole)


def _stride(days: Sequence[date], starts_on: date) -> int:
    """How far the points lie apart: a week, or more of a goal of several years."""
    return max(((after - before).days for before, after in pairwise([starts_on - DAY, *days])), default=7)


def _stops(known: Sequence[tuple[date, Decimal]], starts_on: date, stride: int) -> list[tuple[date, Decimal]]:
    """The points that end a whole stretch: not today's, nor a last one that the due date cut short."""
    return [(day, value) for day, value in known if not ((day - starts_on).days + 1) % stride]
