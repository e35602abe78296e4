"""The geometry of the mark: a 60-degree arc with six ticks and an index arm, which is also the arc of progress.

Angles are degrees from the vertical below the pivot, negative to the left; lengths are in units of a 64 x 62 view.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEPS = 6
SWEEP = 60.0
GAP = 1.6  # degrees left free on both sides of a segment together
PIVOT = (32.0, 5.0)
RADIUS = 48.0


@dataclass(frozen=True)
class Segment:
    """One sixth of the arc: the path of the whole of it and the path of what is done."""

    number: int
    share: float
    track: str
    done: str
    tick: tuple[str, str, str, str]
    label: tuple[str, str]  # where its number stands

    @property
    def percent(self) -> int:
        return int(self.share * 100)


def place(angle: float, radius: float) -> tuple[str, str]:
    """A point of the view, as SVG writes it."""
    turn = math.radians(angle)
    return f"{PIVOT[0] + radius * math.sin(turn):.2f}", f"{PIVOT[1] + radius * math.cos(turn):.2f}"


def path(start: float, end: float, radius: float = RADIUS) -> str:
    """An arc from one angle to another, left to right."""
    return "M{} {}A{r:g} {r:g} 0 0 0 {} {}".format(*place(start, radius), *place(end, radius), r=radius)


def segment(number: int, share: float) -> Segment:
    """The segment of one step (1 to 6), with that share of it (0 to 1) done."""
    size = SWEEP / STEPS
    start = -SWEEP / 2 + (number - 1) * size + GAP / 2
    length = size - GAP
    share = min(1.0, max(0.0, float(share)))
    done = path(start, start + length * share) if share > 0 else ""
    middle = start + length / 2
    tick = (*place(middle, RADIUS - 6.5), *place(middle, RADIUS - 3.5))
    track, label = path(start, start + length), place(middle, RADIUS + 8)
    return Segment(number=number, share=share, track=track, done=done, tick=tick, label=label)


def next_step(shares: Sequence[float]) -> int:
    """The step to work on next: the first that is not complete, or the last when all are."""
    return next((number for number, share in enumerate(shares, 1) if share < 1), STEPS)


def arm(step: int) -> tuple[str, str]:
    """Where the tip of the index arm lies when it points at a step (1 to 6)."""
    return place(-SWEEP / 2 + (step - 0.5) * SWEEP / STEPS, RADIUS + 1.5)


def legs() -> tuple[tuple[str, str], tuple[str, str]]:
    """Where the two legs of the frame meet the arc."""
    return place(-SWEEP / 2, RADIUS), place(SWEEP / 2, RADIUS)
