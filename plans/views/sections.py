"""What the team writes about a step."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Refusal, StaleError
from core.forms import render_refused
from core.stale import show_both
from plans import services
from plans.forms.revisions import SectionForm
from plans.models import Plan, PlanSection
from plans.steps import Step, all_steps
from plans.views.common import go
from teams.access import BrandRequest, brand_view
from teams.rules import Role

FORM = "plans/section_form.html"


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.MANAGER)
def plan_section_edit(request: BrandRequest, pk: int, step: str) -> HttpResponse:
    plan = get_object_or_404(Plan.objects.for_brand(request.brand), pk=pk)
    plan.brand = request.brand
    about = _step(step)
    form = SectionForm(request.POST if request.method == "POST" else None, instance=_stored(plan, about))
    if form.is_valid():
        try:
            services.edit_section(
                plan=plan, number=about.number, text=form.cleaned_data["text"], by=request.user, now=timezone.now(),
                private_note=form.cleaned_data["private_note"], version=form.cleaned_data["version"],
            )  # fmt: skip
        except StaleError as refusal:
            stored = _stored(plan, about)
            saved = {name: getattr(stored, name) for name in SectionForm.Meta.fields}
            show_both(form, refusal, saved, stored.version)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return go(request, "plan_detail", pk=pk)
    answer = render_refused if form.is_bound else render
    return answer(request, FORM, {"form": form, "plan": plan, "about": about})


def _stored(plan: Plan, step: Step) -> PlanSection:
    """What is written about the step; version 0 while nothing is."""
    found = PlanSection.objects.filter(plan=plan, number=step.number).first()
    return found or PlanSection(plan=plan, number=step.number, version=0)


def _step(slug: str) -> Step:
    found = next((step for step in all_steps() if step.slug == slug), None)
    if found is None:
        raise Http404
    return found
