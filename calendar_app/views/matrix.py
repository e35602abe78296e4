"""The content matrix: what was planned beside what was published, and the forms in which it is planned."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audits.models import SocialAccount
from calendar_app import matrix, queries, services
from calendar_app.forms import MatrixForm, PresetForm, SpanForm
from calendar_app.models import ContentMatrix
from calendar_app.presets import PRESETS, preset
from calendar_app.rules.matrix import DRIFT_POINTS, ENOUGH_POSTS, WHOLE
from calendar_app.services.matrix import NONE_YET
from core.errors import Refusal, StaleError
from core.forms import render_refused
from core.stale import show_both
from plans.rules.facts import Per
from plans.rules.periods import around
from teams.access import BrandRequest, brand_view
from teams.rules import Role

LONG = timedelta(days=89)  # with today, 90 days
Span = tuple[date, date]


def spans(today: date, first_weekday: int) -> list[tuple[str, Span]]:
    """The usual periods: the week and the month of today, the month before, and 90 days."""
    month = around(Per.MONTH, today, first_weekday)
    before = around(Per.MONTH, month[0] - timedelta(days=1), first_weekday)
    return [
        (_("This week"), around(Per.WEEK, today, first_weekday)),
        (_("This month"), month),
        (_("Last month"), before),
        (_("90 days"), (today - LONG, today)),
    ]


@require_safe
@brand_view(Role.GUEST)
def matrix_list(request: BrandRequest) -> HttpResponse:
    """Each account's matrix beside what was published on it in a period: the one in the address, or 90 days."""
    usual = spans(timezone.localdate(), request.brand.first_weekday)
    first, last = usual[-1][1]
    form = SpanForm(request.GET) if {"first", "last"} & request.GET.keys() else SpanForm(
        initial={"first": first, "last": last}
    )  # fmt: skip
    if form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    tabs = [
        {"word": word, "href": f"?first={span[0]}&last={span[1]}", "here": span == (first, last)}
        for word, span in usual
    ]
    context = {
        "board": matrix.Board(brand=request.brand, first=first, last=last), "form": form, "tabs": tabs,
        "may_write": request.role.covers(Role.EDITOR), "points": DRIFT_POINTS, "enough": ENOUGH_POSTS,
    }  # fmt: skip
    return render(request, "calendar_app/matrix_list.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def matrix_edit(request: BrandRequest, pk: int | None = None) -> HttpResponseBase:
    """The shares of an account or, without one, of the brand. When a colleague saved them meanwhile, both are shown."""
    account = _account(request, pk)
    stored = matrix.matrix_of(request.brand, account)
    kinds = list(queries.content_kinds(request.brand))
    values = MatrixForm.values(kinds, matrix.shares_of(stored))
    sent = request.POST if request.method == "POST" else None
    form = MatrixForm(sent, kinds=kinds, initial={**values, "version": _version(stored)})
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"]
        try:
            services.set_matrix(
                brand=request.brand, account=account, shares=form.shares(), by=request.user, now=timezone.now(),
                version=seen,
            )  # fmt: skip
        except StaleError as refusal:
            show_both(form, refusal, values, _version(stored))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return _back(request)
    return _page(request, "calendar_app/matrix_form.html", form, account, whole=WHOLE, presets=PRESETS)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def matrix_preset(request: BrandRequest, pk: int | None = None) -> HttpResponseBase:
    """A usual mix: which content type takes which part, and which are created. The POST fills the matrix."""
    account, chosen = _account(request, pk), preset(request.GET.get("preset", ""))
    stored = matrix.matrix_of(request.brand, account)
    sent = request.POST if request.method == "POST" else None
    form = PresetForm(sent, preset=chosen, brand=request.brand, initial={"version": _version(stored)})
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"]
        try:
            services.fill_matrix(
                brand=request.brand, account=account, parts=form.parts(), by=request.user, now=timezone.now(),
                version=seen,
            )  # fmt: skip
        except StaleError as refusal:
            show_both(form, refusal, {}, _version(stored))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The content matrix is filled in."))
            return _back(request)
    tabs = [{"word": one.label, "href": f"?preset={one.slug}", "here": one == chosen} for one in PRESETS]
    shares = matrix.shares_of(stored)
    return _page(request, "calendar_app/matrix_preset.html", form, account, tabs=tabs, replaces=bool(shares))


def _account(request: BrandRequest, pk: int | None) -> SocialAccount | None:
    """The account that the address names; None where it names none."""
    if pk is None:
        return None
    accounts = SocialAccount.objects.for_brand(request.brand).open().select_related("network")
    return get_object_or_404(accounts, pk=pk)


def _version(stored: ContentMatrix | None) -> int:
    return stored.version if stored else NONE_YET


def _back(request: BrandRequest) -> HttpResponseBase:
    return redirect("matrix_list", request.workspace.slug, request.brand.slug)


def _page(
    request: BrandRequest, template: str, form: MatrixForm | PresetForm, account: SocialAccount | None, **more: Any
) -> HttpResponse:
    answer = render_refused if form.errors else render
    return answer(request, template, {"form": form, "account": account, **more})
