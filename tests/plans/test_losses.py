"""A return on investment may be a loss: typed, asked for, judged, drawn, raised. What posts got does not grow."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import TestCase
from hypothesis import given
from hypothesis import strategies as st

from analytics.models import Observation
from core.drawing import steps
from plans import services
from plans.models import Target
from plans.rules.drafted import TargetDraft
from plans.rules.facts import Aggregation, Comparison, Per, PortionFact, Spec
from plans.rules.forecast import course_of
from plans.rules.raising import raised
from plans.rules.results import Status
from plans.rules.targets import WORST_FIRST, Kind, evaluate
from teams.rules import Role
from tests import make
from tests.analytics.conftest import TODAY, place, text  # noqa: F401  # a fixture
from tests.plans.test_services import create

FIRST = date(2026, 11, 2)
PLAN = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31)}
returns = st.lists(st.tuples(st.integers(0, 27), st.integers(-100, 300).map(Decimal)), max_size=12)
asked = st.builds(
    Spec, id=st.just(1), metric=st.just("roi"), aggregation=st.sampled_from([Aggregation.MEAN, Aggregation.LAST]),
    per=st.sampled_from([Per.WEEK, Per.WHOLE]), comparison=st.just(Comparison.AT_LEAST),
    value=st.integers(-99, 200).map(Decimal), baseline=st.none() | st.integers(-100, 100).map(Decimal),
    is_additive=st.just(False), is_of_brand=st.just(True),
)  # fmt: skip


def judged(spec: Spec, figures: list[tuple[int, Decimal]], day: int) -> Any:
    series = [(FIRST + timedelta(days=when), value) for when, value in dict(figures).items()]
    dates = {"starts_on": FIRST, "due_on": FIRST + timedelta(days=27), "today": FIRST + timedelta(days=day)}
    fact = PortionFact(metric="roi", series=sorted(series))
    return evaluate([spec], [], [], [fact], first_weekday=0, **dates).targets[0]


@given(asked, returns, st.integers(0, 40), st.integers(0, 150).map(Decimal))
def test_more_return_is_never_worse_whatever_was_lost(
    spec: Spec, figures: list[tuple[int, Decimal]], day: int, more: Decimal
) -> None:
    before = judged(spec, figures, day)
    after = judged(spec, [(when, value + more) for when, value in figures], day)

    assert before.share is None or 0 <= before.share <= (after.share or 0) <= 1
    assert before.met <= after.met
    if spec.baseline is not None or spec.aggregation is Aggregation.MEAN or spec.per is Per.WEEK:
        assert rank(before.status) <= rank(after.status)


def rank(status: Status) -> int:
    return -1 if status is Status.NOT_YET else WORST_FIRST.index(status)


@given(asked, returns)
def test_a_return_over_the_whole_is_met_exactly_when_it_is_there(
    spec: Spec, figures: list[tuple[int, Decimal]]
) -> None:
    found = judged(spec, figures, 28)

    if found.per is Per.WHOLE and found.actual is not None:
        is_there = found.actual >= spec.value
        assert (found.status is Status.ACHIEVED, found.share == 1.0) == (is_there, is_there)


@pytest.mark.parametrize(
    ("asks", "reached", "next_one"), [(-20, -10, -9), (-20, -40, -18), (-20, 0, 0), (-20, 5, "5.5"), (0, 0, None)]
)
def test_the_next_goal_loses_less(asks: int, reached: int, next_one: Any) -> None:
    draft = TargetDraft(
        metric="roi", unit="percent", subject="brand", aggregation=Aggregation.MEAN, value=Decimal(asks)
    )

    assert raised(draft, Decimal(reached)) == (None if next_one is None else Decimal(next_one))


def test_losses_are_drawn_and_foretold_below_zero() -> None:
    assert steps(30, -20) == [-20, -10, 0, 10, 20, 30]
    assert steps(-5, -42) == [-50, -40, -30, -20, -10, 0]
    course = course_of(
        [(FIRST, Decimal(-20))], current=Decimal(-20), starts_on=FIRST, today=FIRST, kind=Kind.LEVEL, is_whole=False,
        lowest=Decimal(-100),
    )  # fmt: skip
    assert course.least == -100


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"value": Decimal(-20)}, "", ""),
        ({"value": Decimal(-60), "value_to": Decimal(-20), "comparison": "between"}, "", ""),
        ({"value": Decimal(5), "baseline": Decimal(-40)}, "", ""),
        ({"value": Decimal(-101)}, "value", "“return on investment” cannot be below -100"),
        ({"value": Decimal(-100)}, "value", "Ask for more than -100."),
        ({"value": Decimal(5), "baseline": Decimal(-101)}, "baseline", "cannot be below -100"),
        ({"value": Decimal(-5), "aggregation": "change"}, "value", "Ask for more than zero."),
    ],
)
def test_a_loss_can_be_asked_for_down_to_everything(values: dict[str, Any], field: str, words: str) -> None:
    roi, plan = make.metric("roi", unit="percent", subject="brand"), make.plan(**PLAN)
    row = {"metric": roi, "per": "whole", "aggregation": "mean", **values}

    if not field:
        create(plan, row)
        assert Target.objects.get().value == values["value"]
        return
    with pytest.raises(services.GoalError) as refusal:
        create(plan, row)
    found = [(problem.field, problem.message.casefold()) for problem in refusal.value.problems]
    assert {name for name, _message in found} == {field}
    assert any(words.casefold() in message for _name, message in found)


@pytest.mark.django_db
def test_the_database_keeps_losses_of_nothing_else() -> None:
    for metric, value in (("likes", -1), ("roi", -101)):
        with pytest.raises(IntegrityError, match="target_value_not_negative"), transaction.atomic():
            make.target(metric=metric, value=Decimal(value))
    assert make.target(metric="roi", value=Decimal(-100)).pk


@pytest.mark.django_db
def test_growth_of_what_posts_got_is_refused_with_what_to_ask_instead() -> None:
    plan, likes = make.plan(**PLAN), make.metric("likes")
    make.given("x", "account", "likes", is_given=False)
    make.given("x", "delivery", "likes")
    row = {"metric": likes, "network": make.network("x"), "per": "week", "aggregation": "change", "value": Decimal(5)}

    with pytest.raises(services.GoalError, match="older posts had longer to earn theirs") as refusal:
        create(plan, row)

    assert [problem.field for problem in refusal.value.problems] == ["metric"]
    assert "Choose the total or average, and give what it was before." in str(refusal.value)


@pytest.mark.django_db
def test_a_loss_is_typed_and_judged(place: Any) -> None:  # noqa: F811
    make.metric("roi", name="Return on investment", subject="brand", unit="percent")
    goal = make.goal(brand=place.brand)
    make.target(goal=goal, metric="roi", aggregation="last", per="whole", value=Decimal(-20), baseline=Decimal(-30))

    typed = {"observed_on": TODAY, "about": "brand"}
    refused = place.post("brand_figures", {**typed, "roi": "-101"})
    assert (refused.status_code, "“-101” is less than -100." in text(refused)) == (422, True)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert place.post("brand_figures", {**typed, "roi": "−12,5"}).status_code == 302

    assert Observation.objects.get(metric="roi").value == Decimal("-12.5")
    assert "-12.5" in text(place.get("brand_figures", role=Role.GUEST)).replace("−", "-")
    page = text(place.get("goal_detail", pk=goal.pk)).replace("−", "-")
    assert "-12.5% of -20%" in page
