"""How the verbs of this room say no."""

from core.errors import Refusal


class SurveyError(Refusal):
    """A survey, a question or a response cannot be like this."""
