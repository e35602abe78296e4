"""Figures from a CSV file: upload, look at what it would do, take it in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analytics import exports, services
from analytics.csv_words import explain, place
from analytics.forms import UploadForm
from analytics.models import CsvDraft, CsvImport
from analytics.queries import imports
from analytics.views.results import csv_answer, today_of
from core.errors import Refusal
from core.forms import render_refused
from teams.access import BrandRequest, brand_view
from teams.rules import Role

LAST_IMPORTS = 10


def _url(request: BrandRequest, name: str, **kwargs: int) -> str:
    return reverse(name, kwargs={"workspace": request.workspace.slug, "brand": request.brand.slug, **kwargs})


def _draft(request: BrandRequest, pk: int) -> CsvDraft:
    """A file that this person uploaded for this brand, or 404."""
    return get_object_or_404(
        CsvDraft.objects.select_related("brand__workspace"), brand=request.brand, by=request.user, pk=pk
    )


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def figures_import(request: BrandRequest) -> HttpResponse:
    """How a file must look, its template, and the upload."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        draft = _upload(request, form)
        if draft:
            return redirect(_url(request, "figures_preview", pk=draft.pk))
    rows = CsvImport.objects.filter(brand=request.brand).select_related("by").order_by("-at")[:LAST_IMPORTS]
    context = {"form": form, "imports": rows, "nav": "results", "today": today_of(request)}
    if request.method == "POST":
        return render_refused(request, "analytics/figures_import.html", context)
    return render(request, "analytics/figures_import.html", context)


def _upload(request: BrandRequest, form: UploadForm) -> CsvDraft | None:
    file = form.cleaned_data["file"]
    day_first = not (get_language() or "en").startswith("en")
    try:
        return services.upload_figures(
            brand=request.brand, filename=file.name, content=file.read(), day_first=day_first, by=request.user,
            now=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        form.refuse(refusal)
        return None


@require_safe
@brand_view(Role.EDITOR)
def figures_preview(request: BrandRequest, pk: int) -> HttpResponse:
    """What the file would do, row by row, or all that is wrong with it."""
    return _show_preview(request, _draft(request, pk))


def _show_preview(request: BrandRequest, draft: CsvDraft, refusal: str = "") -> HttpResponse:
    preview = imports.preview(draft, now=timezone.now())
    shown = preview.problems[: imports.SHOWN_PROBLEMS]
    context: dict[str, Any] = {
        "preview": preview, "draft": draft, "refusal": refusal, "nav": "results",
        "problems": [{"place": place(problem), "words": explain(problem)} for problem in shown],
    }  # fmt: skip
    return render(
        request, "analytics/figures_preview.html", context, status=422 if preview.problems or refusal else 200
    )


@require_POST
@brand_view(Role.EDITOR)
def figures_confirm(request: BrandRequest, pk: int) -> HttpResponse:
    """Take the file in, whole."""
    draft = _draft(request, pk)
    try:
        done = services.import_csv(draft=draft, by=request.user, now=timezone.now())
    except Refusal as refusal:
        return _show_preview(request, draft, str(refusal))
    words = ngettext(
        "%(count)d figure taken in from %(name)s.", "%(count)d figures taken in from %(name)s.", done.figure_count
    )
    messages.success(request, words % {"count": done.figure_count, "name": done.filename})
    return redirect(_url(request, "results"))


@require_POST
@brand_view(Role.EDITOR)
def figures_discard(request: BrandRequest, pk: int) -> HttpResponse:
    """Forget an uploaded file."""
    services.discard_draft(draft=_draft(request, pk), by=request.user)
    messages.info(request, _("The file was left aside. Nothing was taken in."))
    return redirect(_url(request, "figures_import"))


@require_safe
@brand_view(Role.EDITOR)
def figures_template(request: BrandRequest) -> HttpResponse:
    """A CSV file with the brand's accounts and recent posts, to fill in."""
    text = exports.template_csv(request.brand, today=today_of(request), language=get_language())
    return csv_answer(text, f"{request.brand.slug}-{_('figures')}.csv")
