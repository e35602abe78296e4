"""Content types."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calendar_app import queries, services
from calendar_app.forms import ContentKindForm
from core.errors import Refusal, StaleError
from core.forms import render_refused
from core.stale import show_both
from plans.models import ContentKind
from teams.access import BrandRequest, brand_view
from teams.rules import Role


@require_safe
@brand_view(Role.GUEST)
def content_kind_list(request: BrandRequest) -> HttpResponse:
    """The content types of the brand, with how many posts each has."""
    count = Count("posts", filter=Q(posts__deleted_at__isnull=True))
    kinds = queries.content_kinds(request.brand).annotate(post_count=count)
    context = {"kinds": kinds, "may_write": request.role.covers(Role.EDITOR)}
    return render(request, "calendar_app/content_kind_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def content_kind_create(request: BrandRequest) -> HttpResponseBase:
    """Add a content type."""
    form = ContentKindForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.create_content_kind(brand=request.brand, name=data["name"], color=data["color"], by=request.user)
            return redirect("content_kind_list", request.workspace.slug, request.brand.slug)
        except Refusal as refusal:
            form.refuse(refusal)
    return _page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def content_kind_edit(request: BrandRequest, pk: int) -> HttpResponseBase:
    """Rename a content type or give it another color."""
    kind = get_object_or_404(queries.content_kinds(request.brand), pk=pk)
    form = ContentKindForm(request.POST if request.method == "POST" else None, instance=kind)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.edit_content_kind(kind=kind, by=request.user, **data)
            return redirect("content_kind_list", request.workspace.slug, request.brand.slug)
        except StaleError as refusal:
            stored = ContentKind.objects.get(pk=kind.pk)
            show_both(form, refusal, {"name": stored.name, "color": stored.color}, stored.version)
        except Refusal as refusal:
            form.refuse(refusal)
    return _page(request, form, kind)


def _page(request: BrandRequest, form: ContentKindForm, kind: ContentKind | None) -> HttpResponse:
    answer = render_refused if form.errors else render
    return answer(request, "calendar_app/content_kind_form.html", {"form": form, "kind": kind})


@require_POST
@brand_view(Role.EDITOR)
def content_kind_delete(request: BrandRequest, pk: int) -> HttpResponse:
    """Remove a content type; its posts stay."""
    kind = get_object_or_404(queries.content_kinds(request.brand), pk=pk)
    try:
        services.delete_content_kind(kind=kind, by=request.user)
        messages.success(request, _("“%(name)s” is removed. Its posts stay.") % {"name": kind.name})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("content_kind_list", request.workspace.slug, request.brand.slug)
