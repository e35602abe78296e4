"""The content matrix: what share of the posts each content type was planned to have, and what share it has.

A post may have no content type yet. It counts as published, but nobody knows what it is about: what is said to be off
is off whatever such posts are about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

WHOLE = 100  # percent
DRIFT_POINTS = 15  # a share that is off by less is the ordinary unevenness of a month
DRIFT_POSTS = 1  # a share cannot be met more exactly than by a whole post: of seven posts, half are three or four
ENOUGH_POSTS = 6  # in fewer, one post more or less moves a share by more than DRIFT_POINTS: of three it is 33
A_MIX = 2  # a single post cannot be a mix

Planned = Mapping[int, int]  # percents by content type; they add up to WHOLE, or there are none
Counts = Mapping[int | None, int]  # posts by content type; None: those without one


@dataclass(frozen=True, kw_only=True)
class Row:
    """One content type in a period, or (`kind` None) the posts without one. `unknown` counts those without one."""

    kind: int | None
    planned: int
    count: int
    total: int
    unknown: int = 0

    @property
    def actual(self) -> Fraction | None:
        """In percent; None when nothing was published."""
        return Fraction(WHOLE * self.count, self.total) if self.total else None

    @property
    def percent(self) -> int | None:
        """The actual share to the nearest percent."""
        return None if self.actual is None else floor(self.actual + Fraction(1, 2))

    @property
    def wanted(self) -> Fraction:
        """As many of the posts as the matrix asks for."""
        return Fraction(self.planned * self.total, WHOLE)

    @property
    def off(self) -> Fraction:
        """By how many posts there are too many of it (or, below zero, too few), at the least."""
        most = self.count + (self.unknown if self.kind is not None else 0)
        nearest = min(max(self.wanted, Fraction(self.count)), Fraction(most))
        return nearest - self.wanted

    @property
    def change(self) -> int:
        """How many posts more (or, below zero, fewer) of the same total would meet the plan, to the nearest post."""
        half = Fraction(1, 2)
        return floor(half - self.off) if self.off > 0 else ceil(-self.off - half)

    @property
    def fewer(self) -> int:
        return -self.change

    @property
    def points(self) -> Fraction:
        """By how many percentage points it is off, at the least."""
        return WHOLE * self.off / self.total if self.total else Fraction(0)

    @property
    def is_drift(self) -> bool:
        """Whether it is so far off that somebody should look: too far, by a whole post, among enough posts."""
        is_far = abs(self.points) >= DRIFT_POINTS and abs(self.off) >= DRIFT_POSTS
        return self.kind is not None and self.total >= ENOUGH_POSTS and is_far

    @property
    def is_lacking(self) -> bool:
        """Whether the matrix asks for at least one post more of it."""
        return self.kind is not None and self.total >= A_MIX and self.change >= 1

    @property
    def asked(self) -> int:
        """How many posts there should be of it, to the nearest post."""
        return self.count + self.change


@dataclass(frozen=True)
class Mix:
    """What was planned beside what is, content type by content type."""

    rows: tuple[Row, ...]
    total: int

    @property
    def drifting(self) -> list[Row]:
        """The rows that are too far off, the farthest first."""
        found = [row for row in self.rows if row.is_drift]
        return sorted(found, key=lambda row: (-abs(row.off), -row.planned, row.kind))

    @property
    def lacking(self) -> list[Row]:
        """The rows that need more posts, the one that needs most first."""
        found = [row for row in self.rows if row.is_lacking]
        return sorted(found, key=lambda row: (-row.change, -row.planned, row.kind))


def mix(planned: Planned, counts: Counts) -> Mix:
    """The content types as they are planned, then those that nobody planned, then the posts without one."""
    total, unknown = sum(counts.values()), counts.get(None, 0)
    kinds: list[int | None] = [*planned, *(kind for kind in counts if kind is not None and kind not in planned)]
    rows = [
        Row(kind=kind, planned=planned.get(kind or 0, 0), count=counts.get(kind, 0), total=total, unknown=unknown)
        for kind in [*kinds, *([None] if unknown else [])]
    ]
    return Mix(tuple(rows), total)


def adds_up(percents: Iterable[int]) -> bool:
    """Whether shares make a matrix: all of it is planned, or nothing."""
    return sum(percents) in (0, WHOLE)
