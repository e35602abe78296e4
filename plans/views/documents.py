"""The plan as one document: to be read, printed, and taken along as a PDF."""

from functools import cached_property

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.duework import DueState
from core.forms import render_refused
from core.ratelimit import limited
from plans import services
from plans.document import Document, compose
from plans.editions import Edition, draft, published
from plans.forms.documents import PdfForm
from plans.models import Plan, PlanPdf
from plans.views.common import go, may_write, plan_of
from teams.access import BrandRequest, brand_view
from teams.rules import Permission, Role


class Reading:
    """An edition of the plan that is read; its document is written when the template asks, which keeps it a while."""

    def __init__(self, plan: Plan, edition: Edition) -> None:
        self.plan, self.edition = plan, edition

    @cached_property
    def document(self) -> Document:
        return compose(self.plan, self.edition, now=timezone.now())


@require_safe
@brand_view(Role.GUEST)
def plan_document(request: BrandRequest, pk: int | None = None) -> HttpResponse:
    """The published plan, or the draft where nothing is published or the address asks for it."""
    plan = _plan(request, pk) if pk else plan_of(request)
    if plan is None:
        return render(request, "plans/plan_start.html", {"may_write": may_write(request)})
    last = published(plan)
    edition = draft(plan) if last is None or request.GET.get("edition") == PdfForm.DRAFT else last
    context = {
        "plan": plan, "reading": Reading(plan, edition), "edition": edition, "is_published": last is not None,
        "may_share": request.role.covers(Permission.SHARE_PLAN.role),
    }  # fmt: skip
    return render(request, "plans/plan_document.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.GUEST)
@limited("pdf", an_hour=60)
def plan_pdf(request: BrandRequest, pk: int) -> HttpResponse:
    """Which language and paper; the POST asks for the file."""
    plan = _plan(request, pk)
    last = published(plan)
    form = PdfForm(request.POST if request.method == "POST" else None, is_published=last is not None)
    if form.is_valid():
        wants_draft = last is None or form.cleaned_data["edition"] == PdfForm.DRAFT
        pdf = services.ask_pdf(
            plan=plan, edition=draft(plan) if last is None or wants_draft else last, by=request.user,
            language=form.cleaned_data["language"], paper=form.cleaned_data["paper"], now=timezone.now(),
        )  # fmt: skip
        return go(request, "plan_pdf_detail", pk=pdf.pk)
    answer = render_refused if form.is_bound else render
    return answer(request, "plans/plan_pdf.html", {"form": form, "plan": plan})


@require_safe
@brand_view(Role.GUEST)
def plan_pdf_detail(request: BrandRequest, pk: int) -> HttpResponse:
    """How far the file has come; the page asks for itself anew until it is there."""
    return render(request, "plans/plan_pdf_detail.html", {"pdf": _pdf(request, pk)})


@require_POST
@brand_view(Role.GUEST)
@limited("pdf", an_hour=60)
def plan_pdf_retry(request: BrandRequest, pk: int) -> HttpResponse:
    services.retry_pdf(pdf=_pdf(request, pk), by=request.user)
    return go(request, "plan_pdf_detail", pk=pk)


@require_safe
@brand_view(Role.GUEST)
def plan_pdf_file(request: BrandRequest, pk: int) -> HttpResponse:
    pdf = _pdf(request, pk)
    if pdf.state != DueState.DONE:
        raise Http404
    return file_of(request, pdf)


def file_of(request: HttpRequest, pdf: PlanPdf) -> HttpResponse:
    """The made file, under a name that says what it is."""
    edition = f"r{pdf.revision_number}" if pdf.revision_number else f"draft-{timezone.localdate(pdf.created_at)}"
    name = f"{slugify(pdf.plan.brand.name) or 'plan'}-{slugify(pdf.plan.title) or 'plan'}-{edition}-{pdf.language}.pdf"
    content = PlanPdf.objects.values_list("content", flat=True).get(pk=pdf.pk)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(bytes(content or b""), content_type="application/pdf", headers=headers)


def _plan(request: BrandRequest, pk: int) -> Plan:
    plan = get_object_or_404(Plan.objects.for_brand(request.brand), pk=pk)
    plan.brand = request.brand
    return plan


def _pdf(request: BrandRequest, pk: int) -> PlanPdf:
    rows = PlanPdf.objects.select_related("plan").defer("content")
    pdf: PlanPdf = get_object_or_404(rows.filter(brand=request.brand), pk=pk)
    pdf.plan.brand = request.brand
    return pdf
