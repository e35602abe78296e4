"""Judges a goal's targets by the facts. Everything a caller needs can be imported from here.

The rules in words
- A goal is judged in local days. Weeks begin on the brand's first weekday.
- A day, week or month is judged once it is over; earlier only when later posts can no longer change the answer (what
  must be reached is reached, what must not be passed is passed).
- A first or last week or month that is cut by the goal's dates owes only its share, rounded down, and keeps the whole
  upper limit, so it never asks more than a whole one. When that share rounds down to nothing it is not judged, unless
  the goal is so short that it has no whole one: then it owes at least one.
- Judged per week, per post and so on, a target counts as met when at least `MET_SHARE` of them met it. With fewer than
  ten that means every one; with more, one in ten may fail.
- While a goal runs: on track from `MET_SHARE`, at risk from `AT_RISK_SHARE`, else off track. A target over the whole
  period is compared with the share of days gone: on track from `PACE_ON_TRACK` of what should be there by now, at
  risk from `PACE_AT_RISK`. The goal stands where its worst target stands; targets without any figure are left aside.
- Achieved when every target is met: on the day after the due date, or as soon as a total or count over the whole period
  is reached. Missed when the due date has passed and a target is not met. When only figures are lacking, the verdict
  waits `WAIT_FOR_FIGURES`; what nobody has measured by then counts as not met.
- What a network never gives is left out of every share, and counted apart.
- What no network gives (visits, leads, money, answers) is noted by day for the brand, a campaign or an account. The
  portions of a day add up; rates, seconds and scores are averaged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

from plans.rules.course import course
from plans.rules.facts import (
    PUBLISHED,
    AccountFact,
    Aggregation,
    Comparison,
    DeliveryFact,
    Kind,
    Per,
    PortionFact,
    Spec,
)  # fmt: skip
from plans.rules.gathered import DayFact, Gathered, Posts, fits, gather
from plans.rules.measures import CENT, OF_ACCOUNTS, Measure, average, base, measure, over_accounts
from plans.rules.periods import DAY, Period, periods
from plans.rules.results import CoursePoint, DeliveryResult, Evaluation, PeriodResult, Status, TargetResult

__all__ = [
    "PUBLISHED", "AccountFact", "Aggregation", "Comparison", "CoursePoint", "DayFact", "DeliveryFact", "DeliveryResult",
    "Evaluation", "Gathered", "Kind", "Observed", "Per", "PeriodResult", "PortionFact", "Posts", "Spec", "Status",
    "TargetResult", "evaluate", "evaluate_gathered", "gather", "observed", "observed_gathered",
]  # fmt: skip

MET_SHARE = Fraction(9, 10)
AT_RISK_SHARE = Fraction(1, 2)
PACE_ON_TRACK = Fraction(9, 10)
PACE_AT_RISK = Fraction(7, 10)
WAIT_FOR_FIGURES = timedelta(days=7)

GROWING = (Aggregation.COUNT, Aggregation.SUM)  # more posts can only add
AVERAGED = (Aggregation.MEAN, Aggregation.MEDIAN, Aggregation.SHARE)  # more may lift or lower them
BY_TIME = (*GROWING, Aggregation.CHANGE)  # half the time, half the number
WORST_FIRST = (Status.MISSED, Status.OFF_TRACK, Status.AT_RISK, Status.ON_TRACK, Status.ACHIEVED)


def evaluate(
    specs: Iterable[Spec], deliveries: Iterable[DeliveryFact], accounts: Iterable[AccountFact],
    portions: Iterable[PortionFact] = (), *, starts_on: date, due_on: date, today: date, first_weekday: int,
) -> Evaluation:  # fmt: skip
    """How a goal stands at the beginning of the local day `today`, from single facts.

    Facts may come in any order and may include others than the goal's: only those within its dates and each target's
    scope count. `first_weekday`: Monday is 0.
    """
    posts, series, own = list(deliveries), list(accounts), list(portions)
    last = min(due_on, today)
    cases = [gather(spec, posts, series, own, first=starts_on, last=last) for spec in specs]
    return evaluate_gathered(cases, starts_on=starts_on, due_on=due_on, today=today, first_weekday=first_weekday)


def evaluate_gathered(
    cases: Iterable[Gathered], *, starts_on: date, due_on: date, today: date, first_weekday: int
) -> Evaluation:
    """The same from what was gathered for each target, for the days from `starts_on` until today or the due date."""
    judge = Judge(starts_on=starts_on, due_on=due_on, today=today, first_weekday=first_weekday)
    targets = tuple(judge.target(case) for case in cases)
    return Evaluation(status=judge.goal_status(targets), today=today, targets=targets)


# -- the time before --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Observed:
    """What a target's number was in an earlier stretch of days, and what that stands on: `counted` publications (or
    days, for accounts and the brand's own figures) with a figure, and `lacking` ones without."""

    value: Decimal
    starts_on: date
    ends_on: date
    counted: int
    lacking: int = 0


