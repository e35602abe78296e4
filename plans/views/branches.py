"""A branch takes over from the brand above; the brand above sees how its branches stand."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import personas.services
from core.errors import Refusal
from personas.models import Persona
from plans import services
from plans.branches import goals_below, inherited, read_branches
from plans.forms.branches import TakeObjectiveForm, TakePersonaForm
from plans.models import BusinessObjective
from plans.views.common import go, may_write, plan_of, sees_above
from teams.access import BrandRequest, brand_view, visible_brands
from teams.rules import Permission, Role


@require_safe
@brand_view(Role.GUEST)
def branch_list(request: BrandRequest) -> HttpResponse:
    """How the branches stand that this person may open."""
    today, plan = timezone.localdate(), plan_of(request)
    brands = visible_brands(request.membership).select_related(None)
    branches = read_branches(request.brand, brands, today)
    context = {
        "plan": plan, "branches": branches, "goals": goals_below(plan, branches) if plan else [],
        "may_add": request.role.covers(Permission.MANAGE_BRANDS.role),
    }  # fmt: skip
    return render(request, "plans/branch_list.html", context)


@require_safe
@brand_view(Role.GUEST)
def inherited_list(request: BrandRequest) -> HttpResponse:
    """What the brand above has, and what of it was taken over here."""
    if request.brand.parent_id is None:
        return render(request, "plans/inherited_none.html")
    if not sees_above(request):
        raise Http404
    context = {
        "inherited": inherited(request.brand, timezone.localdate()), "parent": request.brand.parent,
        "may_write": may_write(request), "may_write_personas": request.role.covers(Permission.WRITE_PERSONA.role),
    }  # fmt: skip
    return render(request, "plans/inherited_list.html", context)


@require_POST
@brand_view(Role.MANAGER)
def inherited_objective_take(request: BrandRequest) -> HttpResponse:
    return _take(request, TakeObjectiveForm(request.POST, brand=request.brand), services.inherit_objective)


@require_POST
@brand_view(Role.EDITOR)
def inherited_persona_take(request: BrandRequest) -> HttpResponse:
    return _take(request, TakePersonaForm(request.POST, brand=request.brand), personas.services.inherit_persona)


@require_POST
@brand_view(Role.MANAGER)
def objective_follow(request: BrandRequest, pk: int) -> HttpResponse:
    objective = get_object_or_404(BusinessObjective.objects.for_brand(request.brand), pk=pk)
    return _answer(request, lambda: services.follow_objective(objective=objective, by=request.user))


@require_POST
@brand_view(Role.EDITOR)
def persona_follow(request: BrandRequest, pk: int) -> HttpResponse:
    persona = get_object_or_404(Persona.objects.for_brand(request.brand), pk=pk)
    return _answer(request, lambda: personas.services.follow_persona(persona=persona, by=request.user))


def _take(request: BrandRequest, form: forms.Form, verb: Callable[..., Any]) -> HttpResponse:
    if not form.is_valid():
        words = [str(error) for errors in form.errors.values() for error in errors]
        messages.error(request, words[0])
        return _back(request)
    original = next(iter(form.cleaned_data.values()))
    return _answer(request, lambda: verb(original=original, brand=request.brand, by=request.user, now=timezone.now()))


def _answer(request: BrandRequest, act: Callable[[], Any]) -> HttpResponse:
    try:
        done = act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s follows the brand above now.") % {"name": done})
    return _back(request)


def _back(request: BrandRequest) -> HttpResponse:
    return go(request, "inherited_list") if request.brand.parent_id else go(request, "plan_detail")
