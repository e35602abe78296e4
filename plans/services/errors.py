"""How the verbs of this room say no."""

from collections.abc import Sequence

from django.utils.functional import Promise

from core.errors import Refusal
from plans.rules.writing import Problem


class PlanError(Refusal):
    """A plan or business objective cannot be like this."""


class GoalError(Refusal):
    """A goal cannot be like this. `problems` names each target's field that is at fault; without any, `field` is one of
    the goal's own."""

    def __init__(self, message: str | Promise, *, field: str | None = None, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message, field=field)
        self.problems = tuple(problems)
