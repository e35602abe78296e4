"""Campaigns: listed, opened, changed, deleted."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from calendar_app import queries, services
from calendar_app.forms import CampaignForm
from core.errors import Refusal, StaleError
from core.forms import render_refused
from core.stale import show_both
from plans.models import Campaign
from teams.access import BrandRequest, brand_view
from teams.rules import Role


@require_safe
@brand_view(Role.GUEST)
def campaign_list(request: BrandRequest) -> HttpResponse:
    """The campaigns of the brand, the latest first, with how many posts each has."""
    count = Count("posts", filter=Q(posts__deleted_at__isnull=True))
    campaigns = queries.campaigns(request.brand).annotate(post_count=count)
    context = {"campaigns": campaigns, "may_write": request.role.covers(Role.EDITOR)}
    return render(request, "calendar_app/campaign_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def campaign_create(request: BrandRequest) -> HttpResponseBase:
    """Open a campaign."""
    form = CampaignForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.create_campaign(brand=request.brand, by=request.user, now=timezone.now(), **form.facts())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The campaign was added."))
            return _back(request)
    return _page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def campaign_edit(request: BrandRequest, pk: int) -> HttpResponseBase:
    """Change a campaign. When a colleague saved it meanwhile, both versions are shown and nothing is lost."""
    campaign, stored = _fetch(request, pk), _fetch(request, pk)
    form = CampaignForm(request.POST if request.method == "POST" else None, instance=campaign)
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.edit_campaign(campaign=stored, by=request.user, version=version, **form.facts())
        except StaleError as refusal:
            show_both(form, refusal, form.saved(stored), stored.version)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return _back(request)
    return _page(request, form, stored)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def campaign_delete(request: BrandRequest, pk: int) -> HttpResponseBase:
    """Says what becomes of its posts, and asks; the POST deletes."""
    campaign = _fetch(request, pk)
    context = {"campaign": campaign, "post_count": campaign.posts.filter(deleted_at__isnull=True).count()}
    if request.method != "POST":
        return render(request, "calendar_app/campaign_delete.html", context)
    try:
        services.delete_campaign(campaign=campaign, by=request.user)
    except Refusal as refusal:
        return render_refused(request, "calendar_app/campaign_delete.html", {**context, "refusal": refusal})
    messages.success(request, _("%(name)s was deleted.") % {"name": campaign.name})
    return _back(request)


def _fetch(request: BrandRequest, pk: int) -> Campaign:
    return get_object_or_404(queries.campaigns(request.brand), pk=pk)


def _back(request: BrandRequest) -> HttpResponseBase:
    return redirect("campaign_list", request.workspace.slug, request.brand.slug)


def _page(request: BrandRequest, form: CampaignForm, campaign: Campaign | None) -> HttpResponse:
    answer = render_refused if form.errors else render
    return answer(request, "calendar_app/campaign_form.html", {"form": form, "campaign": campaign})
