"""What is ahead of a target, without a database."""

import random
from datetime import date, timedelta
from decimal import Decimal
from math import gamma, pi, sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.rules.forecast import (
    T_90,
    Chance,
    Course,
    Forecast,
    Silence,
    ahead,
    beta_binomial,
    course_of,
    forecast,
    quantile,
    tally_forecast,
    whole_forecast,
)
from plans.rules.results import PeriodResult, TargetResult
from plans.rules.targets import Kind, Per, Status

START, DUE = date(2026, 9, 7), date(2026, 12, 6)  # thirteen weeks, Monday to Sunday
WEEK = timedelta(days=7)
STEPS = st.lists(st.integers(0, 500), min_size=4, max_size=20)


def course(*steps: int, **values: Any) -> Course:
    fields = {"current": Decimal(sum(steps)), "steps": list(map(Decimal, steps)), "least": Decimal(sum(steps))}
    return Course(**{**fields, **values})


def whole(kind: Kind = Kind.TOTAL, **values: Any) -> TargetResult:
    fields = {"spec_id": 1, "per": Per.WHOLE, "status": Status.ON_TRACK, "low": Decimal(100), "high": None}
    return TargetResult(kind=kind, **{**fields, "actual": Decimal(40), **values})


# -- against what is published ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("freedom", "known"), T_90.items())
def test_quantiles_of_student_are_those_of_its_density(freedom: int, known: float) -> None:
    """The table was copied; the density (NIST/SEMATECH e-Handbook, 1.3.6.6.4) says the same by Simpson's rule."""
    scale = gamma((freedom + 1) / 2) / (sqrt(freedom * pi) * gamma(freedom / 2))
    step = known / 200
    density = [scale * (1 + (step * at) ** 2 / freedom) ** (-(freedom + 1) / 2) for at in range(201)]
    area = step / 3 * (density[0] + 4 * sum(density[1:-1:2]) + 2 * sum(density[2:-1:2]) + density[-1])

    assert 0.5 + area == pytest.approx(0.9, abs=1e-4)


def test_beta_binomial_is_even_for_a_flat_prior() -> None:
    """With both parameters 1 every number from 0 to n is equally probable (Bayes' billiard table)."""
    assert list(beta_binomial(4, 1, 1)) == pytest.approx([0.2] * 5)


def test_beta_binomial_of_one_is_the_mean_of_its_beta() -> None:
    assert list(beta_binomial(1, 3.5, 1.5)) == pytest.approx([0.3, 0.7])


def test_range_of_steps_by_hand() -> None:
    """Mean 12, deviation 1.633, four weeks ahead of four: 1.638 · 1.633 · √(4 · 2) = 7.57, outward to whole posts."""
    found = ahead(course(10, 12, 12, 14), 28)

    assert (found.point, found.low, found.high) == (48 + 48, 48 + 40, 48 + 56)


# -- what must always hold --------------------------------------------------------------------------------------------


@given(steps=STEPS, days=st.integers(0, 400))
def test_range_holds_the_point_and_keeps_what_is_there(steps: list[int], days: int) -> None:
    found = ahead(course(*steps), days)

    assert sum(steps) <= found.low <= found.point <= found.high
    assert all(value == value.to_integral_value() for value in (found.point, found.low, found.high))


@given(steps=STEPS)
def test_nothing_ahead_is_the_present(steps: list[int]) -> None:
    found = ahead(course(*steps), 0)

    assert (found.point, found.low, found.high) == (sum(steps),) * 3


@given(step=st.integers(0, 100), seen=st.integers(4, 12), weeks=st.integers(1, 50))
def test_weeks_that_never_differed_leave_no_doubt(step: int, seen: int, weeks: int) -> None:
    found = ahead(course(*[step] * seen), 7 * weeks)

    assert (found.point, found.low, found.high) == (step * (seen + weeks),) * 3


@given(low=st.integers(0, 100), high=st.integers(110, 300), weeks=st.integers(1, 30))
def test_more_weeks_of_the_same_variance_narrow_the_range(low: int, high: int, weeks: int) -> None:
    few, many = (ahead(course(*[low, high] * pairs, current=Decimal(0), least=None), 7 * weeks) for pairs in (2, 6))

    assert many.high - many.low < few.high - few.low
    assert few.point == many.point


@given(steps=STEPS, days=st.integers(0, 300), low=st.integers(0, 5000), more=st.integers(0, 5000))
def test_chance_falls_as_more_is_asked(steps: list[int], days: int, low: int, more: int) -> None:
    order = [Chance.LIKELY, Chance.POSSIBLE, Chance.UNLIKELY]
    chances = []
    for value in (low, low + more):
        found = whole_forecast(whole(low=Decimal(value)), course(*steps), days)
        assert isinstance(found, Forecast)
        chances.append(order.index(found.chance))

    assert chances == sorted(chances)


@given(met=st.integers(0, 60), short=st.integers(0, 60), to_come=st.integers(0, 120))
def test_tally_holds_the_point_and_what_was_met(met: int, short: int, to_come: int) -> None:
    found = tally_forecast(met=met, judged=met + short, to_come=to_come)

    assert met <= found.low <= found.point <= found.high <= met + to_come