def observed(
    specs: Sequence[Spec], deliveries: Iterable[DeliveryFact], accounts: Iterable[AccountFact],
    portions: Iterable[PortionFact] = (), *, starts_on: date, ends_on: date, goal_days: int, first_weekday: int,
) -> tuple[Observed | None, ...]:  # fmt: skip
    """The pace that a new goal is compared with, target by target, from single facts. None: no history."""
    posts, series, own = list(deliveries), list(accounts), list(portions)
    cases = [gather(spec, posts, series, own, first=starts_on, last=ends_on) for spec in specs]
    return observed_gathered(
        cases, starts_on=starts_on, ends_on=ends_on, goal_days=goal_days, first_weekday=first_weekday
    )


def observed_gathered(
    cases: Sequence[Gathered], *, starts_on: date, ends_on: date, goal_days: int, first_weekday: int
) -> tuple[Observed | None, ...]:
    """The same from what was gathered for those days. What a target asks over the whole of a goal of `goal_days` is
    scaled to that length."""
    span = Period(starts_on, ends_on)
    result = evaluate_gathered(
        cases, starts_on=starts_on, due_on=ends_on, today=ends_on + DAY, first_weekday=first_weekday
    )
    scale = Decimal(goal_days) / span.days
    return tuple(_before(case, target, span, scale) for case, target in zip(cases, result.targets, strict=True))


def _before(case: Gathered, target: TargetResult, span: Period, scale: Decimal) -> Observed | None:
    counted, lacking = _basis(case, span)
    if target.actual is None or not counted:
        return None
    is_scaled = case.spec.per is Per.WHOLE and case.spec.aggregation in BY_TIME
    value = (target.actual * scale).quantize(CENT) if is_scaled else target.actual
    return Observed(value=value, starts_on=span.starts_on, ends_on=span.ends_on, counted=counted, lacking=lacking)


def _basis(case: Gathered, span: Period) -> tuple[int, int]:
    """How many publications or days have a figure, and how many have none."""
    spec = case.spec
    if spec.per is Per.DELIVERY:
        return case.posts.judged, case.posts.not_yet
    if spec.is_of_accounts or spec.is_of_brand:
        days = {day for one in case.series for day, _value in one.series if span.starts_on <= day <= span.ends_on}
        return len(days), span.days - len(days)
    facts = case.whole if spec.aggregation is Aggregation.SHARE else case.days
    if spec.metric == PUBLISHED:
        return sum(fact.count for fact in facts), 0
    return sum(fact.known for fact in facts), sum(fact.not_yet for fact in facts)


