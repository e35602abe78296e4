"""What is typed in about surveys, and in answer to them."""

from surveys.forms.answers import AnswersForm
from surveys.forms.surveys import QuestionForm, SurveyForm

__all__ = ["AnswersForm", "QuestionForm", "SurveyForm"]
