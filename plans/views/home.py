"""Where a brand stands: the six steps, the goals, and what to do next."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plans.queries import goal_lines, next_step
from plans.six_steps import states
from plans.views.common import may_write, plan_of
from teams.access import BrandRequest, brand_view
from teams.rules import Role


@require_safe
@brand_view(Role.GUEST)
def brand_home(request: BrandRequest) -> HttpResponse:
    plan = plan_of(request)
    if plan is None:
        return render(request, "plans/brand_start.html", {"may_write": may_write(request)})
    steps = states(plan)
    context = {
        "plan": plan, "steps": steps, "next": next_step(steps), "lines": goal_lines(plan),
        "may_write": may_write(request), "goals_first": request.role.covers(Role.MANAGER),
    }  # fmt: skip
    return render(request, "plans/brand_home.html", context)
