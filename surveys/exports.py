"""The responses of a survey as CSV for a spreadsheet: a line for each, a column for each question."""

from django.utils.translation import gettext as _

from analytics.exports import delimiter
from core.sheets import write
from surveys.models import Survey
from surveys.queries import Sheet, sheets

MOST = 20_000  # responses in one file


def responses_csv(survey: Survey, *, language: str | None) -> str:
    """The oldest first. Several options of one answer are parted by semicolons."""
    questions = list(survey.questions.all())
    head = [_("answered on"), _("channel"), *(question.words for question in questions)]
    responses = list(survey.responses.order_by("pk")[:MOST])
    return write([head, *map(_line, sheets(responses, questions))], delimiter=delimiter(language))


def _line(sheet: Sheet) -> list[object]:
    numbers = (int(cell) if cell.isascii() and cell.isdecimal() and len(cell) < 3 else cell for cell in sheet.cells)
    return [sheet.response.answered_on, str(sheet.response.get_channel_display()), *numbers]
