"""The plan as it was published: changes since, publishing, reading, comparing, bringing back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refusal, StaleError
from core.forms import render_refused
from core.paging import page_of
from plans import revisions, services
from plans.calls import without_names
from plans.changes import difference
from plans.forms.revisions import PublishForm
from plans.models import Acknowledgement, Plan, PlanRevision
from plans.queries import ENOUGH_GOALS
from plans.snapshots import sections, snapshot
from plans.views.common import go, may_write
from teams.access import BrandRequest, brand_view
from teams.rules import Role

PAGE = 30


def _plan(request: BrandRequest, pk: int) -> Plan:
    plan = get_object_or_404(Plan.objects.for_brand(request.brand), pk=pk)
    plan.brand = request.brand
    return plan


def _revision(request: BrandRequest, pk: int) -> PlanRevision:
    rows = PlanRevision.objects.for_brand(request.brand).select_related("plan", "published_by")
    revision = get_object_or_404(rows, pk=pk)
    revision.brand = revision.plan.brand = request.brand
    return revision


# -- draft against published ------------------------------------------------------------------------------------------


@require_safe
@brand_view(Role.EDITOR)
def plan_changes(request: BrandRequest, pk: int) -> HttpResponse:
    """The plan as it stands now beside the last revision."""
    plan = _plan(request, pk)
    last = revisions.last_published(plan)
    context = {"plan": plan, "last": last, "difference": revisions.since_last(plan, last)}
    return render(request, "plans/plan_changes.html", {**context, "may_write": may_write(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.MANAGER)
def plan_publish(request: BrandRequest, pk: int) -> HttpResponse:
    plan = _plan(request, pk)
    last = revisions.last_published(plan)
    initial = {"seen": last.number if last else 0} if request.method == "POST" else _initial(plan, last)
    form = PublishForm(request.POST if request.method == "POST" else None, initial=initial, is_first=last is None)
    problems: tuple[str, ...] = ()
    meanwhile: PlanRevision | None = None
    if form.is_valid():
        try:
            made = services.publish_plan(plan=plan, by=request.user, now=timezone.now(), **form.cleaned_data)
        except StaleError as refusal:
            form.refuse(refusal)
            meanwhile = revisions.last_published(plan)
            form.look_again(meanwhile)
        except services.PublishError as refusal:
            form.refuse(refusal)
            problems = refusal.problems
        else:
            words = _("Revision %(number)d is published. Everybody who may open the brand is told.")
            messages.success(request, words % {"number": made.number})
            return go(request, "revision_detail", pk=made.pk)
    answer = render_refused if form.is_bound else render
    return answer(request, "plans/plan_publish.html", {**_publishing(plan, form, problems), "meanwhile": meanwhile})


def _initial(plan: Plan, last: PlanRevision | None) -> dict[str, Any]:
    """What changed since, and what the calls that were taken up asked for."""
    taken = "\n".join(f"- {words}" for words in without_names(revisions.taken_up(plan, last)))
    what = "\n".join(part for part in (revisions.suggested_words(plan, last), taken) if part)
    return {"seen": last.number if last else 0, "what_changed": what}


def _publishing(plan: Plan, form: PublishForm, problems: tuple[str, ...]) -> dict[str, Any]:
    last, complete = revisions.last_published(plan), revisions.complete_goals(plan)
    return {
        "plan": plan, "form": form, "last": last, "difference": revisions.since_last(plan, last), "complete": complete,
        "enough": ENOUGH_GOALS, "is_ready": complete >= ENOUGH_GOALS,
        "problems": problems or revisions.contradicting(plan),
    }  # fmt: skip


# -- revisions --------------------------------------------------------------------------------------------------------


@require_safe
@brand_view(Role.GUEST)
def revision_list(request: BrandRequest, pk: int) -> HttpResponse:
    plan = _plan(request, pk)
    rows = PlanRevision.objects.of_plan(plan).select_related("published_by").defer("content")
    page = page_of(rows, moment="created_at", cursor=request.GET.get("page", ""), size=PAGE)
    mine = Acknowledgement.objects.filter(revision__in=page.rows, user=request.user, read_at__isnull=False)
    context = {"plan": plan, "page": page, "read": set(mine.values_list("revision_id", flat=True))}
    return render(request, "plans/revision_list.html", {**context, "may_write": may_write(request)})


@require_safe
@brand_view(Role.GUEST)
def revision_detail(request: BrandRequest, pk: int) -> HttpResponse:
    revision = _revision(request, pk)
    is_manager = may_write(request)
    mine = Acknowledgement.objects.filter(revision=revision, user=request.user).first()
    older = PlanRevision.objects.of_plan(revision.plan).published().filter(number__lt=revision.number or 0)
    context = {
        "revision": revision, "plan": revision.plan, "sections": sections(revision.content), "may_write": is_manager,
        "read_at": mine.read_at if mine else None, "previous": older.defer("content").order_by("-number").first(),
        "readers": revisions.readers(revision, request.brand) if is_manager and revision.number else (),
    }  # fmt: skip
    return render(request, "plans/revision_detail.html", context)


@require_POST
@brand_view(Role.GUEST)
def revision_acknowledge(request: BrandRequest, pk: int) -> HttpResponse:
    revision = _revision(request, pk)
    try:
        services.acknowledge(revision=revision, by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted: you have read it."))
    return go(request, "revision_detail", pk=pk)


@require_safe
@brand_view(Role.GUEST)
def revision_compare(request: BrandRequest, pk: int) -> HttpResponse:
    """Any two revisions of a plan; those that are not named are the last two."""
    plan = _plan(request, pk)
    rows = list(PlanRevision.objects.of_plan(plan).newest_first().defer("content")[:200])
    chosen = {str(row.pk): row for row in rows}
    after = chosen.get(request.GET.get("to", "")) or next(iter(rows), None)
    older = [row for row in rows if after and (row.created_at, row.pk) < (after.created_at, after.pk)]
    before = chosen.get(request.GET.get("from", "")) or next(iter(older), after)
    found = difference(before.content, after.content) if before and after else None
    context = {"plan": plan, "rows": rows, "before": before, "after": after, "difference": found}
    return render(request, "plans/revision_compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.MANAGER)
def revision_restore(request: BrandRequest, pk: int) -> HttpResponse:
    """Shows what bringing it back would make of the plan; the POST does it."""
    revision = _revision(request, pk)
    verb = services.restore_revision if request.method == "POST" else services.try_restoring
    now = snapshot(revision.plan)
    result = verb(revision=revision, by=request.user, now=timezone.now())
    if request.method == "POST":
        messages.success(request, _("%(revision)s is the draft now.") % {"revision": revision})
        for words in result.lost:
            messages.warning(request, words)
        return go(request, "plan_changes", pk=revision.plan_id)
    found = difference(now, result.content)
    context = {"revision": revision, "plan": revision.plan, "difference": found, "result": result}
    return render(request, "plans/revision_restore.html", context)
