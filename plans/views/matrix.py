"""Whom the goals of the plan serve."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plans.matrix import matrix
from plans.views.common import may_write, plan_of
from teams.access import BrandRequest, brand_view
from teams.rules import Role


@require_safe
@brand_view(Role.GUEST)
def goal_matrix(request: BrandRequest) -> HttpResponse:
    """Goals by personas: how each goal helps to reach each of them."""
    plan = plan_of(request)
    if plan is None:
        return render(request, "plans/plan_start.html", {"may_write": may_write(request)})
    context = {"plan": plan, "matrix": matrix(plan), "may_write": may_write(request)}
    return render(request, "plans/goal_matrix.html", context)
