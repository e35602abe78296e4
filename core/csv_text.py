"""CSV that a spreadsheet opens as what it is: UTF-8, and no text taken for a formula."""

import csv
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guard(cell: str) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets hide."""
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def unguard(cell: str) -> str:
    """The text that `guard` was given."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell


def write(rows: Iterable[Sequence[object]], *, delimiter: str = ",") -> str:
    """CSV with a byte order mark, so that spreadsheets read it as UTF-8. Texts are guarded, numbers stay numbers."""
    pieces: list[str] = []
    sink = csv.writer(_Sink(pieces), delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        sink.writerow([guard(cell) if isinstance(cell, str) else cell for cell in row])
    return "\ufeff" + "".join(pieces)


class _Sink:
    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces

    def write(self, text: str) -> int:
        self.pieces.append(text)
        return len(text)
