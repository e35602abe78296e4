"""Long lists, newest first, a page at a time: as quick on the thousandth page as on the first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from core.localtime import EARLIEST, LATEST

M = TypeVar("M", bound=Model)
MOST_DIGITS = 17  # of a key or the number of a page: with one more, PostgreSQL's own numbers may end


def asked_number(written: str) -> int | None:
    """A whole number as an address holds it; None for anything else, also for one that nothing can have."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) <= MOST_DIGITS else None


@dataclass(frozen=True, kw_only=True)
class Page(Generic[M]):
    """Some rows, and the cursors of the pages beside it; an empty cursor: there is none."""

    rows: list[M]
    older: str = ""
    newer: str = ""


def page_of(rows: QuerySet[M], *, moment: str, cursor: str = "", size: int = 50) -> Page[M]:
    """One page of rows in the order of a moment and the key, newest first.

    `cursor` is what a page beside it gave; one that cannot be read means the first page.
    """
    direction, place = _read(cursor)
    wanted = rows.order_by(moment, "pk") if direction == ">" else rows.order_by(f"-{moment}", "-pk")
    found = list((wanted.filter(_beyond(direction, moment, *place)) if place else wanted)[: size + 1])
    has_more, found = len(found) > size, found[:size]
    if direction == ">":
        found.reverse()
    has_older, has_newer = (bool(place), has_more) if direction == ">" else (has_more, bool(place))
    return Page(
        rows=found,
        older=_write("<", found[-1], moment) if found and has_older else "",
        newer=_write(">", found[0], moment) if found and has_newer else "",
    )


def _beyond(direction: str, moment: str, at: datetime, pk: int) -> Q:
    """Rows on the far side of a place. The first condition is what an index over the moment can use."""
    word = "gt" if direction == ">" else "lt"
    return Q(**{f"{moment}__{word}e": at}) & (Q(**{f"{moment}__{word}": at}) | Q(**{f"pk__{word}": pk}))


def _write(direction: str, row: Any, moment: str) -> str:
    return f"{direction}{getattr(row, moment).isoformat()}~{row.pk}"


def _read(cursor: str) -> tuple[str, tuple[datetime, int] | None]:
    at, _tilde, pk = cursor[1:].partition("~")
    try:
        place = datetime.fromisoformat(at), int(pk)
    except ValueError:
        return "<", None
    is_good = cursor[0] in "<>" and place[0].tzinfo and EARLIEST < place[0].date() < LATEST
    return (cursor[0], place) if is_good else ("<", None)
