"""The document as a PDF. People's words go to the press as data and are never read as its language."""

import json
import logging
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import prose
from core.charts import Chart
from core.current import CurrentFigure
from core.drawing import drawing
from plans.document import Block, Document, Entry, Part

logger = logging.getLogger(__name__)
PRESS = Path(__file__).parent / "press"
LONGEST = 60  # seconds: below the lease of due work
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what no XML may hold, not even escaped


class TypesettingError(Exception):
    """The press did not give a PDF; says why, for the log."""


def typeset(document: Document, *, paper: str) -> bytes:
    """The PDF, in the language that is active. Raises TypesettingError."""
    data = json.dumps(plain(document, paper=paper), ensure_ascii=False)
    command = [sys.executable, "-I", str(PRESS / "press.py"), str(PRESS / "plan.typ"), *map(str, settings.PDF_FONTS)]
    try:
        done = subprocess.run(command, input=data.encode(), capture_output=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        raise TypesettingError("the press took too long") from None
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise TypesettingError(done.stderr.decode(errors="replace").strip()[-400:] or f"status {done.returncode}")
    return done.stdout


# -- as the template reads it -----------------------------------------------------------------------------------------


def plain(document: Document, *, paper: str) -> dict[str, Any]:
    edition = document.edition
    return {
        "title": document.title, "brand": document.brand, "period": document.period, "label": document.label,
        "is_draft": edition.number is None, "language": get_language() or "en", "paper": paper,
        "made_at": document.made_at.isoformat(),
        "states": [{"state": _state(figure), "count": count} for figure, count in document.states],
        "parts": [_part(part) for part in document.parts],
        "change": _change(document),
        "words": {
            "contents": _("Contents"), "plan": _("Social media marketing plan"), "goals": _("Goals"),
            "empty": _("Nothing is written here yet."), "draft": _("Draft: not published yet."),
            "made": _("Figures of %(day)s") % {"day": date_format(localtime(document.made_at), "DATE_FORMAT")},
        },
    }  # fmt: skip


def _change(document: Document) -> dict[str, Any] | None:
    edition = document.edition
    if not (edition.what_changed or edition.why):
        return None
    parts = [(_("What changed"), edition.what_changed), (_("Why"), edition.why)]
    return {"title": _("This revision"), "parts": [{"name": name, "text": text} for name, text in parts if text]}


def _part(part: Part) -> dict[str, Any]:
    return {
        "number": part.section.number, "title": part.section.title,
        "text": [asdict(block) for block in prose.blocks(part.section.text)],
        "is_empty": part.is_empty,
        "blocks": [_block(block) for block in part.blocks], "figures": [_figure(figure) for figure in part.figures],
    }  # fmt: skip


def _block(block: Block) -> dict[str, Any]:
    rows = [[item.title, *cells] for item, cells in block.rows] if block.look == "table" else []
    return {
        "title": block.title, "look": block.look, "columns": block.columns,
        "rows": rows, "widths": _widths(rows) if block.look == "table" else [],
        "entries": [_entry(entry) for entry in block.entries],
    }  # fmt: skip


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """How wide the columns of a table are to each other: by the longest text of each, within bounds."""
    return [min(max(12, *(len(cell) for cell in column)), 60) for column in zip(*rows, strict=True)]


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "title": entry.item.title, "sentences": [fact.text for fact in entry.sentences],
        "facts": [{"name": fact.name, "text": fact.text} for fact in entry.named],
        "figure": _figure(entry.figure, is_small=True) if entry.figure else None,
    }  # fmt: skip


def _figure(figure: CurrentFigure, *, is_small: bool = False) -> dict[str, Any]:
    return {
        "title": figure.title, "state": _state(figure), "note": figure.note,
        "bars": [{"text": bar.text, "reached": bar.reached, "percent": bar.percent} for bar in figure.bars],
        "chart": chart_svg(figure.chart, is_small=is_small) if figure.chart else None,
        "words": _in_words(figure.title, figure.chart) if figure.chart else "",
    }  # fmt: skip


def _state(figure: CurrentFigure) -> dict[str, str] | None:
    return {"tone": figure.tone, "words": figure.state_words} if figure.state else None


def chart_svg(chart: Chart, *, is_small: bool = False) -> str:
    """A chart as a picture of lines and words; a small one is printed at half the width."""
    picture = render_to_string("plans/chart.svg", {"drawing": drawing(chart, is_small=is_small)})
    return _NO_XML.sub("", picture)


def _in_words(title: str, chart: Chart) -> str:
    """What a screen reader says of a chart."""
    rows = [f"{row.label}: {_values(row.values)}" for row in chart.rows]
    return f"{title}. {' '.join(str(one.name) for one in chart.series)}. {'; '.join(rows)}"


def _values(values: Sequence[Any]) -> str:
    return ", ".join("–" if value is None else f"{float(value):g}" for value in values)
