"""Goals in lists: those of a plan, and those of all brands for whoever manages them."""

from datetime import date
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from core import sheets
from core.paging import asked_number
from plans import listing
from plans.forms.listing import AllGoalsForm, PlanGoalsForm
from plans.models import Goal, GoalQuerySet, Plan
from plans.views.common import may_write
from teams.access import BrandRequest, WorkspaceRequest, brand_view, visible_brands, workspace_view
from teams.rules import Role


class GoalList:
    """What the list of a brand's goals shows, read when the template asks: it keeps what it rendered for a while."""

    def __init__(self, request: BrandRequest, today: date) -> None:
        self.request, self.today = request, today

    @cached_property
    def plan(self) -> Plan | None:
        return listing.plan_of(self.request.brand, self.today)

    @cached_property
    def goals(self) -> GoalQuerySet:
        return listing.of_plan(self.plan) if self.plan else Goal.objects.none()

    @cached_property
    def form(self) -> PlanGoalsForm:
        return PlanGoalsForm(self.request.GET, facets=listing.facets(self.goals))

    @cached_property
    def page(self) -> listing.GoalsPage:
        return listing.page(listing.listed(self.goals, self.form.chosen()), _number(self.request))

    @property
    def is_narrowed(self) -> bool:
        return listing.is_narrowed(self.form.chosen()) or bool(self.form.errors)

    @property
    def not_ready(self) -> str:
        return listing.not_ready(self.plan) if self.plan else ""


@require_safe
@brand_view(Role.GUEST)
def goal_list(request: BrandRequest) -> HttpResponse:
    """The whole list is kept as rendered; what was narrowed or sorted by hand is made anew."""
    found = GoalList(request, localdate())
    status = 422 if request.GET and found.form.errors else 200
    return render(request, "plans/goal_list.html", {"list": found, "may_write": may_write(request)}, status=status)


@require_safe
@workspace_view(Role.GUEST)
def workspace_goals(request: WorkspaceRequest) -> HttpResponse:
    """The goals of every brand that the person may open, those that need attention first."""
    goals = listing.of_brands(visible_brands(request.membership))
    form = AllGoalsForm(request.GET, facets=listing.facets(goals))
    return _answer(request, "plans/workspace_goals.html", form, goals, {"nav": "goals"})


@require_safe
@workspace_view(Role.GUEST)
def workspace_goals_export(request: WorkspaceRequest) -> HttpResponse:
    """The same list, whole, as CSV for a spreadsheet."""
    goals = listing.of_brands(visible_brands(request.membership))
    form = AllGoalsForm(request.GET, facets=listing.facets(goals))
    if not form.is_valid():
        return HttpResponse(form.errors.as_text(), status=422, content_type="text/plain; charset=utf-8")
    text = sheets.write(listing.sheet(listing.listed(goals, form.chosen())))
    headers = {"Content-Disposition": f'attachment; filename="{request.workspace.slug}-goals.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _answer(
    request: HttpRequest, template: str, form: PlanGoalsForm, goals: GoalQuerySet, context: dict[str, Any]
) -> HttpResponse:
    chosen = form.chosen()
    page = listing.page(listing.listed(goals, chosen), _number(request))
    parts = {"form": form, "page": page, "is_narrowed": listing.is_narrowed(chosen) or bool(form.errors)}
    return render(request, template, {**context, **parts}, status=422 if form.errors else 200)


def _number(request: HttpRequest) -> int:
    return min(asked_number(request.GET.get("page", "")) or 1, 10_000)
