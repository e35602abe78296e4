"""The inventory of social accounts, and their connections."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits import queries, services
from audits.forms import AccountForm, ConnectForm
from audits.models import SocialAccount
from audits.services.accounts import FACTS
from audits.views.shared import go
from core.errors import Refusal, StaleError
from core.forms import render_refused
from core.stale import show_both
from networks.connectors import connectable
from teams.access import BrandRequest, brand_view
from teams.rules import Permission, Role


def _fetch(request: BrandRequest, pk: int) -> SocialAccount:
    account: SocialAccount = get_object_or_404(SocialAccount.objects.for_brand(request.brand).with_all(), pk=pk)
    account.brand = request.brand
    return account


def _may_manage(request: BrandRequest) -> bool:
    return request.role.covers(Permission.MANAGE_ACCOUNTS.role)


@require_safe
@brand_view(Role.GUEST)
def account_list(request: BrandRequest) -> HttpResponse:
    context = {
        "accounts": queries.inventory(request.brand),
        "may_manage": _may_manage(request),
        "connectable": connectable(),
    }
    return render(request, "audits/account_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.ADMIN)
def account_create(request: BrandRequest) -> HttpResponse:
    form = AccountForm(request.POST if request.method == "POST" else None, brand=request.brand)
    if form.is_valid():
        facts = {name: form.cleaned_data[name] for name in FACTS}
        try:
            account = services.create_account(brand=request.brand, by=request.user, now=timezone.now(), **facts)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(account)s was added.") % {"account": account})
            _hint(request, account)
            return go(request, "account_detail", pk=account.pk)
    answer = render_refused if form.is_bound else render
    return answer(request, "audits/account_form.html", {"form": form})


@require_safe
@brand_view(Role.GUEST)
def account_detail(request: BrandRequest, pk: int) -> HttpResponse:
    account = _fetch(request, pk)
    context = {
        "account": account,
        "mission_is_long": queries.mission_is_long(account),
        "limits": queries.profile_limits(account),
        "reviews": queries.account_reviews(account),
        "is_connectable": account.network_id in connectable(),
        "may_manage": _may_manage(request),
    }
    return render(request, "audits/account_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.ADMIN)
def account_edit(request: BrandRequest, pk: int) -> HttpResponse:
    account = _fetch(request, pk)
    form = AccountForm(
        request.POST if request.method == "POST" else None, brand=request.brand, instance=_fetch(request, pk)
    )
    if form.is_valid():
        try:
            saved = services.edit_account(account=account, by=request.user, **form.cleaned_data)
        except StaleError as refusal:
            show_both(form, refusal, _values(account), account.version)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            _hint(request, saved)
            return go(request, "account_detail", pk=pk)
    answer = render_refused if form.is_bound else render
    return answer(request, "audits/account_form.html", {"form": form, "account": account})


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.ADMIN)
def account_close(request: BrandRequest, pk: int) -> HttpResponse:
    """Says what closing does, and asks; the POST closes."""
    account = _fetch(request, pk)
    if request.method == "POST":
        services.close_account(account=account, by=request.user, now=timezone.now())
        messages.success(request, _("%(account)s was closed.") % {"account": account})
        return go(request, "account_detail", pk=pk)
    return render(request, "audits/account_close.html", {"account": account})


@require_POST
@brand_view(Role.ADMIN)
def account_reopen(request: BrandRequest, pk: int) -> HttpResponse:
    account = services.reopen_account(account=_fetch(request, pk), by=request.user)
    messages.success(request, _("%(account)s is in use again.") % {"account": account})
    return go(request, "account_detail", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.ADMIN)
def account_connect(request: BrandRequest, pk: int) -> HttpResponse:
    account = _fetch(request, pk)
    form = ConnectForm(request.POST if request.method == "POST" else None, initial={"server": _server(account)})
    if form.is_valid():
        try:
            services.connect_account(account=account, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(account)s is connected.") % {"account": account})
            return go(request, "account_detail", pk=pk)
    answer = render_refused if form.is_bound else render
    is_connectable = account.network_id in connectable() and account.is_open
    context = {"form": form, "account": account, "is_connectable": is_connectable}
    return answer(request, "audits/account_connect.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.ADMIN)
def account_disconnect(request: BrandRequest, pk: int) -> HttpResponse:
    """Says what disconnecting does, and asks; the POST disconnects."""
    account = _fetch(request, pk)
    if request.method == "POST":
        services.disconnect_account(account=account, by=request.user)
        messages.success(request, _("%(account)s is no longer connected.") % {"account": account})
        return go(request, "account_detail", pk=pk)
    return render(request, "audits/account_disconnect.html", {"account": account})


def _values(account: SocialAccount) -> dict[str, Any]:
    return {name: getattr(account, name) for name in FACTS}


def _server(account: SocialAccount) -> str:
    """Where the account lives, as far as is known."""
    connection = getattr(account, "connection", None)
    return connection.server if connection else account.handle.partition("@")[2]


def _hint(request: BrandRequest, account: SocialAccount) -> None:
    if queries.mission_is_long(account):
        messages.info(request, _("The mission statement is more than one sentence. Shorter, it guides better."))