class Judge:
    """The dates of one goal, and the verdicts that follow from them."""

    def __init__(self, *, starts_on: date, due_on: date, today: date, first_weekday: int) -> None:
        self.starts_on, self.due_on, self.today, self.first_weekday = starts_on, due_on, today, first_weekday

    @property
    def is_over(self) -> bool:
        return self.today > self.due_on

    @property
    def is_waiting(self) -> bool:
        """Whether missing figures may still come in."""
        return self.today <= self.due_on + WAIT_FOR_FIGURES

    # -- the goal ---------------------------------------------------------------------------------------------------

    def goal_status(self, targets: Sequence[TargetResult]) -> Status:
        known = [target.status for target in targets if target.status is not Status.NOT_YET]
        if not known:
            return Status.MISSED if self.is_over and not self.is_waiting else Status.NOT_YET
        worst = min(known, key=WORST_FIRST.index)
        if worst is Status.ACHIEVED and len(known) < len(targets):
            return Status.ON_TRACK
        return worst

    def target(self, case: Gathered) -> TargetResult:
        return self._each(case) if case.spec.per is Per.DELIVERY else self._by_period(case)

    # -- each publication -------------------------------------------------------------------------------------------

    def _each(self, case: Gathered) -> TargetResult:
        spec, posts = case.spec, case.posts
        return TargetResult(
            spec_id=spec.id, kind=spec.kind, per=spec.per, low=spec.low, high=spec.high,
            status=self._status(posts.met, posts.judged, posts.not_yet, by_share(posts.met, posts.judged)),
            actual=(posts.total / posts.judged).quantize(CENT) if posts.judged else None,
            share=ratio(posts.met, posts.judged), met=posts.met, judged=posts.judged, not_yet=posts.not_yet,
            not_available=posts.not_available, deliveries=posts.latest, short_deliveries=posts.short,
        )  # fmt: skip

    # -- days, weeks, months, the whole -----------------------------------------------------------------------------

    def _by_period(self, case: Gathered) -> TargetResult:
        spec = case.spec
        spans, rows = self._rows(case)
        judged = [row for row in rows if row.is_met is not None]
        met = sum(row.is_met is True for row in judged)
        awaiting = sum(row.is_met is None and row.is_complete and row.not_yet > 0 for row in rows)
        is_whole = spec.per is Per.WHOLE
        start = self._start(case) if is_whole else None
        running = self._whole_status(spec, rows, start) if is_whole else by_share(met, len(judged))
        status = self._status(met, len(judged), awaiting, running)
        if is_whole and met and not self.is_over:
            status = Status.ACHIEVED
        actual, (not_yet, not_available) = typical(spec, spans, rows), missing(spec, rows)
        return TargetResult(
            spec_id=spec.id, kind=spec.kind, per=spec.per, low=spec.low, high=spec.high, status=status, actual=actual,
            share=reached(spec, actual) if is_whole else ratio(met, len(judged)), met=met, judged=len(judged),
            not_yet=not_yet, not_available=not_available, periods=tuple(rows),
            course=course(case, Period(self.starts_on, self.due_on), self.today, start) if is_whole and rows else (),
        )  # fmt: skip

    def _rows(self, case: Gathered) -> tuple[list[Period], list[PeriodResult]]:
        """The periods that have begun, and for each what was needed and what there was."""
        spans = list(periods(case.spec.per, self.starts_on, self.due_on, self.first_weekday))
        least = 0 if any(span.is_whole for span in spans) else 1
        begun = [span for span in spans if span.starts_on <= self.today]
        return begun, [self._row(case.spec, span, measure(case, span), least) for span in begun]

    def _row(self, spec: Spec, span: Period, number: Measure, least: int) -> PeriodResult:
        low = owed(spec, span, least)
        is_complete = span.ends_on < self.today
        is_owed = low != 0 or spec.value == 0 or spec.high is not None
        is_met = verdict(spec, low, number, is_complete=is_complete) if is_owed else None
        return PeriodResult(
            starts_on=span.starts_on, ends_on=span.ends_on, low=low, high=spec.high, actual=number.actual,
            is_met=is_met, is_complete=is_complete, not_yet=number.not_yet, not_available=number.not_available,
        )  # fmt: skip

    def _start(self, case: Gathered) -> Decimal | None:
        """From where a level rises: what a person typed as baseline, else what was measured as the goal began."""
        spec = case.spec
        if spec.aggregation is not Aggregation.LAST or spec.baseline is not None:
            return spec.baseline if spec.aggregation is Aggregation.LAST else None
        return over_accounts(base, spec, case.series, Period(self.starts_on, self.due_on)).actual

    def _whole_status(self, spec: Spec, rows: Sequence[PeriodResult], start: Decimal | None) -> Status:
        """By pace: what is there beside what should be there by now."""
        if not rows or rows[0].actual is None:
            return Status.NOT_YET
        span = Period(self.starts_on, self.due_on)
        states = [
            below(spec, rows[0].actual, span.elapsed(self.today), start),
            above(spec, rows[0].actual, span.elapsed(self.today)),
        ]
        known = [state for state in states if state is not None and state is not Status.NOT_YET]
        return min(known, key=WORST_FIRST.index) if known else Status.NOT_YET

    def _status(self, met: int, judged: int, awaiting: int, running: Status) -> Status:
        """The verdict once the due date has passed; until then the running state."""
        if not self.is_over:
            return running
        all_of_them = judged + awaiting
        if not all_of_them:
            return Status.MISSED
        if Fraction(met, all_of_them) >= MET_SHARE:
            return Status.ACHIEVED
        could = Fraction(met + awaiting, all_of_them) >= MET_SHARE
        return running if could and awaiting and self.is_waiting else Status.MISSED


# -- small rules ----------------------------------------------------------------------------------------------------


