"""How the calendar says no."""

from core.errors import Refusal


class PostError(Refusal):
    """A post cannot be written like that."""


class MatrixError(Refusal):
    """A content matrix cannot be like that."""


class ScheduleError(Refusal):
    """A delivery cannot be planned like that."""


class MovedError(ScheduleError):
    """Somebody else moved or changed the delivery in between."""


class PublishError(Refusal):
    """A delivery cannot be marked like that."""
