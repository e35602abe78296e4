"""A chart as lines and words on paper: what print shows instead of the browser's picture. Lengths are in units of a
640 x 240 view."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, log10

from core.charts import Chart, Series, Value

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 628, 24, 212  # where the numbers are drawn; the words of the axes stand around it
LABEL = 13  # height of a word
NAMES = 8  # words under the horizontal axis at most
LETTER = 6.5  # width of one, with its share of the room between two names
BAR = 0.7  # of its place


@dataclass(frozen=True, kw_only=True)
class Line:
    """One series: its path, and its name where it ends, clear of the others."""

    name: str
    color: int | None  # None: the course that is required, drawn dashed and gray
    path: str
    dots: Sequence[tuple[float, float]]
    end: tuple[float, float] | None
    is_thin: bool = False  # what is foretold


@dataclass(frozen=True, kw_only=True)
class Bar:
    y: float
    height: float
    width: float
    color: int | None
    value: Value

    @property
    def middle(self) -> float:
        return round(self.height / 2, 1)


@dataclass(frozen=True, kw_only=True)
class Tick:
    at: float
    words: str | float
    anchor: str = "middle"  # of a name: which part of it stands there


@dataclass(frozen=True, kw_only=True)
class Key:
    """What a color stands for, where no name stands beside what is drawn in it."""

    name: str
    color: int | None


@dataclass(frozen=True, kw_only=True)
class Drawing:
    lines: Sequence[Line] = ()
    bars: Sequence[Bar] = ()
    values: Sequence[Tick] = ()
    names: Sequence[Tick] = ()
    band: str = ""  # the area in which the first line may go on
    legend: Sequence[Key] = ()
    is_small: bool = False


def drawing(chart: Chart, *, is_small: bool = False) -> Drawing:
    """A small one is printed at half the width: it has larger and fewer words."""
    drawn = _bars(chart) if chart.kind == "bar" else _lines(chart, is_small=is_small)
    has_legend = is_small or (chart.kind == "bar" and len(chart.series) > 1)
    keys = [Key(name=str(one.name), color=_color(place, one)) for place, one in enumerate(chart.series)]
    return replace(drawn, legend=keys if has_legend else (), is_small=is_small)


def steps(most: float, least: float = 0) -> list[float]:
    """Round numbers through 0 that reach at least as far: 0, 500, 1000, 1500; of losses -20, 0, 20."""
    least, most = min(least, 0), max(most, 0)
    if least == most:
        return [0, 1]
    rough = (most - least) / 5
    unit = 10 ** floor(log10(rough))
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough)
    return [round(step * place, 10) for place in range(floor(least / step), ceil(most / step) + 1)]


def spread(wanted: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """Places near the wanted ones, in their order, at least a gap apart and between two ends."""
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    places = list(wanted)
    before = low - gap
    for index in order:
        before = places[index] = max(places[index], before + gap)
    after = high + gap
    for index in reversed(order):
        after = places[index] = min(places[index], after - gap)
    return places


# -- lines ------------------------------------------------------------------------------------------------------------


def _lines(chart: Chart, *, is_small: bool) -> Drawing:
    scale = steps(_most(chart), _least(chart))
    columns = [_x(place, len(chart.labels)) for place in range(len(chart.labels))]
    listed = [*chart.series, *_ahead(chart)]
    rows = [[None if value is None else _y(value, scale) for value in one.values] for one in listed]
    ends = [[(x, y) for x, y in zip(columns, row, strict=True) if y is not None][-1:] for row in rows]
    free = iter(spread(list(_beside([end[0][1] for end in ends if end])), gap=LABEL, low=LABEL, high=BOTTOM - 2))
    return Drawing(
        lines=[
            _line(place, one, columns, row, (end[0][0], round(next(free), 1)) if end else None)
            for place, (one, row, end) in enumerate(zip(listed, rows, ends, strict=True))
        ],
        values=[Tick(at=_y(value, scale), words=value) for value in scale],
        names=list((_ends if is_small else _names)(chart.labels, columns)),
        band=_band(chart, columns, scale),
    )


def _ahead(chart: Chart) -> Iterator[Series]:
    """What is foretold, as a line in the color of the first."""
    if chart.outlook:
        color = _color(0, chart.series[0])
        yield Series(name=chart.outlook.name, values=chart.outlook.values, color=color, is_thin=True)


def _band(chart: Chart, columns: Sequence[float], scale: Sequence[float]) -> str:
    """Along the low ends and back along the high ones."""
    if chart.outlook is None:
        return ""
    edges = [zip(columns, edge, strict=True) for edge in (chart.outlook.low, chart.outlook.high)]
    low, high = ([f"{x} {_y(value, scale)}" for x, value in edge if value is not None] for edge in edges)
    return f"M{'L'.join([*low, *reversed(high)])}Z"


def _beside(ends: Sequence[float]) -> Iterator[float]:
    """Above the end of each line, or below it where the line above is too near for that."""
    for end in ends:
        is_near = any(0 < end - other < LABEL + 8 for other in ends)
        yield end + 14 if is_near else end - 6


def _line(
    place: int, series: Series, columns: Sequence[float], row: Sequence[float | None], end: tuple[float, float] | None
) -> Line:
    points = list(zip(columns, row, strict=True))
    pens = ["M" if not at or row[at - 1] is None else "L" for at in range(len(row))]
    path = "".join(f"{pen}{x} {y}" for pen, (x, y) in zip(pens, points, strict=True) if y is not None)
    dots = [] if series.is_pace or series.is_thin else [(x, y) for x, y in points if y is not None]
    return Line(
        name=str(series.name), color=_color(place, series), path=path, dots=dots, end=end, is_thin=series.is_thin
    )  # fmt: skip


def _names(labels: Sequence[str], columns: Sequence[float]) -> Iterator[Tick]:
    """Every label, or every second, third … of many or long ones; of each what is short."""
    names = [_short(label) for label in labels]
    longest = max(map(len, names), default=0) * LETTER
    fitting = max(1, min(NAMES, floor((RIGHT - LEFT) / (longest + LETTER))))
    for place in range(0, len(names), ceil(len(names) / fitting) or 1):
        half = len(names[place]) * LETTER / 2
        yield Tick(at=round(min(columns[place], WIDTH - half), 1), words=names[place])


def _ends(labels: Sequence[str], _columns: Sequence[float]) -> Iterator[Tick]:
    """The first label and the last, which have to stand in one line."""
    names = [_short(label) for label in labels]
    if names:
        yield Tick(at=LEFT, words=names[0], anchor="start")
    if len(names) > 1:
        yield Tick(at=RIGHT, words=names[-1], anchor="end")


def _short(label: str) -> str:
    """Of a label in two parts (a day · a post) the first, without what is said in brackets."""
    return label.partition(" · ")[0].partition(" (")[0]


def _x(place: int, of: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * (place + 0.5) / of, 1)


def _y(value: float | Value, scale: Sequence[float]) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * (float(value or 0) - scale[0]) / (scale[-1] - scale[0]), 1)


# -- bars -------------------------------------------------------------------------------------------------------------


def _bars(chart: Chart) -> Drawing:
    """One beside the other, from the left; each with its number."""
    scale = steps(_most(chart))
    place = (BOTTOM - TOP) / max(len(chart.labels), 1)
    height = place * BAR / max(len(chart.series), 1)
    return Drawing(
        bars=[
            Bar(
                y=round(TOP + place * (row + (1 - BAR) / 2) + height * column, 1), height=round(height, 1),
                width=round((RIGHT - 2 * LEFT - 40) * float(value) / scale[-1], 1), value=value,
                color=_color(column, one),
            )
            for column, one in enumerate(chart.series)
            for row, value in enumerate(one.values)
            if value is not None
        ],
        names=[Tick(at=round(TOP + place * (row + 0.5) + 4, 1), words=label) for row, label in enumerate(chart.labels)],
    )  # fmt: skip


def _most(chart: Chart) -> float:
    return max(_values(chart), default=0)


def _least(chart: Chart) -> float:
    return min(_values(chart), default=0)


def _values(chart: Chart) -> Iterator[float]:
    edges = [chart.outlook.low, chart.outlook.high] if chart.outlook else []
    rows = [*(one.values for one in chart.series), *edges]
    return (float(value) for values in rows for value in values if value is not None)


def _color(place: int, series: Series) -> int | None:
    if series.is_pace:
        return None
    return place % 10 if series.color is None else series.color
