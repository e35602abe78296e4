"""Links to the published plan: made, seen and revoked by managers."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refusal
from core.forms import render_refused
from core.ratelimit import limited
from plans import services
from plans.editions import published
from plans.forms.documents import ShareForm
from plans.models import Plan, PlanShare
from plans.views.common import go
from teams.access import BrandRequest, brand_view
from teams.rules import Role


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.MANAGER)
@never_cache
@limited("share", an_hour=60)
def plan_shares(request: BrandRequest, pk: int) -> HttpResponse:
    """The links there are, and a form for another; a new one is shown once."""
    plan = get_object_or_404(Plan.objects.for_brand(request.brand), pk=pk)
    form = ShareForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            share, token = services.share_plan(plan=plan, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            link = request.build_absolute_uri(reverse("shared_plan", args=[token]))
            return render(request, "plans/plan_share_made.html", {"plan": plan, "share": share, "link": link})
    answer = render_refused if form.is_bound else render
    return answer(request, "plans/plan_shares.html", {"form": form, "plan": plan, **_shares(plan)})


@require_POST
@brand_view(Role.MANAGER)
def plan_share_revoke(request: BrandRequest, pk: int) -> HttpResponse:
    share = get_object_or_404(PlanShare.objects.for_brand(request.brand), pk=pk)
    services.revoke_share(share=share, by=request.user, now=timezone.now())
    messages.success(request, _("The link leads nowhere now."))
    return go(request, "plan_shares", pk=share.plan_id)


def _shares(plan: Plan) -> dict[str, Any]:
    now = timezone.now()
    rows = [{"share": share, "is_good": share.is_good(now)} for share in plan.shares.select_related("created_by")]
    return {"shares": rows, "is_published": published(plan) is not None}
