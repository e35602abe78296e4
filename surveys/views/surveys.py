"""The surveys of a brand: listed, written, opened, closed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refusal, StaleError
from core.forms import render_refused
from core.stale import show_both
from surveys import services
from surveys.forms import SurveyForm
from surveys.models import Channel, Survey
from surveys.queries import score_of, surveys_of
from surveys.rules.answers import MOST_QUESTIONS
from surveys.services.surveys import PLAIN
from surveys.views.common import do, fetch, go, may_run
from teams.access import BrandRequest, brand_view
from teams.rules import Role

FORM = "surveys/survey_form.html"
ONLINE = (Channel.FOLLOWERS, Channel.EMAIL, Channel.WEB)


@require_safe
@brand_view(Role.GUEST)
def survey_list(request: BrandRequest) -> HttpResponse:
    context = {"surveys": surveys_of(request.brand), "may_run": may_run(request)}
    return render(request, "surveys/survey_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def survey_create(request: BrandRequest) -> HttpResponse:
    form = SurveyForm(request.POST if request.method == "POST" else None, brand=request.brand)
    if form.is_valid():
        try:
            survey = services.create_survey(brand=request.brand, by=request.user, now=timezone.now(), **form.facts())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The draft is saved. Now write its questions."))
            return go(request, "survey_detail", pk=survey.pk)
    answer = render_refused if form.is_bound else render
    return answer(request, FORM, {"form": form})


@require_safe
@brand_view(Role.GUEST)
def survey_detail(request: BrandRequest, pk: int) -> HttpResponse:
    """The questions; of an open survey also the links, one for each way by which people come."""
    survey = fetch(request, pk)
    questions = list(survey.questions.all())
    context = {
        "survey": survey, "questions": questions, "may_run": may_run(request), "links": _links(request, survey),
        "is_over": survey.is_over(timezone.localdate()), "has_built_in": any(one.is_built_in for one in questions),
        "is_full": len(questions) >= MOST_QUESTIONS, "goals": survey.goals.all(), "personas": survey.personas.all(),
    }  # fmt: skip
    return render(request, "surveys/survey_detail.html", context)


def _links(request: BrandRequest, survey: Survey) -> list[dict[str, Any]]:
    address = request.build_absolute_uri(reverse("public_survey", args=[survey.token]))
    return [{"channel": one, "url": f"{address}?via={one}"} for one in ONLINE]


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def survey_edit(request: BrandRequest, pk: int) -> HttpResponse:
    survey, stored = fetch(request, pk), fetch(request, pk)
    form = SurveyForm(request.POST if request.method == "POST" else None, brand=request.brand, instance=survey)
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.edit_survey(survey=stored, by=request.user, now=timezone.now(), version=version, **form.facts())
        except StaleError as refusal:
            show_both(form, refusal, {name: getattr(stored, name) for name in PLAIN}, stored.version)
            form.show_what_else(stored)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return go(request, "survey_detail", pk=pk)
    answer = render_refused if form.is_bound else render
    return answer(request, FORM, {"form": form, "survey": stored})


@require_POST
@brand_view(Role.EDITOR)
def survey_open(request: BrandRequest, pk: int) -> HttpResponse:
    survey = fetch(request, pk)
    do(request, services.open_survey, _("The survey is open. Give out its links."), survey=survey)
    return go(request, "survey_detail", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def survey_close(request: BrandRequest, pk: int) -> HttpResponse:
    """Says what closing does; the POST closes."""
    survey = fetch(request, pk)
    if request.method == "POST":
        closed = do(request, services.close_survey, _("The survey is closed."), survey=survey)
        return go(request, "survey_results" if closed else "survey_detail", pk=pk)
    context = {"survey": survey, "count": survey.responses.count(), "nps": score_of(survey)}
    return render(request, "surveys/survey_close.html", context)


@require_POST
@brand_view(Role.EDITOR)
def survey_duplicate(request: BrandRequest, pk: int) -> HttpResponse:
    copy = do(request, services.duplicate_survey, _("This is the copy: a draft."), survey=fetch(request, pk))
    return go(request, "survey_detail", pk=copy.pk if copy else pk)


@require_POST
@brand_view(Role.EDITOR)
def survey_delete(request: BrandRequest, pk: int) -> HttpResponse:
    survey = fetch(request, pk)
    do(request, services.delete_survey, survey=survey)
    if Survey.objects.filter(pk=pk).exists():
        return go(request, "survey_detail", pk=pk)
    messages.success(request, _("%(name)s was deleted.") % {"name": survey.title})
    return go(request, "survey_list")
