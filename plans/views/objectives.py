"""What the company wants."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refusal, StaleError
from core.forms import render_refused
from core.stale import show_both
from plans import services
from plans.forms import ObjectiveForm
from plans.models import BusinessObjective
from plans.views.common import go, may_write
from teams.access import BrandRequest, brand_view
from teams.rules import Role

FORM = "plans/objective_form.html"


@require_safe
@brand_view(Role.GUEST)
def objective_list(request: BrandRequest) -> HttpResponse:
    objectives = BusinessObjective.objects.for_brand(request.brand).select_related("owner")
    context = {"objectives": objectives.annotate(goals_count=Count("goals")), "may_write": may_write(request)}
    return render(request, "plans/objective_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.MANAGER)
def objective_create(request: BrandRequest) -> HttpResponse:
    form = ObjectiveForm(request.POST if request.method == "POST" else None, brand=request.brand)
    if form.is_valid():
        try:
            services.create_objective(brand=request.brand, by=request.user, now=timezone.now(), **form.facts())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The business objective was added."))
            return go(request, "objective_list")
    answer = render_refused if form.is_bound else render
    return answer(request, FORM, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.MANAGER)
def objective_edit(request: BrandRequest, pk: int) -> HttpResponse:
    objective = get_object_or_404(BusinessObjective.objects.for_brand(request.brand), pk=pk)
    stored = BusinessObjective.objects.select_related("owner").get(pk=objective.pk)
    form = ObjectiveForm(request.POST if request.method == "POST" else None, brand=request.brand, instance=objective)
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.edit_objective(
                objective=stored, by=request.user, now=timezone.now(), version=version, **form.facts()
            )
        except StaleError as refusal:
            saved = {name: getattr(stored, name) for name in ObjectiveForm.Meta.fields}
            show_both(form, refusal, saved, stored.version)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return go(request, "objective_list")
    answer = render_refused if form.is_bound else render
    return answer(request, FORM, {"form": form, "objective": stored})


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.MANAGER)
def objective_delete(request: BrandRequest, pk: int) -> HttpResponse:
    """Says which goals stand in the way, or asks; the POST deletes."""
    objective = get_object_or_404(BusinessObjective.objects.for_brand(request.brand), pk=pk)
    context = {"objective": objective, "goals": objective.goals.all()}
    if request.method != "POST":
        return render(request, "plans/objective_delete.html", context)
    try:
        services.delete_objective(objective=objective, by=request.user)
    except Refusal as refusal:
        return render_refused(request, "plans/objective_delete.html", {**context, "refusal": refusal})
    messages.success(request, _("%(name)s was deleted.") % {"name": objective.title})
    return go(request, "objective_list")
