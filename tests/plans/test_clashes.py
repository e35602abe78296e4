"""What is called a contradiction never comes true: checked against plain counting over small made-up months."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.rules.facts import Aggregation, Comparison, Per, Reach
from plans.rules.smart import GoalDraft, TargetDraft, contradictions, contradictions_between

START = date(2026, 2, 1)  # a Sunday, and the shortest month
DAY = timedelta(days=1)
POSTS = TargetDraft(metric="published_deliveries", per=Per.WEEK, value=Decimal(3))


def at_least(value: int, **changes: Any) -> TargetDraft:
    return replace(POSTS, value=Decimal(value), **changes)


def at_most(value: int, **changes: Any) -> TargetDraft:
    return replace(POSTS, value=Decimal(value), comparison=Comparison.AT_MOST, **changes)


def clash(*targets: TargetDraft, days: int | None = None) -> bool:
    return bool(list(contradictions(targets, days)))


FAMILY, LYON = {"reach": Reach.FAMILY}, {"reach": Reach.BRANCH, "branch_id": 7}
SHARE = {"aggregation": Aggregation.SHARE}


@pytest.mark.parametrize(
    ("low", "high", "days", "is_clash"),
    [
        (at_least(3, per=Per.DAY), at_most(10), None, True),
        (at_least(3, per=Per.DAY), at_most(21), None, False),
        (at_least(3, per=Per.DAY), at_most(10), 3, False),  # a goal of three days has no whole week
        (at_least(3, per=Per.DAY), at_most(100, per=Per.WHOLE), 40, True),
        (at_least(30), at_most(3, per=Per.DAY), None, True),
        (at_least(21), at_most(3, per=Per.DAY), None, False),
        (at_least(5), at_most(14, per=Per.MONTH), None, True),
        (at_least(5), at_most(15, per=Per.MONTH), None, False),  # three whole weeks may be all that a month has
        (at_least(200, per=Per.WHOLE), at_most(10), 28, True),
        (at_least(200, per=Per.WHOLE), at_most(10), None, False),  # nobody knows how long
        (at_least(5, content_kind_id=1), at_most(3), None, True),
        (at_least(5), at_most(3, content_kind_id=1), None, False),
        (at_least(5, campaign_id=1), at_most(3, campaign_id=2), None, False),
        (at_least(5), at_most(3, **FAMILY), None, True),
        (at_least(5, **LYON), at_most(3, **FAMILY), None, True),
        (at_least(5, **LYON), at_most(3), None, False),
        (at_least(5, **FAMILY), at_most(3, **LYON), None, False),
        (at_least(60, format="photo", **SHARE), at_least(50, format="video", **SHARE), None, True),
        (at_least(60, format="photo", **SHARE), at_least(40, format="video", **SHARE), None, False),
        (at_least(60, format="photo", **SHARE), at_least(50, content_kind_id=1, **SHARE), None, False),
        (at_least(30, format="photo", content_kind_id=1, **SHARE), at_most(20, format="photo", **SHARE), None, True),
        (at_least(30, format="photo", network="x", **SHARE), at_most(20, format="photo", **SHARE), None, False),
        (at_least(30, format="photo", **SHARE), at_most(20, format="photo"), None, False),
    ],
)
def test_parts_and_wholes(low: TargetDraft, high: TargetDraft, days: int | None, is_clash: bool) -> None:
    assert clash(low, high, days=days) is clash(high, low, days=days) is is_clash


# -- against plain counting -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Post:
    day: int
    format: str
    kind: int
    owner: int  # 0 is the brand itself, others its branches

    def is_in(self, target: TargetDraft) -> bool:
        owners = {Reach.BRAND: {0}, Reach.FAMILY: {0, 1, 2}, Reach.BRANCH: {target.branch_id}}[target.reach]
        is_kind = target.content_kind_id in (None, self.kind)
        return target.format in ("", self.format) and is_kind and self.owner in owners


def spans(per: Per, days: int) -> Iterator[Sequence[int]]:
    """The days of each whole period of a goal that starts on START; cut ones owe nothing here."""
    dates = [START + n * DAY for n in range(days)]
    key: Any = {
        Per.DAY: lambda day: day, Per.WEEK: lambda day: day.isocalendar()[:2],
        Per.MONTH: lambda day: (day.year, day.month), Per.WHOLE: lambda day: 0,
    }[per]  # fmt: skip
    groups: dict[Any, list[int]] = {}
    for number, day in enumerate(dates):
        groups.setdefault(key(day), []).append(number)
    for name, group in groups.items():
        whole = sum(key(START + n * DAY) == name for n in range(-40, days + 40))
        if per is Per.WHOLE or len(group) == whole:
            yield group


def is_met(target: TargetDraft, posts: Sequence[Post], days: int) -> bool:
    counts = Counter(post.day for post in posts if post.is_in(target))
    everything = Counter(post.day for post in posts if post.is_in(replace(target, format="", content_kind_id=None)))
    periods = list(spans(target.per, days))
    if not periods:
        return False
    for period in periods:
        number = Decimal(sum(counts[day] for day in period))
        if target.aggregation is Aggregation.SHARE:
            total = sum(everything[day] for day in period)
            if not total:
                return False
            number = number * 100 / total
        if (target.low is not None and number < target.low) or (target.high is not None and number > target.high):
            return False
    return True


PARTS = st.fixed_dictionaries({
    "format": st.sampled_from(["", "photo", "video"]), "content_kind_id": st.sampled_from([None, 1, 2]),
    "comparison": st.sampled_from([Comparison.AT_LEAST, Comparison.AT_MOST]),
})  # fmt: skip
REACHES = st.sampled_from([{}, FAMILY, {"reach": Reach.BRANCH, "branch_id": 1}])
COUNTS = st.builds(
    lambda parts, reach, per, value: replace(POSTS, **parts, **reach, per=per, value=Decimal(value)),
    PARTS, REACHES, st.sampled_from([Per.DAY, Per.WEEK, Per.MONTH, Per.WHOLE]), st.integers(1, 12),
)  # fmt: skip
SHARES = st.builds(
    lambda parts, per, value: replace(POSTS, **parts, **SHARE, per=per, value=Decimal(value)),
    PARTS, st.sampled_from([Per.DAY, Per.WEEK, Per.WHOLE]), st.integers(1, 100),
)  # fmt: skip
PAIRS = st.one_of(st.tuples(COUNTS, COUNTS), st.tuples(SHARES, SHARES))


@settings(max_examples=400, deadline=None)
@given(pair=PAIRS, days=st.sampled_from([7, 28, 35, 59]), data=st.data())
def test_what_contradicts_is_met_by_nothing(pair: tuple[TargetDraft, TargetDraft], days: int, data: Any) -> None:
    if not clash(*pair, days=days):
        return
    rhythm = data.draw(st.lists(st.integers(0, 4), min_size=days, max_size=days))
    sort = st.tuples(st.sampled_from(["photo", "video"]), st.integers(1, 2), st.integers(0, 2))
    sorts = data.draw(st.lists(sort, min_size=1, max_size=5))
    posts = [Post(day, *sorts[(day + n) % len(sorts)]) for day, count in enumerate(rhythm) for n in range(count)]

    assert not (is_met(pair[0], posts, days) and is_met(pair[1], posts, days))


@settings(max_examples=300, deadline=None)
@given(pair=st.tuples(COUNTS, COUNTS), count=st.integers(0, 3), days=st.sampled_from([28, 35, 59]))
def test_what_an_even_rhythm_meets_is_not_refused(pair: tuple[TargetDraft, TargetDraft], count: int, days: int) -> None:
    posts = [Post(day, "photo", 1, 0) for day in range(days) for _ in range(count)]

    if all(is_met(target, posts, days) for target in pair):
        assert not clash(*pair, days=days)


# -- between goals ----------------------------------------------------------------------------------------------------


def goal(starts_on: date, due_on: date, *targets: TargetDraft) -> GoalDraft:
    return GoalDraft(
        starts_on=starts_on, due_on=due_on, targets=[replace(one, words="what it asks") for one in targets]
    )


MAY, JUNE = (date(2026, 5, 1), date(2026, 5, 31)), (date(2026, 6, 1), date(2026, 6, 30))
LATE_MAY = (date(2026, 5, 26), date(2026, 6, 20))
SPRING = (date(2026, 4, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("one", "other", "is_clash"),
    [
        (goal(*MAY, at_least(5)), goal(*SPRING, at_most(3)), True),
        (goal(*MAY, at_most(3)), goal(*SPRING, at_least(5)), True),
        (goal(*MAY, at_least(5)), goal(*JUNE, at_most(3)), False),  # no common day
        (goal(*MAY, at_least(5)), goal(*LATE_MAY, at_most(3)), False),  # perhaps no common week
        (goal(*MAY, at_least(5, per=Per.MONTH)), goal(*SPRING, at_most(3, per=Per.MONTH)), True),
        (goal(*LATE_MAY, at_least(5, per=Per.MONTH)), goal(*SPRING, at_most(3, per=Per.MONTH)), False),
        (goal(*MAY, at_least(50, per=Per.WHOLE)), goal(*SPRING, at_most(40, per=Per.WHOLE)), True),
        (goal(*SPRING, at_least(50, per=Per.WHOLE)), goal(*MAY, at_most(40, per=Per.WHOLE)), False),
        (goal(*MAY, at_least(2, per=Per.DAY)), goal(*SPRING, at_most(40, per=Per.WHOLE)), True),
    ],
)
def test_goals_with_common_days_contradict_each_other(one: GoalDraft, other: GoalDraft, is_clash: bool) -> None:
    said = list(contradictions_between([("More", one), ("Less", other)]))

    words = "“More” (what it asks) and “Less” (what it asks) cannot both be met."
    assert said == ([words] if is_clash else [])
