"""The audit sheet as a spreadsheet reads it."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(cell: str | int | None) -> str:
    """A cell that no spreadsheet takes for a formula: text that could be one begins with an apostrophe.

    Source: OWASP, CSV Injection.
    """
    if cell is None:
        return ""
    if isinstance(cell, int):
        return str(cell)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def as_csv(rows: Iterable[Sequence[str | int | None]]) -> str:
    """Rows as CSV (RFC 4180), every cell guarded."""
    file = io.StringIO()
    csv.writer(file).writerows([guarded(cell) for cell in row] for row in rows)
    return file.getvalue()
