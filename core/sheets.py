"""CSV that a spreadsheet opens as what it is, and that comes back unchanged: UTF-8, and no text taken for a formula.

Every CSV file that Sextant writes or reads goes through here.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

DELIMITERS = (";", ",", "\t")
MARK = "\ufeff"  # by which spreadsheets know UTF-8
# What makes a formula of a text (OWASP, CSV Injection); the wide forms count in Japanese and Chinese editions.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BLANK = " \u00a0\u3000'"  # some spreadsheets look for a formula behind these


def guard(cell: str) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets hide."""
    return f"'{cell}" if cell.lstrip(_BLANK).startswith(_FORMULA) else cell


def unguard(cell: str) -> str:
    """The text that `guard` was given."""
    return cell[1:] if cell.startswith("'") and cell.lstrip(_BLANK).startswith(_FORMULA) else cell


class Writer:
    """Rows written one after the other to an open text file. Texts are guarded, numbers stay numbers."""

    def __init__(self, file: IO[str], *, delimiter: str = ",") -> None:
        self._writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")

    def row(self, cells: Iterable[object]) -> None:
        self._writer.writerow([guard(cell) if isinstance(cell, str) else cell for cell in cells])


def write(rows: Iterable[Sequence[object]], *, delimiter: str = ",") -> str:
    """A whole file, with a byte order mark, so that spreadsheets read it as UTF-8."""
    sink = io.StringIO(newline="")
    writer = Writer(sink, delimiter=delimiter)
    for row in rows:
        writer.row(row)
    return MARK + sink.getvalue()


def decode(content: bytes) -> str:
    """The text of a UTF-8 file, with or without a byte order mark. Raises ValueError for anything else."""
    text = content.decode("utf-8-sig")
    if "\0" in text:
        raise ValueError("not a text")
    return text


def read(text: str) -> Iterator[list[str]]:
    """The rows of a file, whichever delimiter it has, with the texts that were guarded. Raises csv.Error."""
    first = text.lstrip("\r\n").partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=detect_delimiter(first), strict=True)
    return ([unguard(cell) for cell in cells] for cells in rows)


def detect_delimiter(header: str) -> str:
    """Whichever of semicolon, comma and tab the header holds most of."""
    return max(DELIMITERS, key=header.count)
