"""The five letters, without a database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from plans.rules.facts import Aggregation, Comparison, Per
from plans.rules.smart import GoalDraft, Letter, TargetDraft, Verdict, check, contradictions, is_complete

PHOTOS = TargetDraft(
    words="At least 3 photos a week", metric="published_deliveries", metric_name="Published posts",
    value=Decimal(3), network="instagram", format="photo",
)  # fmt: skip
LIKES = TargetDraft(
    words="Each at least 30 likes", metric="likes", metric_name="Likes", is_vanity=True, per=Per.DELIVERY,
    aggregation=Aggregation.LAST, value=Decimal(30), network="instagram", format="photo",
)  # fmt: skip
WHOLE = GoalDraft(
    action="The shop team shares photos that convey how we work.", network="instagram", has_objective=True,
    answered=("Léa",), targets=(PHOTOS, LIKES), starts_on=date(2026, 10, 1), due_on=date(2026, 12, 31),
)  # fmt: skip


def letter(letter: Letter, **changes: Any) -> Verdict:
    verdicts = {verdict.letter: verdict for verdict in check(replace(WHOLE, **changes))}
    return verdicts[letter]


def test_whole_goal_meets_every_letter() -> None:
    assert [(verdict.letter, verdict.is_met) for verdict in check(WHOLE)] == [(one, True) for one in "SMART"]
    assert is_complete(WHOLE)


def test_empty_goal_misses_every_letter() -> None:
    assert [verdict.is_met for verdict in check(GoalDraft())] == [False] * 5


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"action": " "}, "Say who does what."),
        ({"action": "Share photos"}, "Say it in a sentence: who does what, and what it should convey."),
        ({"network": None, "targets": ()}, "Choose the network on which it happens."),
    ],
)
def test_specific_says_what_is_missing(changes: dict[str, Any], missing: str) -> None:
    assert letter(Letter.S, **changes).missing == (missing,)


def test_specific_takes_the_network_of_the_targets() -> None:
    assert letter(Letter.S, network=None).is_met


def test_measurable_wants_a_target_with_a_number() -> None:
    assert letter(Letter.M, targets=()).missing == ("Add at least one target with a number.",)
    empty = replace(LIKES, value=None)
    assert letter(Letter.M, targets=(PHOTOS, empty)).missing == ("“Likes” lacks its number.",)


def test_measurable_warns_when_all_metrics_are_vanity() -> None:
    assert letter(Letter.M).warnings == ()
    warned = letter(Letter.M, targets=(LIKES,))
    assert warned.is_met
    assert warned.warnings[0].startswith("All these metrics are pleasant to see")


def test_measurable_refuses_what_the_network_never_gives_and_says_what_to_use() -> None:
    saves = replace(LIKES, metric_name="Saves", not_given_by="LinkedIn", instead=("Shares", "Comments"))

    assert letter(Letter.M, targets=(saves,)).missing == (
        "LinkedIn never gives “Saves”. Use instead: Shares, Comments.",
    )


def test_achievable_shows_the_needed_pace_beside_the_observed_one() -> None:
    verdict = letter(Letter.A, targets=(replace(PHOTOS, observed=Decimal("1.2")), LIKES))

    assert [(pace.needed, pace.observed, pace.is_ambitious) for pace in verdict.paces] == [
        (Decimal(3), Decimal("1.2"), True),
        (Decimal(30), None, False),
    ]
    assert verdict.is_met
    assert len(verdict.warnings) == 1


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"has_objective": False}, "Choose the business objective that it supports."),
        ({"answered": ()}, "Say for at least one persona how this helps to reach them."),
        ({"answered": (), "has_personas": False}, "Describe a persona first: whom should it reach?"),
    ],
)
def test_relevant_says_what_is_missing(changes: dict[str, Any], missing: str) -> None:
    assert letter(Letter.R, **changes).missing == (missing,)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"starts_on": None}, "Say when it starts."),
        ({"due_on": None}, "Say when it is due."),
        ({"due_on": date(2026, 10, 1)}, "It must be due after the day it starts."),
        ({"plan_starts_on": date(2026, 10, 2)}, "It starts before the plan does."),
        ({"plan_ends_on": date(2026, 12, 30)}, "It is due after the plan ends."),
    ],
)
def test_time_bound_says_what_is_missing(changes: dict[str, Any], missing: str) -> None:
    assert letter(Letter.T, **changes).missing == (missing,)


# -- contradictions -------------------------------------------------------------------------------------------------


def limit(target: TargetDraft, value: int, **changes: Any) -> TargetDraft:
    return replace(target, comparison=Comparison.AT_MOST, value=Decimal(value), **changes)


def test_at_least_five_and_at_most_three_of_the_same_contradict() -> None:
    five = replace(PHOTOS, value=Decimal(5))

    assert list(contradictions([five, limit(PHOTOS, 3)])) == [(five, limit(PHOTOS, 3))]
    assert list(contradictions([limit(PHOTOS, 3), five])) == [(limit(PHOTOS, 3), five)]
    assert list(contradictions([five, limit(PHOTOS, 5)])) == []


def test_part_that_exceeds_the_whole_contradicts_but_not_the_other_way_round() -> None:
    everything = limit(PHOTOS, 2, network=None, format="")
    some = limit(PHOTOS, 2)
    all_posts = replace(PHOTOS, network=None, format="")

    assert len(list(contradictions([PHOTOS, everything]))) == 1
    assert list(contradictions([all_posts, some])) == []


@pytest.mark.parametrize(
    "changes", [{"metric": "shares"}, {"per": Per.DAY}, {"network": "linkedin"}, {"format": "video"}]
)
def test_targets_about_different_things_do_not_contradict(changes: dict[str, Any]) -> None:
    assert list(contradictions([PHOTOS, limit(PHOTOS, 1, **changes)])) == []
