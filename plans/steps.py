"""The six steps of the method. This room defines the registry; the room that owns a step registers it when Django is
ready. Whoever knows the six steps finds the code here, in `audits.steps`, `personas.steps`, `calendar_app.steps` and
`analytics.steps`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

from core.checklist import Checklist
from core.current import CurrentFigure
from core.sections import Group
from plans.models import Plan
from plans.rules.targets import Observed, Spec
from teams.models import Brand

Before = Sequence[Observed | None]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One of the six steps.

    `checklist` says how complete the step is for a plan and what is missing; `summary` what the step says, as plain
    data (of what JSON can hold: a revision keeps it for good); `words` that data in the reader's language, as it
    stands in the plan document and is compared with another revision; `template` shows the summary on the plan's page
    (a fragment that gets `summary` and `plan`). `url_name` is the step's page, a URL name that takes the brand. None of
    them may cost a query per goal, post or account.

    `figures` adds what is known now to the plan document, where the other words are what was decided: it gets the plan
    and the data of the edition that is read, and says nothing about things that this edition does not know.

    Step 6 alone may say what was reached before: `observe(brand, specs, starts_on, due_on)` answers for each target
    of a goal with those dates the number of the time just before it and what that stands on, or None when there is no
    history. The goal form shows it beside the number that the goal needs.
    """

    number: int
    slug: str
    title: str | Promise
    purpose: str | Promise
    url_name: str
    checklist: Callable[[Plan], Checklist]
    summary: Callable[[Plan], Mapping[str, Any]]
    words: Callable[[Mapping[str, Any]], Sequence[Group]]
    template: str
    figures: Callable[[Plan, Mapping[str, Any]], Sequence[CurrentFigure]] | None = None
    observe: Callable[[Brand, Sequence[Spec], date, date], Before] | None = None


_steps: dict[int, Step] = {}


def register(step: Step) -> None:
    """Puts a step in its place; a second one with the same number replaces the first."""
    _steps[step.number] = step


def all_steps() -> tuple[Step, ...]:
    """The registered steps, 1 to 6."""
    return tuple(_steps[number] for number in sorted(_steps))


def observe(brand: Brand, specs: Sequence[Spec], starts_on: date, due_on: date) -> Before:
    """What was reached before, for each target; all None while no step can tell."""
    for step in _steps.values():
        if step.observe and specs:
            return step.observe(brand, specs, starts_on, due_on)
    return [None] * len(specs)
