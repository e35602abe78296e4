"""What can be asked, and what counts as an answer to it. Pure."""

import enum
from collections.abc import Sequence

MOST_QUESTIONS = 20
MOST_OPTIONS = 12
LONGEST_TEXT = 2000

Value = int | str | Sequence[int] | None  # a number, the place of an option, a text, or the places of several options


class QuestionKind(enum.Enum):
    NPS = "nps"
    SINGLE = "single"
    MULTIPLE = "multiple"
    RATING = "rating"
    TEXT = "text"


class Trouble(enum.Enum):
    MISSING = "missing"
    NO_CHOICE = "no_choice"
    TOO_LONG = "too_long"


RANGES = {QuestionKind.NPS: range(11), QuestionKind.RATING: range(1, 6)}


def is_given(value: Value) -> bool:
    """Whether somebody answered at all: 0 is an answer, an empty text is none."""
    return value is not None and (isinstance(value, int) or len(value) > 0)


def trouble(kind: QuestionKind, options: int, value: Value, *, is_required: bool) -> Trouble | None:
    """What is wrong with an answer to a question of that kind, with so many options."""
    if value is None or not is_given(value):
        return Trouble.MISSING if is_required else None
    if isinstance(value, str):
        if kind is not QuestionKind.TEXT:
            return Trouble.NO_CHOICE
        return Trouble.TOO_LONG if len(value) > LONGEST_TEXT else None
    chosen = [value] if isinstance(value, int) else list(value)
    allowed = RANGES.get(kind, range(options))
    is_one = kind in (QuestionKind.SINGLE, *RANGES)
    is_good = all(one in allowed for one in chosen) and len(set(chosen)) == len(chosen)
    return None if is_good and (len(chosen) == 1 or not is_one) else Trouble.NO_CHOICE
