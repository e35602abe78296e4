"""A list of conditions, each met or not, and how far along it is. Knows nothing of what is checked."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class Check:
    """One condition. `label` says in words what is lacking (or was done); `url` leads to where it is mended."""

    label: str | Promise
    is_met: bool
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """What is done and what still lacks, in the order in which to do it."""

    checks: tuple[Check, ...] = field(default_factory=tuple)

    @classmethod
    def of(cls, checks: Iterable[Check]) -> Self:
        return cls(checks=tuple(checks))

    @property
    def share(self) -> float:
        """Completeness from 0 to 1; an empty list is 0: nothing was checked."""
        return sum(check.is_met for check in self.checks) / len(self.checks) if self.checks else 0.0

    @property
    def percent(self) -> int:
        return int(self.share * 100)

    @property
    def missing(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.is_met)

    @property
    def is_complete(self) -> bool:
        return bool(self.checks) and not self.missing
