"""Taking a copy of what is kept, and deleting it. Whoever does it confirms first that they are who they are."""

from typing import IO

from django.contrib import messages as flash
from django.contrib.auth import logout
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refusal
from core.forms import render_refused
from core.ratelimit import limited
from teams import services
from teams.access import PersonRequest, WorkspaceRequest, person_view, sensitive, workspace_view
from teams.exports import export_person, export_workspace
from teams.forms import PersonDeleteForm, WorkspaceDeleteForm
from teams.rules import Role
from teams.services.erasure import alone_in, blocking

EXPORTS = 6  # an hour


@require_safe
@person_view
def person_data(request: PersonRequest) -> HttpResponse:
    return render(request, "teams/person_data.html", {"blocking": blocking(request.user)})


@require_POST
@person_view
@sensitive
@limited("export", an_hour=EXPORTS)
def person_export(request: PersonRequest) -> HttpResponseBase:
    return _download(export_person(user=request.user), "sextant-me")


@require_http_methods(["GET", "HEAD", "POST"])
@person_view
@sensitive
@limited("delete", an_hour=20)
def person_delete(request: PersonRequest) -> HttpResponse:
    form = PersonDeleteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.delete_person(user=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            logout(request)
            flash.success(request, _("You are deleted."))
            return redirect("home")
    answer = render_refused if form.is_bound else render
    return answer(request, "teams/person_delete.html", {"form": form, "alone": alone_in(request.user)})


@require_safe
@workspace_view(Role.ADMIN)
def workspace_data(request: WorkspaceRequest) -> HttpResponse:
    return render(request, "teams/workspace_data.html")


@require_POST
@workspace_view(Role.ADMIN)
@sensitive
@limited("export", an_hour=EXPORTS)
def workspace_export(request: WorkspaceRequest) -> HttpResponseBase:
    place = request.workspace
    return _download(export_workspace(workspace=place, by=request.user), f"sextant-{place.slug}")


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_view(Role.ADMIN)
@sensitive
@limited("delete", an_hour=20)
def workspace_delete(request: WorkspaceRequest) -> HttpResponse:
    form = WorkspaceDeleteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        place = request.workspace
        try:
            services.delete_workspace(workspace=place, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            del request.workspace  # nobody is to remember it
            request.session.pop("workspace", None)
            flash.success(request, _("%(place)s is deleted.") % {"place": place.name})
            return redirect("workspace_list")
    answer = render_refused if form.is_bound else render
    return answer(request, "teams/workspace_delete.html", {"form": form})


def _download(file: IO[bytes], name: str) -> FileResponse:
    today = timezone.localdate().isoformat()
    return FileResponse(file, as_attachment=True, filename=f"{name}-{today}.zip", content_type="application/zip")
