"""The plan of a period."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refusal, StaleError
from core.forms import render_refused
from core.stale import show_both
from plans import services
from plans.forms import PlanForm
from plans.forms.plan import suggested
from plans.models import Plan, PlanSection, RevisionCall
from plans.queries import goal_lines, next_step, not_ready, with_goals
from plans.revisions import unread_revision
from plans.six_steps import states
from plans.views.common import go, may_write, plan_of, sees_above
from teams.access import BrandRequest, brand_view
from teams.rules import Role

FORM = "plans/plan_form.html"


@require_safe
@brand_view(Role.GUEST)
def plan_detail(request: BrandRequest, pk: int | None = None) -> HttpResponse:
    """The plan that runs now, or another one of the brand."""
    if pk is None:
        plan = plan_of(request)
    else:
        plan = with_goals(get_object_or_404(Plan.objects.for_brand(request.brand), pk=pk), request.brand)
    if plan is None:
        return render(request, "plans/plan_start.html", {"may_write": may_write(request)})
    steps, lines, written = states(plan), goal_lines(plan), _written(plan)
    context = {
        "plan": plan, "plans": list(Plan.objects.for_brand(request.brand)), "steps": steps, "lines": lines,
        "next": next_step(steps), "not_ready": not_ready(lines), "may_write": may_write(request),
        "parts": [(state, state.step.summary(plan), written.get(state.number)) for state in steps],
        "calls_count": RevisionCall.objects.filter(plan=plan).open().count(),
        "unread": unread_revision(plan, request.user), "may_compare": request.role.covers(Role.EDITOR),
        "sees_above": sees_above(request),
    }  # fmt: skip
    return render(request, "plans/plan_detail.html", context)


def _written(plan: Plan) -> dict[int, PlanSection]:
    return {section.number: section for section in PlanSection.objects.filter(plan=plan)}


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.MANAGER)
def plan_create(request: BrandRequest) -> HttpResponse:
    last = Plan.objects.for_brand(request.brand).order_by("-ends_on").first()
    initial = suggested(timezone.localdate(), last)
    form = PlanForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            services.create_plan(brand=request.brand, by=request.user, now=timezone.now(), **form.facts())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The plan is open. Write its first goal."))
            return go(request, "brand_home")
    answer = render_refused if form.is_bound else render
    return answer(request, FORM, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.MANAGER)
def plan_edit(request: BrandRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(Plan.objects.for_brand(request.brand), pk=pk)
    stored = Plan.objects.get(pk=plan.pk)
    form = PlanForm(request.POST if request.method == "POST" else None, instance=plan)
    if form.is_valid():
        try:
            services.edit_plan(plan=stored, by=request.user, version=form.cleaned_data["version"], **form.facts())
        except StaleError as refusal:
            saved = {name: getattr(stored, name) for name in PlanForm.Meta.fields}
            show_both(form, refusal, saved, stored.version)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return go(request, "plan_detail", pk=pk)
    answer = render_refused if form.is_bound else render
    return answer(request, FORM, {"form": form, "plan": stored})
