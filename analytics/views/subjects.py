"""The figures of one post and of one account: what is known, typing in, fetching."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from analytics import services
from analytics.forms import FiguresForm, OwnFiguresForm
from analytics.queries import results, subjects
from analytics.queries.figures import FOLLOWERS, Catalogue, account_series
from analytics.views.results import today_of
from audits.models import SocialAccount
from calendar_app.models import Delivery
from core.errors import Refusal
from core.forms import render_refused
from networks.connectors import connectable
from plans.models import Campaign
from teams.access import BrandRequest, brand_view
from teams.rules import Role

CHART_DAYS = 90


def _delivery(request: BrandRequest, pk: int) -> Delivery:
    rows = Delivery.objects.for_brand(request.brand).select_related("post", "account__network", "brand__workspace")
    return get_object_or_404(rows, pk=pk)


def _account(request: BrandRequest, pk: int) -> SocialAccount:
    rows = SocialAccount.objects.for_brand(request.brand).select_related("network", "connection", "brand__workspace")
    return get_object_or_404(rows, pk=pk)


def _form(request: BrandRequest, figures: subjects.SubjectFigures) -> FiguresForm | None:
    """The form for those who may enter figures, where there are any to enter."""
    if not (request.role.covers(Role.EDITOR) and figures.given):
        return None
    return FiguresForm(request.POST or None, metrics=figures.given, today=today_of(request))


def _enter(request: BrandRequest, form: FiguresForm | None, **subject: Any) -> bool:
    """Whether the typed figures were taken; if not, the form says why."""
    if form is None or not form.is_valid():
        return False
    day = form.cleaned_data["observed_on"]
    try:
        count = services.enter_figures(
            **subject, values=form.values(), observed_on=day, by=request.user, now=timezone.now()
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, ngettext("%(count)d figure noted.", "%(count)d figures noted.", count) % {"count": count})
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.GUEST)
def delivery_figures(request: BrandRequest, pk: int) -> HttpResponse:
    """One post on one account: its figures, where they come from, and typing them in."""
    delivery = _delivery(request, pk)
    figures = subjects.of_delivery(delivery, Catalogue.load())
    form = _form(request, figures)
    context = {
        "delivery": delivery,
        "account": delivery.account,
        "figures": figures,
        "form": form,
        "nav": "results",
        "draft_key": f"delivery-{pk}",
    }
    if request.method != "POST":
        return render(request, "analytics/delivery_figures.html", context)
    if _enter(_checked(request), form, delivery=delivery):
        return redirect(request.path)
    return render_refused(request, "analytics/delivery_figures.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.GUEST)
def account_figures(request: BrandRequest, pk: int) -> HttpResponse:
    """One account: its figures, followers in the course of time, its connection, and typing figures in."""
    account = _account(request, pk)
    # Before the figures: a pull that is over has written all of its own; one that ends meanwhile is asked about anew.
    pull = subjects.newest_pull(account)
    figures = subjects.of_account(account, Catalogue.load())
    form = _form(request, figures)
    context = {
        **_account_context(request, account), "pull": pull, "figures": figures, "form": form,
        "draft_key": f"account-{pk}",
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "analytics/account_figures.html", context)
    if _enter(_checked(request), form, account=account):
        return redirect(request.path)
    return render_refused(request, "analytics/account_figures.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.GUEST)
def brand_figures(request: BrandRequest) -> HttpResponse:
    """What no network gives, by day: visits, leads, money, answers; of the brand, a campaign or an account."""
    catalogue = Catalogue.load()
    form = _own_form(request, catalogue)
    context = {"noted": subjects.of_brand(request.brand, catalogue), "form": form, "nav": "results"}
    if request.method != "POST":
        return render(request, "analytics/brand_figures.html", context)
    _checked(request)
    if form and form.is_valid() and _enter(request, form, **(form.subject() or {"brand": request.brand})):
        return redirect(request.path)
    return render_refused(request, "analytics/brand_figures.html", context)


def _own_form(request: BrandRequest, catalogue: Catalogue) -> OwnFiguresForm | None:
    if not request.role.covers(Role.EDITOR):
        return None
    return OwnFiguresForm(
        request.POST or None, metrics=catalogue.of_brand(), today=today_of(request),
        campaigns=Campaign.objects.for_brand(request.brand),
        accounts=SocialAccount.objects.for_brand(request.brand).open().select_related("network"),
    )  # fmt: skip


def _checked(request: BrandRequest) -> BrandRequest:
    """Guests read these pages, and only read."""
    if not request.role.covers(Role.EDITOR):
        raise PermissionDenied
    return request


def _account_context(request: BrandRequest, account: SocialAccount) -> dict[str, Any]:
    period = results.last_days(today_of(request), CHART_DAYS)
    series = account_series([account.pk], [FOLLOWERS], first=period.first, last=period.last)
    return {
        "account": account, "connection": getattr(account, "connection", None), "nav": "results",
        "chart": results.followers_chart([account], series),
        "may_enter": request.role.covers(Role.EDITOR), "may_connect": request.role.covers(Role.ADMIN),
        "can_connect": account.network_id in connectable() and account.closed_at is None,
    }  # fmt: skip


@require_POST
@brand_view(Role.EDITOR)
def pull_start(request: BrandRequest, pk: int) -> HttpResponse:
    """Ask for an account's figures now; its page then shows how far that is."""
    account = _account(request, pk)
    try:
        services.request_pull(account=account, by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    place = {"workspace": request.workspace.slug, "brand": request.brand.slug, "pk": account.pk}
    return redirect(reverse("account_figures", kwargs=place))
