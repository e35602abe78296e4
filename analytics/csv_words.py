"""What is wrong with a file or a figure, in words that say what to do."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from analytics.rules.cells import CellError, Trouble
from analytics.rules.csv_figures import MOST_ROWS, Problem

_WORDS = {
    Trouble.ENCODING: lazy("This file is not in UTF-8. In your spreadsheet, save it as “CSV UTF-8”."),
    Trouble.EMPTY: lazy("This file holds no figures below its first line."),
    Trouble.QUOTES: lazy("A quotation mark is not closed, or stands inside a cell. Save the file as CSV again."),
    Trouble.TOO_LONG: lazy("This file has %(value)s rows; %(most_rows)s are the most. Split it."),
    Trouble.COLUMN_MISSING: lazy("There is no column “%(column)s”."),
    Trouble.COLUMN_UNKNOWN: lazy("Sextant knows no column “%(column)s”. Rename it as in the template, or remove it."),
    Trouble.COLUMN_TWICE: lazy("Column “%(column)s” is there twice."),
    Trouble.NO_METRIC: lazy("There is no column of figures, such as “likes” or “followers”."),
    Trouble.CELLS: lazy("This row has %(value)s cells, the first line has %(hint)s."),
    Trouble.DATE: lazy("“%(value)s” is not a date. Write it as 2026-11-30."),
    Trouble.DATE_TWO_WAYS: lazy("“%(value)s” can be read two ways: %(hint)s. Write the one that is meant."),
    Trouble.DATE_FUTURE: lazy("%(value)s is in the future."),
    Trouble.DATE_EARLY: lazy("%(value)s is before the post was published (%(hint)s)."),
    Trouble.NUMBER: lazy("“%(value)s” is not a number."),
    Trouble.NUMBER_TWO_WAYS: lazy("“%(value)s” can be read two ways: %(hint)s. Write the one that is meant."),
    Trouble.NUMBER_NEGATIVE: lazy("“%(value)s” is less than zero."),
    Trouble.NUMBER_NOT_WHOLE: lazy("“%(value)s” is not a whole number."),
    Trouble.NUMBER_DECIMALS: lazy("“%(value)s” has more than two decimals."),
    Trouble.NUMBER_LARGE: lazy("“%(value)s” is too large to be true."),
    Trouble.NUMBER_ABOVE: lazy("“%(value)s” is more than %(hint)s."),
    Trouble.NUMBER_BELOW: lazy("“%(value)s” is less than %(hint)s."),
    Trouble.NETWORK_UNKNOWN: lazy("“%(value)s” is not a network that this brand has an account on."),
    Trouble.ACCOUNT_UNKNOWN: lazy("This brand has no account “%(value)s” on %(hint)s."),
    Trouble.POST_UNKNOWN: lazy("This brand has no post “%(value)s”. Give its number, or its address as in Sextant."),
    Trouble.POST_NOT_PUBLISHED: lazy("Post “%(value)s” is not marked as published yet."),
    Trouble.POST_ELSEWHERE: lazy("Post “%(value)s” is on another account."),
    Trouble.CAMPAIGN_UNKNOWN: lazy("This brand has no campaign “%(value)s”."),
    Trouble.CAMPAIGN_AND_ACCOUNT: lazy("A figure is of a campaign or of an account: leave one of them empty."),
    Trouble.NOT_OWN: lazy("“%(column)s” belongs to an account or a post: name it."),
    Trouble.NOT_GIVEN: lazy("%(hint)s does not give “%(column)s” for this: leave the cell empty."),
    Trouble.TWICE: lazy("Row %(hint)s gives another figure than %(value)s for the same day."),
}  # fmt: skip


def explain(problem: Problem) -> str:
    """One problem of a file, without the place where it is."""
    values = {"value": problem.value, "column": problem.column, "hint": problem.hint, "most_rows": MOST_ROWS}
    return str(_WORDS[problem.trouble]) % values


def place(problem: Problem) -> str:
    """Where it is: "Row 3, column “likes”"."""
    if problem.row is None:
        return _("The file")
    if problem.column:
        return _("Row %(row)d, column “%(column)s”") % {"row": problem.row, "column": problem.column}
    return _("Row %(row)d") % {"row": problem.row}


def explain_value(error: CellError, value: object) -> str:
    """What is wrong with a figure that was typed in."""
    return explain(Problem(trouble=error.trouble, value=str(value), hint=error.hint))