@pytest.mark.parametrize(("seen", "weeks", "rate"), [(4, 8, 3), (8, 5, 3), (12, 12, 20)])
def test_eight_of_ten_futures_lie_within(seen: int, weeks: int, rate: float) -> None:
    chance, hits, rounds = random.Random(7), 0, 1000
    for _ in range(rounds):
        past, future = ([poisson(chance, rate) for _ in range(length)] for length in (seen, weeks))
        found = ahead(course(*past), 7 * weeks)
        hits += found.low <= sum(past) + sum(future) <= found.high

    assert 0.7 <= hits / rounds <= 0.9


def poisson(chance: random.Random, rate: float) -> int:
    """How many arrive in a week at that rate."""
    count, passed = 0, chance.expovariate(rate)
    while passed < 1:
        count, passed = count + 1, passed + chance.expovariate(rate)
    return count


def test_eight_of_ten_tallies_lie_within() -> None:
    chance, hits, rounds = random.Random(7), 0, 1000
    for _ in range(rounds):
        share = chance.betavariate(0.5, 0.5)
        past, future = (sum(chance.random() < share for _ in range(length)) for length in (20, 30))
        found = tally_forecast(met=past, judged=20, to_come=30)
        hits += found.low <= past + future <= found.high

    assert 0.8 <= hits / rounds <= 0.95  # whole numbers: a little more than eight in ten


# -- targets ----------------------------------------------------------------------------------------------------------


def ask(result: TargetResult, known: Course | None = None, **values: Any) -> Forecast | Silence | None:
    days = {"starts_on": START, "due_on": DUE, "today": START + 6 * WEEK, "first_weekday": 0}
    return forecast(result, known, **{**days, **values})


def test_limit_is_read_the_other_way() -> None:
    most = whole(low=None, high=Decimal(100))

    kept = whole_forecast(most, course(5, 6, 7, 6), 28)
    broken = whole_forecast(most, course(30, 31, 30, 31), 28)

    assert isinstance(kept, Forecast)
    assert kept.chance is Chance.LIKELY
    assert isinstance(broken, Forecast)
    assert broken.chance is Chance.UNLIKELY


def test_three_weeks_are_too_few() -> None:
    assert ask(whole(), course(10, 10, 10)) is Silence.TOO_EARLY
    weekly = whole(per=Per.WEEK, judged=3, met=3)
    assert ask(weekly, today=START + 4 * WEEK - timedelta(days=1)) is Silence.TOO_EARLY


def test_averages_get_no_forecast() -> None:
    assert ask(whole(Kind.MEAN), course(1, 1, 1, 1, 1)) is Silence.OF_AVERAGES


@pytest.mark.parametrize("values", [{"today": DUE + timedelta(days=1)}, {"today": START - timedelta(days=1)}])
def test_what_is_over_or_has_not_begun_gets_none(values: dict[str, Any]) -> None:
    assert ask(whole(), course(1, 1, 1, 1), **values) is None


def test_weeks_to_come_are_those_that_are_not_over_and_not_decided() -> None:
    week = START + 6 * WEEK
    running = PeriodResult(starts_on=week, ends_on=week + timedelta(days=6), is_met=True)
    result = whole(Kind.CADENCE, per=Per.WEEK, low=Decimal(3), met=7, judged=7, periods=(running,))

    found = ask(result)

    assert isinstance(found, Forecast)
    assert (found.of, found.needed, found.stands_on) == (13, 12, 7)


def test_cut_week_that_owes_nothing_is_not_awaited() -> None:
    result = whole(Kind.CADENCE, per=Per.WEEK, low=Decimal(3), met=6, judged=6)

    found = ask(result, due_on=DUE + timedelta(days=2))  # two days of three a week: none is owed

    assert isinstance(found, Forecast)
    assert found.of == 13


def test_posts_go_on_at_their_pace() -> None:
    result = whole(Kind.THRESHOLD, per=Per.DELIVERY, met=5, judged=12)

    found = ask(result)

    assert isinstance(found, Forecast)
    assert (found.of, found.chance) == (26, Chance.UNLIKELY)


# -- the course -------------------------------------------------------------------------------------------------------


def points(*values: int | None, today: date) -> list[tuple[date, Decimal | None]]:
    """A stop at the end of each week, and one today."""
    stops = [START + WEEK * (at + 1) - timedelta(days=1) for at in range(13)]
    known = dict(zip(stops, values, strict=False))
    days = sorted({*stops, today})
    last = [value for value in values if value is not None][-1]
    return [(day, None if (value := known.get(day, last if day == today else None)) is None else Decimal(value))
            for day in days]  # fmt: skip


def test_course_of_a_total_begins_with_nothing() -> None:
    today = START + 2 * WEEK + timedelta(days=2)
    found = course_of(
        points(10, 25, today=today), current=Decimal(25), starts_on=START, today=today, kind=Kind.TOTAL, is_whole=True
    )

    assert (found.steps, found.stride, found.least) == ([10, 15], 7, 25)


def test_course_of_a_level_begins_at_its_first_point_and_leaves_gaps_out() -> None:
    today = START + 5 * WEEK
    found = course_of(
        points(100, 110, None, 130, 125, today=today), current=Decimal(125), starts_on=START, today=today,
        kind=Kind.LEVEL, is_whole=True,
    )  # fmt: skip

    assert (found.steps, found.least) == ([10, -5], 0)


def test_quantile_of_certainty() -> None:
    assert quantile([0.0, 1.0], 0.1) == 1
    assert quantile([1.0], 0.9) == 0