def owed(spec: Spec, span: Period, least: int) -> Decimal | None:
    """What a period must reach: its share of the number, rounded down, for what adds up over time."""
    if spec.low is None or span.is_whole or spec.aggregation not in BY_TIME:
        return spec.low
    return max(Decimal(floor(Fraction(spec.low) * span.portion)), min(spec.low, Decimal(least)))


def verdict(spec: Spec, low: Decimal | None, number: Measure, *, is_complete: bool) -> bool | None:
    """Met, not met, or still open."""
    if number.actual is None:
        return None
    too_low = low is not None and number.actual < low
    too_high = spec.high is not None and number.actual > spec.high
    if not is_complete:
        return early(spec, too_low=too_low, too_high=too_high)
    may_rise = number.not_yet > 0 and spec.is_additive and spec.aggregation not in AVERAGED
    if may_rise and not too_high and (too_low or spec.high is not None):
        return None
    return not too_low and not too_high


def early(spec: Spec, *, too_low: bool, too_high: bool) -> bool | None:
    """Before a period is over, only what no later post can change."""
    if spec.aggregation not in GROWING:
        return None
    if too_high:
        return False
    return True if spec.high is None and not too_low else None


def typical(spec: Spec, spans: Sequence[Period], rows: Sequence[PeriodResult]) -> Decimal | None:
    """The number per period, from those that are over; while none is, the number so far."""
    known = [
        (row.actual, span.portion)
        for span, row in zip(spans, rows, strict=True)
        if row.is_complete and row.actual is not None
    ]
    if not known:
        return rows[-1].actual if rows else None
    if spec.aggregation not in BY_TIME:
        return average([actual for actual, _ in known])
    total, portions = sum((actual for actual, _ in known), Decimal(0)), sum(portion for _, portion in known)
    whole = Fraction(total) / Fraction(portions)
    return (Decimal(whole.numerator) / whole.denominator).quantize(CENT)


def missing(spec: Spec, rows: Sequence[PeriodResult]) -> tuple[int, int]:
    """How many publications (of all periods) or accounts (now) have no figure yet, and how many never will."""
    if spec.aggregation in OF_ACCOUNTS:
        return (rows[-1].not_yet, rows[-1].not_available) if rows else (0, 0)
    return sum(row.not_yet for row in rows), sum(row.not_available for row in rows)


def ratio(met: int, judged: int) -> float | None:
    return met / judged if judged else None


def reached(spec: Spec, actual: Decimal | None) -> float | None:
    """How much of the number to reach there is, from 0 to 1; for an upper limit, 1 while it holds."""
    if actual is None:
        return None
    if spec.low is None:
        return 1.0 if fits(spec, actual) else 0.0
    if spec.low <= 0:  # no part of a loss, or of a score below zero, is half of it
        return 1.0 if actual >= spec.low else 0.0
    return max(0.0, min(1.0, float(actual / spec.low)))


def by_share(met: int, judged: int) -> Status:
    if not judged:
        return Status.NOT_YET
    share = Fraction(met, judged)
    if share >= MET_SHARE:
        return Status.ON_TRACK
    return Status.AT_RISK if share >= AT_RISK_SHARE else Status.OFF_TRACK


def by_pace(pace: Fraction) -> Status:
    if pace >= PACE_ON_TRACK:
        return Status.ON_TRACK
    return Status.AT_RISK if pace >= PACE_AT_RISK else Status.OFF_TRACK


def below(spec: Spec, actual: Decimal, elapsed: Fraction, start: Decimal | None) -> Status | None:
    """Whether enough is there by now. A level is expected to rise evenly from where it started."""
    if spec.low is None:
        return None
    low, have, ground = Fraction(spec.low), Fraction(actual), Fraction(start or 0)
    if have >= low:
        return Status.ON_TRACK
    if spec.aggregation in BY_TIME:
        low = Fraction(floor(low * elapsed))
    elif start is not None and ground < low:
        low, have = (low - ground) * elapsed, have - ground
    if have >= low:
        return Status.ON_TRACK if have > 0 or low > 0 or start is not None else Status.NOT_YET
    return by_pace(have / low) if low > 0 else Status.OFF_TRACK


def above(spec: Spec, actual: Decimal, elapsed: Fraction) -> Status | None:
    """Whether an upper limit holds, and will if it goes on like this."""
    if spec.high is None:
        return None
    if actual > spec.high:
        return Status.OFF_TRACK
    too_fast = spec.aggregation in GROWING and Fraction(actual) > Fraction(spec.high) * elapsed and elapsed > 0
    return Status.AT_RISK if too_fast else Status.ON_TRACK
