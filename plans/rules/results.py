"""What an evaluation says, and how it is kept as plain data."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Self

from plans.rules.facts import Kind, Per


class Status(enum.StrEnum):
    """Where a goal or target stands. The same values as `plans.models.GoalStatus`."""

    NOT_YET = "not_yet"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    ACHIEVED = "achieved"
    MISSED = "missed"


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


@dataclass(frozen=True, kw_only=True)
class PeriodResult:
    """One day, week, month or the whole: what was needed there and what there was.

    `actual` is None while nothing is known; `is_met` is None while it is open or when nothing was owed. `not_yet` and
    `not_available` count the publications or accounts without a figure.
    """

    starts_on: date
    ends_on: date
    low: Decimal | None = None
    high: Decimal | None = None
    actual: Decimal | None = None
    is_met: bool | None = None
    is_complete: bool = False
    not_yet: int = 0
    not_available: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "starts_on": self.starts_on.isoformat(), "ends_on": self.ends_on.isoformat(),
            "low": _text(self.low), "high": _text(self.high), "actual": _text(self.actual),
            "is_met": self.is_met, "is_complete": self.is_complete,
            "not_yet": self.not_yet, "not_available": self.not_available,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        read: dict[str, Any] = {"starts_on": date.fromisoformat, "ends_on": date.fromisoformat}
        read |= dict.fromkeys(("low", "high", "actual"), _number)
        return cls(**{key: read[key](value) if key in read else value for key, value in data.items()})


@dataclass(frozen=True, kw_only=True)
class DeliveryResult:
    """What one publication reached. `is_met` False: it fell short (or went too far). `brand_id` is the brand that
    published it, which may be a branch; None where that was not noted."""

    id: int
    label: str
    day: date
    actual: Decimal
    is_met: bool
    brand_id: int | None = field(default=None, compare=False)  # where it leads, not what was reached

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id, "label": self.label, "day": self.day.isoformat(), "brand_id": self.brand_id,
            "actual": _text(self.actual), "is_met": self.is_met,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{**data, "day": date.fromisoformat(data["day"]), "actual": Decimal(data["actual"])})


@dataclass(frozen=True)
class CoursePoint:
    """How far a target over the whole period was at the end of a day, and how far it should have been by then.
    `actual` is None where nothing is known, and for days to come."""

    day: date
    actual: Decimal | None
    needed: Decimal | None

    def as_json(self) -> list[str | None]:
        return [self.day.isoformat(), _text(self.actual), _text(self.needed)]

    @classmethod
    def from_json(cls, data: Sequence[str | None]) -> Self:
        day, actual, needed = data
        return cls(date.fromisoformat(str(day)), _number(actual), _number(needed))


@dataclass(frozen=True, kw_only=True)
class TargetResult:
    """How far one target has come.

    `share` is from 0 to 1: of the periods or publications judged, those that met it; for a target over the whole
    period, how much of the number was reached. `actual` is the number so far, or per period or publication the average
    of those judged; None when nothing is known. `met` of `judged` (periods or publications) met it. `course` is how it
    came there, for a target over the whole period.
    """

    spec_id: int
    kind: Kind
    per: Per
    status: Status
    low: Decimal | None
    high: Decimal | None
    actual: Decimal | None = None
    share: float | None = None
    met: int = 0
    judged: int = 0
    not_yet: int = 0
    not_available: int = 0
    periods: tuple[PeriodResult, ...] = ()
    deliveries: tuple[DeliveryResult, ...] = ()  # the latest ones judged, oldest first
    short_deliveries: tuple[DeliveryResult, ...] = ()  # the latest ones that fell short, newest first
    course: tuple[CoursePoint, ...] = ()

    @property
    def needed(self) -> Decimal | None:
        """The number to reach, or for an upper limit alone that limit."""
        return self.high if self.low is None else self.low

    @property
    def short_periods(self) -> tuple[PeriodResult, ...]:
        """Those that fell short (or went too far), newest first."""
        return tuple(period for period in reversed(self.periods) if period.is_met is False)

    @property
    def short(self) -> int:
        return self.judged - self.met

    @property
    def brands(self) -> set[int]:
        """Those that published what is named."""
        rows = (*self.deliveries, *self.short_deliveries)
        return {row.brand_id for row in rows if row.brand_id is not None}

    def as_json(self) -> dict[str, Any]:
        plain = ("spec_id", "share", "met", "judged", "not_yet", "not_available")
        return {
            **{name: getattr(self, name) for name in plain},
            "kind": self.kind.value, "per": self.per.value, "status": self.status.value,
            "low": _text(self.low), "high": _text(self.high), "actual": _text(self.actual),
            "periods": [period.as_json() for period in self.periods],
            "deliveries": [delivery.as_json() for delivery in self.deliveries],
            "short_deliveries": [delivery.as_json() for delivery in self.short_deliveries],
            "course": [point.as_json() for point in self.course],
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        read: dict[str, Any] = {
            "kind": Kind, "per": Per, "status": Status, "low": _number, "high": _number, "actual": _number,
            "periods": lambda rows: tuple(map(PeriodResult.from_json, rows)),
            "deliveries": lambda rows: tuple(map(DeliveryResult.from_json, rows)),
            "short_deliveries": lambda rows: tuple(map(DeliveryResult.from_json, rows)),
            "course": lambda rows: tuple(map(CoursePoint.from_json, rows)),
        }  # fmt: skip
        return cls(**{key: read[key](value) if key in read else value for key, value in data.items()})


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """How a goal stands on a day, target by target."""

    status: Status
    today: date
    targets: tuple[TargetResult, ...] = field(default=())

    def of(self, spec_id: int) -> TargetResult | None:
        """The result of one target; None when it was added since."""
        return next((target for target in self.targets if target.spec_id == spec_id), None)

    def as_json(self) -> dict[str, Any]:
        return {
            "status": self.status.value,
            "today": self.today.isoformat(),
            "targets": [target.as_json() for target in self.targets],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            status=Status(data["status"]),
            today=date.fromisoformat(data["today"]),
            targets=tuple(map(TargetResult.from_json, data["targets"])),
        )
