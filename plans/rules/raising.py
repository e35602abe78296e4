"""What the next goal asks, when the last one came to its end: more than was reached, by a step that a team can take."""

from decimal import ROUND_CEILING, Decimal

from networks.rules.values import UNLIMITED
from plans.rules.drafted import TargetDraft
from plans.rules.facts import Comparison, Per
from plans.rules.writing import LIMITS

STEP = Decimal("0.1")  # a tenth more; of a loss, a tenth less of it
DIGITS = 2  # 418 and a tenth is 460, not 459.8


def raised(target: TargetDraft, reached: Decimal | None) -> Decimal | None:
    """The number of the next goal; None where it stays: an upper limit, a range, what was not measured.

    What each post must reach is raised from what was asked, not from what the posts reached on average: half of them
    stayed below that.
    """
    if target.value is None or reached is None or target.comparison is not Comparison.AT_LEAST:
        return None
    base = target.value if target.per is Per.DELIVERY else max(target.value, reached)
    highest = None if target.metric in UNLIMITED else LIMITS.get(target.measure)
    number = rounded(base + abs(base) * STEP, is_whole=target.measure == "count")
    number = number if highest is None else min(number, highest)
    return number if number > target.value else None


def rounded(value: Decimal, *, is_whole: bool) -> Decimal:
    """Up to a number that is easily said."""
    tens = Decimal(10) ** max(0, value.adjusted() + 1 - DIGITS)
    unit = tens if is_whole or abs(value) >= 10 else Decimal("0.1")
    return (value / unit).to_integral_value(ROUND_CEILING) * unit
