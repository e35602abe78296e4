"""What somebody sees who has a link and no login: the published plan, and its PDF. Nothing leads into the workspace."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.duework import DueState
from core.forms import render_refused
from core.ratelimit import limited
from plans import services
from plans.editions import Edition, published
from plans.forms.documents import PdfForm
from plans.models import Plan, PlanPdf
from plans.views.documents import Reading, file_of
from teams.access import public_view

View = Callable[[HttpRequest, Plan, Edition], HttpResponse]


def _shared(view: View) -> Callable[..., HttpResponse]:
    """Finds what the link leads to; speaks the language that the address asks for, or the browser's."""

    @wraps(view)
    def inner(request: HttpRequest, token: str) -> HttpResponse:
        now = timezone.now()
        with translation.override(_language(request)):
            share = services.find_share(token, now)
            edition = published(share.plan) if share else None
            if share is None or edition is None:
                response = render(request, "plans/shared_gone.html", status=404)
            else:
                with timezone.override(share.plan.brand.time_zone):
                    response = view(request, share.plan, edition)
                if request.method == "GET" and view.__name__ == "shared_plan":
                    services.note_view(share, now)
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            response.headers["Content-Language"] = translation.get_language() or "en"
        return response

    return inner


def _token(request: HttpRequest) -> str:
    assert request.resolver_match
    return str(request.resolver_match.kwargs["token"])


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language() or "en"


@require_safe
@never_cache
@public_view
@limited("shared_plan", an_hour=300, methods=("GET", "HEAD"))
@_shared
def shared_plan(request: HttpRequest, plan: Plan, edition: Edition) -> HttpResponse:
    context = {"plan": plan, "edition": edition, "reading": Reading(plan, edition), "languages": settings.LANGUAGES}
    context["token"] = _token(request)
    response = render(request, "plans/shared_plan.html", context)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public_view
@limited("shared_pdf", an_hour=20)
@limited("shared_plan", an_hour=300, methods=("GET", "HEAD"))
@_shared
def shared_plan_pdf(request: HttpRequest, plan: Plan, edition: Edition) -> HttpResponse:
    """Asks for the PDF, and shows how far it has come."""
    form = PdfForm(request.POST if request.method == "POST" else None, is_published=True, only_published=True)
    if form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("language", "paper")}
        services.ask_pdf(plan=plan, edition=edition, by=None, now=timezone.now(), **wanted)
        return redirect(f"{request.path}?language={wanted['language']}&paper={wanted['paper']}")
    token = _token(request)
    file = f"{reverse('shared_plan_file', args=[token])}?{request.GET.urlencode()}"
    context = {"form": form, "pdf": _newest(request, plan, edition), "file": file, "token": token}
    return (render_refused if form.is_bound else render)(request, "plans/shared_plan_pdf.html", context)


@require_safe
@never_cache
@public_view
@limited("shared_plan", an_hour=300, methods=("GET", "HEAD"))
@_shared
def shared_plan_file(request: HttpRequest, plan: Plan, edition: Edition) -> HttpResponse:
    pdf = _newest(request, plan, edition)
    if pdf is None or pdf.state != DueState.DONE:
        return render(request, "plans/shared_gone.html", status=404)
    return file_of(request, pdf)


def _newest(request: HttpRequest, plan: Plan, edition: Edition) -> PlanPdf | None:
    """The last one of that language and paper; of what is published now, and never a draft."""
    wanted: dict[str, Any] = {"revision_number": edition.number, "language": request.GET.get("language", "")}
    rows = PlanPdf.objects.filter(plan=plan, paper=request.GET.get("paper", ""), **wanted)
    pdf: PlanPdf | None = rows.defer("content").order_by("-created_at").first()
    if pdf is not None:
        pdf.plan = plan
    return pdf
