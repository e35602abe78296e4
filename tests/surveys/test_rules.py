"""What counts as an answer, and what the answers add up to."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.ranges import range_of
from analytics.rules.cells import CellError, parse_number
from core.drawing import steps
from networks.models import Metric
from surveys.rules.answers import QuestionKind, Trouble, trouble
from surveys.rules.nps import Nps, nps_of

COUNTS = st.dictionaries(st.integers(0, 10), st.integers(1, 500), min_size=1)


def test_score_is_promoters_less_detractors() -> None:
    counts = {10: 4, 9: 3, 8: 2, 7: 1, 6: 1, 0: 2}

    found = nps_of(counts)

    assert found == Nps(promoters=7, passives=3, detractors=3)
    assert found.score == 31  # 100 * (7 - 3) / 13 = 30.77
    assert nps_of({}) is None


def test_interval_is_the_adjusted_wald_interval() -> None:
    """By hand for 7, 3 and 3 of 13: n = 16, p = 7.75/16, d = 3.75/16, p - d = 0.25, variance 0.65625, half 0.397."""
    assert Nps(promoters=7, passives=3, detractors=3).interval == (-15, 65)
    assert Nps(promoters=1, passives=0, detractors=0).interval == (-48, 98)  # one answer says next to nothing
    assert Nps(promoters=1000, passives=0, detractors=0).interval[0] > 98


@given(COUNTS)
def test_score_lies_within_its_interval_and_its_range(counts: dict[int, int]) -> None:
    found = nps_of(counts)

    assert found
    low, high = found.interval
    assert -100 <= low <= high <= 100
    assert -100 <= found.score <= 100
    assert found.count < 100 or low <= found.score <= high


@given(COUNTS)
def test_one_more_promoter_never_lowers_the_score(counts: dict[int, int]) -> None:
    before, after = nps_of(counts), nps_of({**counts, 10: counts.get(10, 0) + 1})

    assert before
    assert after
    assert after.score >= before.score


@pytest.mark.parametrize(
    ("kind", "value", "is_required", "expected"),
    [
        (QuestionKind.NPS, 0, True, None),
        (QuestionKind.NPS, 11, False, Trouble.NO_CHOICE),
        (QuestionKind.NPS, None, True, Trouble.MISSING),
        (QuestionKind.NPS, None, False, None),
        (QuestionKind.NPS, "9", False, Trouble.NO_CHOICE),
        (QuestionKind.RATING, 0, False, Trouble.NO_CHOICE),
        (QuestionKind.RATING, 5, False, None),
        (QuestionKind.SINGLE, 3, False, Trouble.NO_CHOICE),
        (QuestionKind.SINGLE, [0, 1], False, Trouble.NO_CHOICE),
        (QuestionKind.SINGLE, 2, False, None),
        (QuestionKind.MULTIPLE, [0, 2], False, None),
        (QuestionKind.MULTIPLE, [2, 2], False, Trouble.NO_CHOICE),
        (QuestionKind.MULTIPLE, [], True, Trouble.MISSING),
        (QuestionKind.TEXT, "", True, Trouble.MISSING),
        (QuestionKind.TEXT, "x" * 2000, False, None),
        (QuestionKind.TEXT, "x" * 2001, False, Trouble.TOO_LONG),
        (QuestionKind.TEXT, 3, False, Trouble.NO_CHOICE),
    ],
)
def test_answer_fits_its_question(kind: QuestionKind, value: object, is_required: bool, expected: object) -> None:
    assert (
        trouble(kind, 3 if kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE) else 0, value, is_required=is_required)
        is expected
    )  # type: ignore[arg-type]


# -- a score may be negative ------------------------------------------------------------------------------------------


def test_score_may_be_typed_in_below_zero_and_nothing_else() -> None:
    score, likes = range_of(Metric(slug="survey_score", unit="score")), range_of(Metric(slug="likes", unit="count"))

    assert [parse_number(text, score) for text in ("-12,5", "−100", "100")] == [Decimal("-12.5"), -100, 100]
    for text, span in (("-101", score), ("101", score), ("-1", likes)):
        with pytest.raises(CellError):
            parse_number(text, span)


def test_chart_reaches_below_zero() -> None:
    assert steps(30, -20) == [-20, -10, 0, 10, 20, 30]
    assert steps(0, -100) == [-100, -80, -60, -40, -20, 0]
    assert steps(3) == [0, 1, 2, 3]
