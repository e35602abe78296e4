"""Numbers that are drawn and, one key away, read as a table. Lines for a course in time, bars for shares."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from django.utils.functional import Promise

Value = int | float | Decimal | None  # None: there is no figure; the line has a gap there


@dataclass(frozen=True, kw_only=True)
class Series:
    """One line or one set of bars. `is_pace` marks the course that a target requires: drawn dashed and grey; `is_thin`
    what is foretold, on paper: without dots."""

    name: str | Promise
    values: Sequence[Value]
    is_pace: bool = False
    is_thin: bool = False
    color: int | None = None  # one of the ten fixed colors; by default its place among the series


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """How the first series may go on: a thin line and the band around it. None where nothing is foretold."""

    name: str | Promise
    low_name: str | Promise
    high_name: str | Promise
    values: Sequence[Value]
    low: Sequence[Value]
    high: Sequence[Value]


@dataclass(frozen=True)
class Row:
    label: str
    values: tuple[Value, ...]
    ahead: tuple[Value, ...] = ()  # the outlook, its low and its high end


@dataclass(frozen=True, kw_only=True)
class Chart:
    """For `components/chart.html`. Each series has one value for each label; so has the outlook, of lines only."""

    labels: Sequence[str]
    series: Sequence[Series]
    kind: Literal["line", "bar"] = "line"
    unit: str | Promise = ""
    label_name: str | Promise = field(default="")
    outlook: Outlook | None = None

    @property
    def rows(self) -> list[Row]:
        columns = [one.values for one in self.series]
        ahead = [self.outlook.values, self.outlook.low, self.outlook.high] if self.outlook else []
        rows = zip(self.labels, *columns, *ahead, strict=True)
        return [Row(label, tuple(values[: len(columns)]), tuple(values[len(columns) :])) for label, *values in rows]

    @property
    def data(self) -> dict[str, Any]:
        """What the browser draws."""
        return {
            "kind": self.kind,
            "labels": list(self.labels),
            "series": [
                {"name": str(one.name), "values": [_plain(v) for v in one.values], "pace": one.is_pace}
                | ({} if one.color is None else {"color": one.color})
                for one in self.series
            ],
        } | ({} if self.outlook is None else {"outlook": _ahead(self.outlook)})


def _ahead(outlook: Outlook) -> dict[str, Any]:
    lines = {name: [_plain(value) for value in getattr(outlook, name)] for name in ("values", "low", "high")}
    return {"name": str(outlook.name), "low_name": str(outlook.low_name), "high_name": str(outlook.high_name), **lines}


def _plain(value: Value) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


def sparkline_path(values: Sequence[Value], width: float = 96, height: float = 24) -> str:
    """The path of a small line without axes; a value that is missing leaves a gap."""
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = (width - 4) / (len(values) - 1)
    parts, pen_up = [], True
    for index, value in enumerate(values):
        if value is None:
            pen_up = True
            continue
        x, y = 2 + index * step, height - 3 - (float(value) - low) / span * (height - 6)
        parts.append(f"{'M' if pen_up else 'L'}{x:.1f} {y:.1f}")
        pen_up = False
    return "".join(parts)
