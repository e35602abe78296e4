"""What calls for a revision of the plan."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refusal
from core.forms import render_refused
from core.paging import page_of
from plans import services
from plans.calls import in_words
from plans.forms.revisions import DismissForm
from plans.models import CallState, Plan, RevisionCall
from plans.views.common import go, may_write
from teams.access import BrandRequest, brand_view
from teams.rules import Role

PAGE = 30


@require_safe
@brand_view(Role.EDITOR)
def revision_call_list(request: BrandRequest, pk: int) -> HttpResponse:
    """The open calls, or with ?settled=1 those that were taken up or dismissed."""
    plan = get_object_or_404(Plan.objects.for_brand(request.brand), pk=pk)
    is_settled = "settled" in request.GET
    rows = RevisionCall.objects.filter(plan=plan).select_related("settled_by")
    rows = rows.exclude(state=CallState.OPEN) if is_settled else rows.open()
    page = page_of(rows, moment="raised_at", cursor=request.GET.get("page", ""), size=PAGE)
    context = {
        "plan": plan, "page": page, "lines": in_words(page.rows, request.brand), "is_settled": is_settled,
        "may_write": may_write(request),
    }  # fmt: skip
    return render(request, "plans/revision_call_list.html", context)


def _call(request: BrandRequest, pk: int) -> RevisionCall:
    return get_object_or_404(RevisionCall.objects.for_brand(request.brand).select_related("brand", "plan"), pk=pk)


@require_POST
@brand_view(Role.MANAGER)
def revision_call_take(request: BrandRequest, pk: int) -> HttpResponse:
    call = _call(request, pk)
    try:
        services.take_up(call=call, by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken up: it stands in what the next revision says has changed."))
    return go(request, "revision_call_list", pk=call.plan_id)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.MANAGER)
def revision_call_dismiss(request: BrandRequest, pk: int) -> HttpResponse:
    call = _call(request, pk)
    form = DismissForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.dismiss_call(call=call, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Dismissed. The reason stands in the history."))
            return go(request, "revision_call_list", pk=call.plan_id)
    answer = render_refused if form.is_bound else render
    context = {"form": form, "call": call, "plan": call.plan, "line": in_words([call], request.brand)[0]}
    return answer(request, "plans/revision_call_dismiss.html", context)
