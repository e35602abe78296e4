"""A figure of now, in a document that otherwise says what people decided: how far something has come, in words and as
a chart. One form for the page, print and PDF; knows nothing of what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.charts import Chart
from core.look import dress


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One condition, in words, and how much of it is reached: in words, and from 0 to 100 where that can be said."""

    text: str
    reached: str = ""
    percent: int | None = None


@dataclass(frozen=True, kw_only=True)
class CurrentFigure:
    """`about` is the key of the item beside which it stands (`core.sections.Item.key`); without one it stands for
    itself. `state` is a stored value that `core.look` dresses, `state_words` says it. `as_of`: of when its figures
    are."""

    title: str
    about: str = ""
    state: str = ""
    state_words: str = ""
    bars: Sequence[Bar] = ()
    note: str = ""
    chart: Chart | None = None
    as_of: datetime | None = None

    @property
    def tone(self) -> str:
        return dress(self.state).tone
