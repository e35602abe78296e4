"""The arithmetic of the content matrix, without a database."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_app.presets import PRESETS
from calendar_app.rules.matrix import DRIFT_POINTS, DRIFT_POSTS, ENOUGH_POSTS, WHOLE, Mix, adds_up, mix


@st.composite
def planned(draw: st.DrawFn) -> dict[int, int]:
    """Shares of one to five content types that add up to 100."""
    cuts = sorted(draw(st.sets(st.integers(1, WHOLE - 1), max_size=4)))
    edges = [0, *cuts, WHOLE]
    return {kind: high - low for kind, (low, high) in enumerate(pairwise(edges), start=1)}


counts = st.dictionaries(st.none() | st.integers(1, 7), st.integers(1, 30), max_size=6)


@given(planned(), counts)
def test_rows_hold_every_post_once(shares: dict[int, int], found: dict[int | None, int]) -> None:
    result = mix(shares, found)

    assert {row.kind for row in result.rows} == {*shares, *found}
    assert sum(row.count for row in result.rows) == result.total == sum(found.values())
    assert sum(row.planned for row in result.rows) == WHOLE
    assert sum(row.wanted for row in result.rows) == result.total
    assert result.total == 0 or sum(row.actual or 0 for row in result.rows) == WHOLE


@given(planned(), counts)
def test_what_drifts_is_far_off_whatever_posts_without_a_type_are_about(
    shares: dict[int, int], found: dict[int | None, int]
) -> None:
    unknown = found.pop(None, 0)
    for row in mix(shares, {**found, None: unknown}).drifting:
        for more in (0, unknown):
            known = {**found, row.kind: found.get(row.kind, 0) + more, None: unknown - more}
            off = known[row.kind] - row.wanted
            assert abs(off) >= DRIFT_POSTS
            assert abs(WHOLE * off / row.total) >= DRIFT_POINTS
            assert row.total >= ENOUGH_POSTS


@given(planned(), counts)
def test_change_meets_the_plan_to_the_nearest_post(shares: dict[int, int], found: dict[int | None, int]) -> None:
    found.pop(None, None)
    for row in mix(shares, found).rows:
        assert abs(row.count + row.change - row.wanted) <= Fraction(1, 2)
        assert row.change * (row.wanted - row.count) >= 0
        assert row.is_lacking is False or row.change >= 1


@given(planned(), counts, st.integers(1, 7))
def test_posts_without_a_type_only_calm(shares: dict[int, int], found: dict[int | None, int], kind: int) -> None:
    """What does not drift while its posts are named does not begin to when some lose their type."""
    found = {**found, kind: found.get(kind, 0) + 1}
    forgotten = {**found, kind: found[kind] - 1, None: found.get(None, 0) + 1}

    def drifting(result: Mix) -> set[int | None]:
        return {row.kind for row in result.drifting if row.off < 0}

    assert drifting(mix(shares, forgotten)) <= drifting(mix(shares, found))


@given(counts)
def test_what_was_published_as_planned_does_not_drift(found: dict[int | None, int]) -> None:
    found.pop(None, None)
    kinds = {kind for kind in found if kind is not None}
    even = {kind: WHOLE // len(kinds) for kind in kinds} if kinds and WHOLE % len(kinds) == 0 else {}

    assert mix(even, dict.fromkeys(kinds, 6)).drifting == [] or not even


@pytest.mark.parametrize(
    ("shares", "found", "drifting", "lacking"),
    [
        ({1: 50, 2: 50}, {}, [], []),
        ({1: 50, 2: 50}, {1: 1}, [], []),  # one post is no mix
        ({1: 50, 2: 50}, {1: 2}, [], [2]),  # but two may be one
        ({1: 50, 2: 50}, {1: 5}, [], [2]),  # too few posts to speak of a drift
        ({1: 50, 2: 50}, {1: 6}, [1, 2], [2]),
        ({1: 50, 2: 50}, {1: 4, 2: 2}, [1, 2], [2]),  # 16.7 points, a whole post
        ({1: 64, 2: 36}, {1: 5, 2: 2}, [], [2]),  # 7 points
        ({1: 70, 2: 30}, {1: 17, 2: 3}, [1, 2], [2]),  # 15 points exactly
        ({1: 69, 2: 31}, {1: 83, 2: 17}, [], [2]),  # 14
        ({1: 50, 2: 50}, {3: 6}, [3, 1, 2], [1, 2]),  # nobody planned it
        ({1: 50, 2: 50}, {None: 12}, [], []),  # nobody knows what they are about
        ({1: 50, 2: 50}, {1: 10, None: 2}, [1, 2], [2]),
        ({1: 50, 2: 25, 3: 20, 4: 5}, {1: 2, 2: 1, 3: 1}, [], []),
        ({1: 50, 2: 25, 3: 20, 4: 5}, {1: 4}, [], [2, 3]),
    ],
)
def test_drift_and_lack_have_their_thresholds(
    shares: dict[int, int], found: dict[int | None, int], drifting: list[int], lacking: list[int]
) -> None:
    result = mix(shares, found)

    assert [row.kind for row in result.drifting] == drifting
    assert [row.kind for row in result.lacking] == lacking


def test_shares_make_a_whole_or_nothing() -> None:
    assert [adds_up(shares) for shares in ([], [0, 0], [100], [50, 25, 20, 5], [99], [60, 41])] == [
        True, True, True, True, False, False,
    ]  # fmt: skip
    assert all(sum(part.percent for part in one.parts) == WHOLE for one in PRESETS)
