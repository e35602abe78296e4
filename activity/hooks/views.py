"""The pages of webhooks: for admins only."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activity.hooks import services
from activity.hooks.forms import EndpointEditForm, EndpointForm, saved
from activity.models import Attempt, Endpoint, Format, Kind
from core.errors import Refusal, StaleError
from core.forms import render_refused
from core.paging import page_of
from core.ratelimit import limited
from core.stale import show_both
from teams.access import WorkspaceRequest, sensitive, workspace_view
from teams.rules import Role

TESTS = 20  # by one person in an hour
TYPED = ("name", "format", "language")  # what a colleague's change of it is shown beside


@require_safe
@workspace_view(Role.ADMIN)
def endpoint_list(request: WorkspaceRequest) -> HttpResponse:
    endpoints = Endpoint.objects.filter(workspace=request.workspace).prefetch_related("brands").order_by("name", "pk")
    return render(request, "activity/endpoint_list.html", {"endpoints": endpoints})


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_view(Role.ADMIN)
@sensitive
@never_cache
def endpoint_create(request: WorkspaceRequest) -> HttpResponse:
    start = {"language": request.user.language, "kinds": [Kind.REMINDER, Kind.MISSED, Kind.GOAL]}
    form = EndpointForm(request.POST or None, workspace=request.workspace, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint = services.add_endpoint(
                workspace=request.workspace, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _shown_once(request, endpoint, _("Added: send a test to see whether it works."))
    answer = render_refused if form.is_bound else render
    return answer(request, "activity/endpoint_form.html", {"form": form})


@require_safe
@workspace_view(Role.ADMIN)
def endpoint_detail(request: WorkspaceRequest, pk: int) -> HttpResponse:
    endpoint = _found(request, pk)
    attempts = page_of(
        Attempt.objects.filter(endpoint=endpoint), moment="at", cursor=request.GET.get("page", ""), size=30
    )
    context = {"endpoint": endpoint, "kinds": [Kind(kind).label for kind in Kind if kind in endpoint.kinds]}
    context |= {"page": attempts, "is_signed": endpoint.format == Format.SEXTANT, "now": timezone.now()}
    return render(request, "activity/endpoint_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_view(Role.ADMIN)
def endpoint_edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    endpoint = _found(request, pk)
    form = EndpointEditForm(request.POST or None, workspace=request.workspace, endpoint=endpoint)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_endpoint(endpoint=endpoint, by=request.user, **form.cleaned_data)
        except StaleError as refusal:
            show_both(form, refusal, {name: saved(endpoint)[name] for name in TYPED}, endpoint.version)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash.success(request, _("Saved: it holds for the next message."))
            return _to(endpoint)
    answer = render_refused if form.is_bound else render
    return answer(request, "activity/endpoint_form.html", {"form": form, "endpoint": endpoint})


@require_POST
@workspace_view(Role.ADMIN)
@limited("webhook_test", an_hour=TESTS)
def endpoint_test(request: WorkspaceRequest, pk: int) -> HttpResponse:
    endpoint = _found(request, pk)
    attempt = services.try_endpoint(endpoint=endpoint, by=request.user, now=timezone.now())
    tell = flash.error if attempt.error else flash.success
    tell(request, _result(attempt))
    return _to(endpoint)


@require_POST
@workspace_view(Role.ADMIN)
@sensitive
@never_cache
def endpoint_rotate(request: WorkspaceRequest, pk: int) -> HttpResponse:
    endpoint = services.rotate_secret(endpoint=_found(request, pk), by=request.user, now=timezone.now())
    return _shown_once(request, endpoint, _("This is the new secret. The old one is good for 24 hours more."))


@require_POST
@workspace_view(Role.ADMIN)
def endpoint_enable(request: WorkspaceRequest, pk: int) -> HttpResponse:
    return _done(request, pk, services.enable_endpoint, _("Switched on: it is told what happens from now on."))


@require_POST
@workspace_view(Role.ADMIN)
def endpoint_disable(request: WorkspaceRequest, pk: int) -> HttpResponse:
    return _done(request, pk, services.disable_endpoint, _("Switched off: it is told nothing."), now=timezone.now())


@require_POST
@workspace_view(Role.ADMIN)
def endpoint_delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    services.delete_endpoint(endpoint=_found(request, pk), by=request.user)
    flash.success(request, _("The webhook is deleted, with its secret and its log."))
    return redirect("endpoint_list", workspace=request.workspace.slug)


# -- parts ------------------------------------------------------------------------------------------------------------


def _found(request: WorkspaceRequest, pk: int) -> Endpoint:
    return get_object_or_404(Endpoint.objects.select_related("workspace").filter(workspace=request.workspace), pk=pk)


def _to(endpoint: Endpoint) -> HttpResponse:
    return redirect("endpoint_detail", workspace=endpoint.workspace.slug, pk=endpoint.pk)


def _done(request: WorkspaceRequest, pk: int, act: Callable[..., None], words: str, **values: Any) -> HttpResponse:
    endpoint = _found(request, pk)
    act(endpoint=endpoint, by=request.user, **values)
    flash.success(request, words)
    return _to(endpoint)


def _shown_once(request: WorkspaceRequest, endpoint: Endpoint, words: str) -> HttpResponse:
    """The page with the secret, in answer to what made it: it is kept in no session and on no other page."""
    if endpoint.format != Format.SEXTANT:
        flash.success(request, words)
        return _to(endpoint)
    return render(request, "activity/endpoint_secret.html", {"endpoint": endpoint, "words": words})


def _result(attempt: Attempt) -> str:
    if attempt.status is None:
        return _("No answer: %(error)s") % {"error": attempt.error}
    values = {"status": attempt.status, "answer": attempt.answer, "time": attempt.milliseconds}
    if attempt.answer:
        return _("Answered %(status)s after %(time)s ms: %(answer)s") % values
    return _("Answered %(status)s after %(time)s ms.") % values
