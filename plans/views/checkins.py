"""Check-ins on goals: written on the goal's page, put right on a page of their own."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refusal
from core.forms import render_refused
from plans import services
from plans.forms import CheckInForm
from plans.models import CheckIn
from plans.views import goal_page
from plans.views.common import go
from teams.access import BrandRequest, brand_view
from teams.rules import Role

FORM = "plans/check_in_edit.html"


@require_POST
@brand_view(Role.GUEST)
def check_in_create(request: BrandRequest, pk: int) -> HttpResponse:
    """For the goal's owner, whatever their role, and for managers: the service asks."""
    goal = goal_page.fetch(request, pk)
    form = CheckInForm(request.POST)
    if form.is_valid() or not goal_page.may_check_in(request, goal):
        try:
            services.write_check_in(goal=goal, by=request.user, now=timezone.now(), **_facts(form))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Noted."))
            return _back(request, pk)
    return render_refused(request, goal_page.PAGE, goal_page.context_of(request, goal, form))


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.GUEST)
def check_in_edit(request: BrandRequest, pk: int) -> HttpResponse:
    check_in = _fetch(request, pk)
    is_open = services.is_open(check_in=check_in, by=request.user, now=timezone.now())
    form = CheckInForm(request.POST if request.method == "POST" else None, instance=_fetch(request, pk))
    if form.is_valid() or (form.is_bound and not is_open):
        try:
            services.edit_check_in(check_in=check_in, by=request.user, now=timezone.now(), **_facts(form))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return _back(request, check_in.goal_id)
    answer = render_refused if form.is_bound else render
    return answer(request, FORM, {"form": form, "check_in": check_in, "is_open": is_open, "nav": "goals"})


@require_POST
@brand_view(Role.GUEST)
def check_in_delete(request: BrandRequest, pk: int) -> HttpResponse:
    check_in = _fetch(request, pk)
    services.delete_check_in(check_in=check_in, by=request.user, now=timezone.now())
    messages.success(request, _("The check-in was deleted."))
    return _back(request, check_in.goal_id)


def _fetch(request: BrandRequest, pk: int) -> CheckIn:
    rows = CheckIn.objects.for_brand(request.brand).select_related("goal", "brand")
    return get_object_or_404(rows, pk=pk)


def _facts(form: CheckInForm) -> dict[str, str]:
    return {name: form.cleaned_data.get(name, "") for name in ("note", "confidence")}


def _back(request: BrandRequest, pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{go(request, 'goal_detail', pk=pk).url}#check-ins")
