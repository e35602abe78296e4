"""Audits: their list, their table of reviews, the review of one account, and the sheet as CSV."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audits import queries, services
from audits.forms import AuditForm, CloseAuditForm, ReviewForm
from audits.models import AccountReview, Audit, SocialAccount
from audits.services.audits import FACTS
from audits.views.shared import go
from core import sheets
from core.errors import Refusal, StaleError
from core.forms import render_refused
from core.localtime import local_day
from core.stale import show_both
from teams.access import BrandRequest, brand_view
from teams.rules import Permission, Role


def _fetch(request: BrandRequest, pk: int) -> Audit:
    audit: Audit = get_object_or_404(queries.audits_listed(request.brand), pk=pk)
    audit.brand = request.brand
    return audit


def _today(request: BrandRequest) -> date:
    return local_day(timezone.now(), request.brand.time_zone)


def _rights(request: BrandRequest) -> dict[str, bool]:
    return {
        "may_close": request.role.covers(Permission.CLOSE_AUDIT.role),
        "may_review": request.role.covers(Permission.REVIEW_ACCOUNT.role),
    }


@require_safe
@brand_view(Role.GUEST)
def audit_list(request: BrandRequest) -> HttpResponse:
    audits = list(queries.audits_listed(request.brand))
    context = {
        "audits": audits,
        "has_open": any(audit.is_open for audit in audits),
        "has_accounts": SocialAccount.objects.for_brand(request.brand).open().exists(),
        "today": _today(request),
        **_rights(request),
    }
    return render(request, "audits/audit_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.MANAGER)
def audit_create(request: BrandRequest) -> HttpResponse:
    form = AuditForm(request.POST if request.method == "POST" else None, today=_today(request))
    if form.is_valid():
        facts = form.cleaned_data
        facts.pop("version")
        try:
            audit = services.start_audit(brand=request.brand, by=request.user, now=timezone.now(), **facts)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The audit has started: decide on each account."))
            return go(request, "audit_detail", pk=audit.pk)
    answer = render_refused if form.is_bound else render
    return answer(request, "audits/audit_form.html", {"form": form})


@require_safe
@brand_view(Role.GUEST)
def audit_detail(request: BrandRequest, pk: int) -> HttpResponse:
    audit = _fetch(request, pk)
    rows = queries.review_rows(audit)
    following = next((row.review for row in rows if not row.review.decision), None)
    context = {"audit": audit, "rows": rows, "following": following, "today": _today(request), **_rights(request)}
    return render(request, "audits/audit_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.MANAGER)
def audit_edit(request: BrandRequest, pk: int) -> HttpResponse:
    audit = _fetch(request, pk)
    form = AuditForm(
        request.POST if request.method == "POST" else None, instance=_fetch(request, pk), today=_today(request)
    )
    if form.is_valid():
        try:
            services.edit_audit(audit=audit, by=request.user, **form.cleaned_data)
        except StaleError as refusal:
            values = {name: getattr(audit, name) for name in ("title", "started_on", "next_due_on")}
            show_both(form, refusal, values, audit.version)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return go(request, "audit_detail", pk=pk)
    answer = render_refused if form.is_bound else render
    return answer(request, "audits/audit_form.html", {"form": form, "audit": audit})


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.MANAGER)
def audit_close(request: BrandRequest, pk: int) -> HttpResponse:
    """Asks when the next audit is due; the POST closes this one for good."""
    audit = _fetch(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = CloseAuditForm(posted, audit=audit, today=_today(request))
    if form.is_valid():
        try:
            services.close_audit(audit=audit, by=request.user, now=timezone.now(), **form.cleaned_data)
        except StaleError as refusal:
            show_both(form, refusal, {"next_due_on": audit.next_due_on}, audit.version)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The audit is closed."))
            return go(request, "audit_detail", pk=pk)
    answer = render_refused if form.is_bound else render
    return answer(request, "audits/audit_close.html", {"form": form, "audit": audit})


@require_safe
@brand_view(Role.GUEST)
def audit_export(request: BrandRequest, pk: int) -> HttpResponse:
    """The audit sheet as CSV, in UTF-8 with the mark that spreadsheets look for."""
    audit = _fetch(request, pk)
    head = [
        _("Network"), _("Handle"), _("Owner"), _("Verified"), _("Mission statement"), _("Followers"),
        _("Most recent post"), _("Decision"), _("Reason"), _("Notes"),
    ]  # fmt: skip
    response = HttpResponse(sheets.write(queries.sheet(audit, head)), content_type="text/csv; charset=utf-8")
    name = slugify(f"{request.brand.slug} {audit.title}")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def review_edit(request: BrandRequest, pk: int, review: int) -> HttpResponse:
    audit = _fetch(request, pk)
    row = queries.review_row(_review(audit, review))
    form = ReviewForm(
        request.POST if request.method == "POST" else None, row=queries.review_row(_review(audit, review))
    )
    if form.is_valid():
        try:
            services.review_account(review=row.review, by=request.user, now=timezone.now(), **form.cleaned_data)
        except StaleError as refusal:
            show_both(form, refusal, {name: getattr(row.review, name) for name in FACTS}, row.review.version)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(account)s was reviewed.") % {"account": row.review.account})
            return _next(request, audit)
    answer = render_refused if form.is_bound else render
    context: dict[str, Any] = {"form": form, "audit": audit, "row": row, "account": row.review.account}
    return answer(request, "audits/review_form.html", context)


def _review(audit: Audit, pk: int) -> AccountReview:
    review: AccountReview = get_object_or_404(audit.reviews.with_account(), pk=pk)
    review.audit = audit
    return review


def _next(request: BrandRequest, audit: Audit) -> HttpResponse:
    """To the next account to decide on, or back to the table when all are decided."""
    if "next" in request.GET and (following := audit.reviews.undecided().with_account().first()):
        return go(request, "review_edit", pk=audit.pk, review=following.pk)
    return go(request, "audit_detail", pk=audit.pk)
