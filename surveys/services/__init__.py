"""What people do to surveys, and what comes of it."""

from surveys.services.closing import close_due, close_survey
from surveys.services.errors import SurveyError
from surveys.services.questions import (
    QuestionFacts,
    add_built_in,
    add_question,
    edit_question,
    move_question,
    remove_question,
)
from surveys.services.responses import ClosedError, delete_response, enter_response, take_response
from surveys.services.surveys import (
    SurveyFacts,
    create_survey,
    delete_survey,
    duplicate_survey,
    edit_survey,
    open_survey,
)

__all__ = [
    "ClosedError", "QuestionFacts", "SurveyError", "SurveyFacts", "add_built_in", "add_question", "close_due",
    "close_survey", "create_survey", "delete_response", "delete_survey", "duplicate_survey", "edit_question",
    "edit_survey", "enter_response", "move_question", "open_survey", "remove_question", "take_response",
]  # fmt: skip
