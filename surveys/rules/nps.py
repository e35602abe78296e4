"""The net promoter score: how many would recommend you, less how many would not."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor, sqrt

PROMOTERS, PASSIVES = range(9, 11), range(7, 9)  # the others, 0 to 6, are detractors
FEW = 30  # with fewer answers a page says how little that is
Z_95 = 1.96  # standard deviations on each side that hold 95 percent of a normal distribution


@dataclass(frozen=True, kw_only=True)
class Nps:
    """The score of a survey, from -100 to 100: percent promoters (9 and 10) minus percent detractors (0 to 6).

    Frederick F. Reichheld, “The One Number You Need to Grow”, Harvard Business Review, December 2003.
    """

    promoters: int
    passives: int
    detractors: int

    @property
    def count(self) -> int:
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> int:
        """In whole points; half a point is rounded up."""
        return floor(Fraction(100 * (self.promoters - self.detractors), self.count) + Fraction(1, 2))

    @property
    def is_few(self) -> bool:
        return self.count < FEW

    @property
    def interval(self) -> tuple[int, int]:
        """Where the score of all customers lies, 95 times in 100, if those who answered were drawn by chance.

        The adjusted Wald interval, which holds for few answers and when all of them agree: three answers are added, 3/4
        of a promoter, 3/4 of a detractor and the rest passive; then, with p and d the shares of promoters and of
        detractors of n answers,  100 (p - d ± 1.96 sqrt((p + d - (p - d)²) / n)).

        Brendan Rocks, “Interval Estimation for the Net Promoter Score”, The American Statistician 70 (4), 2016.
        """
        n = self.count + 3
        p, d = (self.promoters + 0.75) / n, (self.detractors + 0.75) / n
        half = Z_95 * sqrt((p + d - (p - d) ** 2) / n)
        low, high = (100 * (p - d - half), 100 * (p - d + half))
        return max(-100, round(low)), min(100, round(high))


def nps_of(counts: Mapping[int, int]) -> Nps | None:
    """The score of how often each number was answered; None of nothing."""
    total = sum(counts.values())
    if not total:
        return None
    promoters, passives = (sum(counts.get(number, 0) for number in kind) for kind in (PROMOTERS, PASSIVES))
    return Nps(promoters=promoters, passives=passives, detractors=total - promoters - passives)
