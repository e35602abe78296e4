"""Where a brand stands: what waits for the person who looks, the six steps, the goals, the week, what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Self

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activity.news import Since, since
from activity.visits import visit
from core.desk import Action, Panel
from plans.duties import duties
from plans.models import ATTENTION, GoalStatus, Plan
from plans.queries import StepState, next_step
from plans.six_steps import states
from plans.steps import Sight, all_steps, read_nearest
from plans.views.common import may_write
from teams.access import BrandRequest, brand_view
from teams.rules import Role


@dataclass(frozen=True, kw_only=True)
class GoalRow:
    """A goal in a line."""

    id: int
    title: str
    status: GoalStatus
    is_complete: bool
    due_on: date
    owner: str | None

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Self:
        return cls(
            id=found["id"], title=found["title"], status=GoalStatus(found["status"]), is_complete=not found["lacks"],
            due_on=date.fromisoformat(found["due_on"]), owner=found["owner"],
        )  # fmt: skip


class Home:
    """What the home of a brand shows, read when the template asks: it keeps what it rendered for a while."""

    def __init__(self, request: BrandRequest) -> None:
        self.brand, self.user, self.role = request.brand, request.user, request.role
        self.sight = Sight.of(request.brand, request.user, request.role)
        self.before = visit(brand=self.brand, user=self.user, now=self.sight.now) if request.method == "GET" else None

    @property
    def today(self) -> date:
        return self.sight.today

    @cached_property
    def plan(self) -> Plan | None:
        """The plan that runs today or the nearest one, with all that the steps count of it. One query."""
        return read_nearest(self.brand, self.sight)

    @cached_property
    def steps(self) -> list[StepState]:
        return states(self.plan) if self.plan else []

    @property
    def next(self) -> StepState | None:
        return next_step(self.steps)

    @property
    def goals(self) -> list[GoalRow]:
        """Those that need somebody first."""
        return [GoalRow.read(goal) for goal in self.plan.known["worst"]] if self.plan else []

    @property
    def goal_count(self) -> int:
        counts = self.plan.known["goals"] if self.plan else None
        return counts["all"] if counts else 0

    @property
    def statuses(self) -> list[tuple[GoalStatus, int]]:
        """How many goals there are in each state, the worst first, without those of which there is none."""
        counts = (self.plan.known["goals"] if self.plan else None) or {}
        found = [(status, counts.get(f"is_{status}", 0)) for status in ATTENTION]
        return [(status, count) for status, count in found if count]

    @cached_property
    def actions(self) -> list[Action]:
        return duties(self.plan, self.sight) if self.plan else []

    @cached_property
    def panels(self) -> dict[str, Panel]:
        """What the rooms above give, by its short name."""
        given: list[Sequence[Panel]] = [step.panels(self.brand, self.sight) for step in all_steps()]
        return {panel.slug: panel for panels in given for panel in panels}

    @cached_property
    def since(self) -> Since:
        return since(brand=self.brand, user=self.user, role=self.role, before=self.before, now=self.sight.now)


@require_safe
@brand_view(Role.GUEST)
def brand_home(request: BrandRequest) -> HttpResponse:
    context = {
        "home": Home(request),
        "may_write": may_write(request),
        "may_read_history": request.role.covers(Role.EDITOR),
    }
    return render(request, "plans/brand_home.html", context)
