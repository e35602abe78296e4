"""A workspace and its brands."""

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Refusal, StaleError
from core.forms import render_refused
from core.ratelimit import limited
from core.stale import show_both
from teams import services
from teams.access import BrandRequest, WorkspaceRequest, brand_view, workspace_view
from teams.forms import BrandForm, WorkspaceForm
from teams.models import Brand, Workspace
from teams.rules import Role


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_view(Role.ADMIN)
def workspace_edit(request: WorkspaceRequest) -> HttpResponse:
    form = WorkspaceForm(request.POST or None, instance=Workspace.objects.get(pk=request.workspace.pk))
    if request.method == "POST" and form.is_valid():
        services.edit_workspace(workspace=request.workspace, by=request.user, **form.cleaned_data)
        flash.success(request, _("Saved."))
        return redirect("workspace_edit", workspace=request.workspace.slug)
    answer = render_refused if form.is_bound else render
    return answer(request, "teams/workspace_edit.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_view(Role.ADMIN)
@limited("brand", an_hour=60)
def brand_create(request: WorkspaceRequest) -> HttpResponse:
    start = {"language": request.user.language, "time_zone": request.user.time_zone}
    form = BrandForm(request.POST or None, workspace=request.workspace, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            brand = services.create_brand(workspace=request.workspace, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("brand_home", workspace=request.workspace.slug, brand=brand.slug)
    answer = render_refused if form.is_bound else render
    return answer(request, "teams/brand_create.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.ADMIN)
def brand_edit(request: BrandRequest) -> HttpResponse:
    brand = Brand.objects.get(pk=request.brand.pk)  # the form writes what was typed into it
    form = BrandForm(request.POST or None, instance=brand, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_brand(brand=request.brand, by=request.user, **form.cleaned_data)
        except StaleError as refusal:
            saved = {name: getattr(request.brand, name) for name in BrandForm.Meta.fields}
            show_both(form, refusal, saved, request.brand.version)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash.success(request, _("Saved."))
            return redirect("brand_edit", workspace=request.workspace.slug, brand=request.brand.slug)
    answer = render_refused if form.is_bound else render
    return answer(request, "teams/brand_edit.html", {"form": form})
