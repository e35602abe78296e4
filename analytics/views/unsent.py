"""What did not get through in a workspace: messages and figures that are late or were given up. For admins."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from activity.unsent import discard_messages, retry_messages, unsent
from analytics.forms import ChosenRows
from analytics.queries.unfetched import unfetched
from analytics.services.unfetched import discard_pulls, retry_pulls
from core.errors import Refusal
from core.forms import render_refused
from core.paging import page_of
from teams.access import WorkspaceRequest, workspace_view
from teams.rules import Role

MOST_PULLS = 100


@require_safe
@workspace_view(Role.ADMIN)
def unsent_list(request: WorkspaceRequest) -> HttpResponse:
    return render(request, "analytics/unsent_list.html", _page(request))


@require_POST
@workspace_view(Role.ADMIN)
def unsent_retry(request: WorkspaceRequest) -> HttpResponse:
    def act(rows: Any) -> str:
        count = retry_messages(workspace=request.workspace, messages=rows, by=request.user)
        return ngettext("%(count)s message is tried again now.", "%(count)s messages are tried again now.", count) % {
            "count": count
        }

    return _done(request, ChosenRows(request.POST, rows=_messages(request)), act)


@require_POST
@workspace_view(Role.ADMIN)
def unsent_discard(request: WorkspaceRequest) -> HttpResponse:
    def act(rows: Any) -> str:
        count = discard_messages(workspace=request.workspace, messages=rows, by=request.user)
        return ngettext("%(count)s message was discarded.", "%(count)s messages were discarded.", count) % {
            "count": count
        }

    return _done(request, ChosenRows(request.POST, rows=_messages(request)), act)


@require_POST
@workspace_view(Role.ADMIN)
def unfetched_retry(request: WorkspaceRequest) -> HttpResponse:
    def act(rows: Any) -> str:
        count = retry_pulls(workspace=request.workspace, pulls=rows, by=request.user, now=timezone.now())
        return ngettext("%(count)s account is asked again.", "%(count)s accounts are asked again.", count) % {
            "count": count
        }

    return _done(request, ChosenRows(request.POST, rows=_pulls(request)), act)


@require_POST
@workspace_view(Role.ADMIN)
def unfetched_discard(request: WorkspaceRequest) -> HttpResponse:
    def act(rows: Any) -> str:
        count = discard_pulls(workspace=request.workspace, pulls=rows, by=request.user)
        words = ngettext("%(count)s fetch was discarded.", "%(count)s fetches were discarded.", count)
        return words % {"count": count}

    return _done(request, ChosenRows(request.POST, rows=_pulls(request)), act)


# -- parts ------------------------------------------------------------------------------------------------------------


def _messages(request: WorkspaceRequest) -> Any:
    return unsent(request.workspace, now=timezone.now())


def _pulls(request: WorkspaceRequest) -> Any:
    return unfetched(request.workspace).select_related("account__brand__workspace", "account__network")


def _page(request: WorkspaceRequest, refused: ChosenRows | None = None) -> dict[str, Any]:
    rows = _messages(request).select_related("recipient", "endpoint", "brand").defer("context", "sealed")
    page = page_of(rows, moment="due_at", cursor=request.GET.get("page", ""), size=50)
    return {"page": page, "pulls": _pulls(request).order_by("-due_at")[:MOST_PULLS], "refused": refused}


def _done(request: WorkspaceRequest, form: ChosenRows, act: Callable[[Any], str]) -> HttpResponse:
    if form.is_valid():
        try:
            flash.success(request, act(form.chosen()))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("unsent_list", workspace=request.workspace.slug)
    return render_refused(request, "analytics/unsent_list.html", _page(request, form))
