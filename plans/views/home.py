"""Where a brand stands: the six steps, the goals, and what to do next."""

from datetime import date
from functools import cached_property

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from plans.models import Plan
from plans.queries import GoalLine, StepState, current_plan, goal_lines, next_step
from plans.six_steps import states
from plans.views.common import may_write
from teams.access import BrandRequest, brand_view
from teams.models import Brand
from teams.rules import Role


class Home:
    """What the home of a brand shows, read when the template asks: it keeps what it rendered for a while."""

    def __init__(self, brand: Brand, today: date) -> None:
        self.brand, self.today = brand, today

    @cached_property
    def plan(self) -> Plan | None:
        return current_plan(self.brand, self.today)

    @cached_property
    def steps(self) -> list[StepState]:
        return states(self.plan) if self.plan else []

    @property
    def next(self) -> StepState | None:
        return next_step(self.steps)

    @cached_property
    def lines(self) -> list[GoalLine]:
        return goal_lines(self.plan) if self.plan else []


@require_safe
@brand_view(Role.GUEST)
def brand_home(request: BrandRequest) -> HttpResponse:
    context = {
        "home": Home(request.brand, timezone.localdate()),
        "may_write": may_write(request),
        "goals_first": request.role.covers(Role.MANAGER),
    }
    return render(request, "plans/brand_home.html", context)
