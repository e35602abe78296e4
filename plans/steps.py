"""The six steps of the method. This room defines the registry; the room that owns a step registers it when Django is
ready. Whoever knows the six steps finds the code here, in `audits.steps`, `personas.steps`, `calendar_app.steps` and
`analytics.steps`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, DateField, DateTimeField, OuterRef
from django.utils import timezone
from django.utils.functional import Promise

from core.asking import Column
from core.blanks import Blank, Statement
from core.checklist import Checklist
from core.current import CurrentFigure
from core.desk import Action, Panel
from core.localtime import local_day
from core.sections import Group
from plans.models import Plan, PlanQuerySet
from plans.rules.targets import Observed, Spec
from teams.models import Brand, User
from teams.rules import Role

Before = Sequence[Observed | None]
Known = Mapping[str, Any]
KNOWN = "known_"  # stands before the names of what the steps count
FIELDS = ("id", "version", "title", "starts_on", "ends_on", "created_at")


@dataclass(frozen=True, kw_only=True)
class Sight:
    """When somebody looks at a plan, and who: nobody in particular where it makes no difference."""

    now: datetime
    today: date  # where the brand is
    user: User | None = None
    role: Role = Role.GUEST
    is_desk: bool = False  # whether it is one brand's home, where what waits for the person is told

    @classmethod
    def of(cls, brand: Brand, user: User | None = None, role: Role = Role.GUEST) -> "Sight":
        now = timezone.now()
        return cls(now=now, today=local_day(now, brand.time_zone), user=user, role=role, is_desk=user is not None)

    def is_for(self, role: Role) -> bool:
        return self.role.covers(role)

    @property
    def asking(self) -> "Asking":
        return Asking(self.now, self.today, self.user.pk if self.user else None, self.is_desk)


@dataclass(frozen=True)
class Asking:
    """What a step may put into its columns: the values of a `Sight`, or the blanks of a statement that is kept.

    `brand` is that of the plan whose columns they are. Where it is one brand's home it is told beforehand, so that
    PostgreSQL knows how large that brand is.
    """

    now: Any
    today: Any
    user_id: Any
    is_desk: bool
    brand: Any = field(default_factory=lambda: OuterRef("brand"))


def no_columns(_asking: Asking) -> Mapping[str, Column]:
    return {}


def no_actions(_plan: Plan, _sight: Sight) -> Sequence[Action]:
    return ()


def no_panels(_brand: Brand, _sight: Sight) -> Sequence[Panel]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """One of the six steps.

    `known` names what the step counts, as columns of a plan (`core.asking`): what the six steps count is read in one
    statement, for one plan or for a hundred (`read`), and stands in `plan.known`. `checklist` says with that how
    complete the step is for a plan and what is missing, `actions` what the person who looks should do next; neither
    asks anything itself. `panels` are what the step shows on the home of a brand, a query at most.

    `summary` is what the step says, as plain data (of what JSON can hold: a revision keeps it for good); `words` that
    data in the reader's language, as it stands in the plan document and is compared with another revision; `template`
    shows the summary on the plan's page (a fragment that gets `summary` and `plan`). `url_name` is the step's page, a
    URL name that takes the brand. None of them may cost a query per goal, post or account.

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
    known: Callable[[Asking], Mapping[str, Column]] = no_columns
    actions: Callable[[Plan, Sight], Sequence[Action]] = no_actions
    panels: Callable[[Brand, Sight], Sequence[Panel]] = no_panels


_steps: dict[int, Step] = {}


def register(step: Step) -> None:
    """Puts a step in its place; a second one with the same number replaces the first."""
    _steps[step.number] = step
    _nearest.cache_clear()


def all_steps() -> tuple[Step, ...]:
    """The registered steps, 1 to 6."""
    return tuple(_steps[number] for number in sorted(_steps))


def observe(brand: Brand, specs: Sequence[Spec], starts_on: date, due_on: date) -> Before:
    """What was reached before, for each target; all None while no step can tell."""
    for step in _steps.values():
        if step.observe and specs:
            return step.observe(brand, specs, starts_on, due_on)
    return [None] * len(specs)


def read(plans: PlanQuerySet, sight: Sight) -> list[Plan]:
    """The plans, each with what the six steps count of it. One query, however many plans and steps."""
    columns = _columns(sight.asking)
    rows = list(plans.annotate(**columns))
    for row in rows:
        row.known = {name.removeprefix(KNOWN): row.__dict__.pop(name) for name in columns}
    return rows


def read_nearest(brand: Brand, sight: Sight) -> Plan | None:
    """The plan that runs, or the nearest one, as `read` answers it: the statement is written once and kept."""
    values = {"now": sight.now, "today": sight.today, "user": sight.asking.user_id, "brand": brand.pk}
    for row in _nearest(sight.is_desk).fetch(values):
        plan = Plan(**{name: row[name] for name in FIELDS}, brand=brand)
        plan.known = {name.removeprefix(KNOWN): row[name] for name in row if name.startswith(KNOWN)}
        return plan
    return None


@cache
def _nearest(is_desk: bool) -> Statement:
    day: Any = Blank("today", DateField())
    brand = Blank("brand", BigIntegerField())
    asking = Asking(Blank("now", DateTimeField()), day, Blank("user", BigIntegerField()), is_desk, brand)
    plans = Plan.objects.filter(brand=asking.brand).nearest(day)
    return Statement(plans.values(*FIELDS, **_columns(asking))[:1])


def _columns(asking: Asking) -> dict[str, Column]:
    return {f"{KNOWN}{name}": one for step in all_steps() for name, one in step.known(asking).items()}


def known(plan: Plan) -> Known:
    """What the steps count of a plan; asked now unless the plan was fetched by `read`."""
    if not hasattr(plan, "known"):
        plan.known = read(Plan.objects.filter(pk=plan.pk), Sight.of(plan.brand))[0].known
    return plan.known
