"""Goals: listed, written letter by letter, and measured."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refusal, StaleError
from core.forms import render_refused
from plans import services
from plans.forms import GoalForm
from plans.forms.goals import ADD, CHECK
from plans.forms.presets import PRESETS
from plans.forms.start import Start, start_of
from plans.models import Plan
from plans.queries import enriched
from plans.rules.smart import check
from plans.views import goal_page
from plans.views.common import go, plan_of
from plans.views.goal_page import fetch
from teams.access import BrandRequest, brand_view
from teams.rules import Role

FORM = "plans/goal_form.html"


@require_safe
@brand_view(Role.GUEST)
def goal_detail(request: BrandRequest, pk: int) -> HttpResponse:
    return render(request, goal_page.PAGE, goal_page.context_of(request, goal_page.fetch(request, pk)))


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.MANAGER)
def goal_create(request: BrandRequest) -> HttpResponse:
    plan = plan_of(request)
    if plan is None:
        messages.info(request, _("A goal belongs to a plan: open one first."))
        return go(request, "plan_create")
    start = _start(request, plan)
    form = _new_form(request, plan, start)
    if form.is_to_be_saved():
        try:
            goal = services.create_goal(
                plan=form.its_plan, targets=form.targets.facts(), answers=form.answers(), by=request.user,
                predecessor=form.cleaned_data["after"], inherited_from=form.cleaned_data["above"], now=timezone.now(),
                **form.facts(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The goal was added."))
            return go(request, "goal_detail", pk=goal.pk)
    return _answer(request, form, {"presets": PRESETS, "raised": start.words})


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.MANAGER)
def goal_edit(request: BrandRequest, pk: int) -> HttpResponse:
    goal, stored = fetch(request, pk), fetch(request, pk)
    data = request.POST if request.method == "POST" else None
    form = GoalForm(data, brand=request.brand, plan=goal.plan, instance=goal)
    if form.is_to_be_saved():
        try:
            services.edit_goal(
                goal=stored, targets=form.targets.facts(), answers=form.answers(), by=request.user,
                version=form.cleaned_data["version"], **form.facts(),
            )  # fmt: skip
        except StaleError as refusal:
            form.show_both(refusal, stored)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return go(request, "goal_detail", pk=pk)
    return _answer(request, form, {"goal": stored})


@require_POST
@brand_view(Role.MANAGER)
def goal_check(request: BrandRequest) -> HttpResponse:
    """What the five letters say of a form that is being written. Nothing is saved."""
    plan = plan_of(request)
    if plan is None:
        return HttpResponse(status=204)
    form = GoalForm(request.POST, brand=request.brand, plan=plan)
    return render(
        request, "plans/_goal_verdicts.html", {"verdicts": check(enriched(form.draft(), request.brand)), "form": form}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.MANAGER)
def goal_delete(request: BrandRequest, pk: int) -> HttpResponse:
    """Says what goes with the goal, and asks; the POST deletes."""
    goal = fetch(request, pk)
    if request.method == "POST":
        services.delete_goal(goal=goal, by=request.user)
        messages.success(request, _("%(name)s was deleted.") % {"name": goal.title})
        return go(request, "goal_list")
    return render(request, "plans/goal_delete.html", {"goal": goal})


def _start(request: BrandRequest, plan: Plan) -> Start:
    """What the form of a new goal is filled with: a preset, or the goal that it follows."""
    if request.method == "POST":
        return Start({})
    return start_of(request.brand, plan, request.user, request.GET, timezone.localdate())


def _new_form(request: BrandRequest, plan: Plan, start: Start) -> GoalForm:
    if request.method == "POST":
        return GoalForm(request.POST, brand=request.brand, plan=plan)
    return GoalForm(brand=request.brand, plan=plan, initial=start.initial, rows=start.rows)


def _answer(request: BrandRequest, form: GoalForm, context: dict[str, Any]) -> HttpResponse:
    """The form; refused unless the person only asked for a check or for another row."""
    verdicts = check(enriched(form.draft(), request.brand))
    if form.wants == ADD:
        form.forget_errors()
    is_refused = form.is_bound and form.wants not in (ADD, CHECK)
    answer = render_refused if is_refused else render
    return answer(request, FORM, {"form": form, "verdicts": verdicts, **context})
