"""How a service says no."""

from django.utils.functional import Promise


class Refusal(Exception):
    """A verb was refused. The message may be shown to the person; `field` names the form field it belongs beside."""

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class StaleError(Refusal):
    """Somebody else saved the same thing in between: both versions must be shown, neither is lost."""
