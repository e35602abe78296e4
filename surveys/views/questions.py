"""The questions of a draft."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refusal, StaleError
from core.forms import render_refused
from core.stale import show_both
from surveys import services
from surveys.forms import QuestionForm
from surveys.models import Question
from surveys.views.common import do, fetch, frozen, go
from teams.access import BrandRequest, brand_view
from teams.rules import Role

FORM = "surveys/question_form.html"


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def survey_question_create(request: BrandRequest, pk: int) -> HttpResponse:
    survey = fetch(request, pk)
    if not survey.is_draft:
        return frozen(request, survey)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.add_question(survey=survey, by=request.user, now=timezone.now(), **form.facts())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The question was added."))
            return go(request, "survey_detail", pk=pk)
    answer = render_refused if form.is_bound else render
    return answer(request, FORM, {"form": form, "survey": survey})


@require_POST
@brand_view(Role.EDITOR)
def survey_built_in_add(request: BrandRequest, pk: int) -> HttpResponse:
    do(request, services.add_built_in, _("The question was added."), survey=fetch(request, pk))
    return go(request, "survey_detail", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def survey_question_edit(request: BrandRequest, pk: int) -> HttpResponse:
    question, stored = _fetch(request, pk), _fetch(request, pk)
    if not stored.survey.is_draft:
        return frozen(request, stored.survey)
    form = QuestionForm(request.POST if request.method == "POST" else None, instance=question)
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.edit_question(
                question=stored, by=request.user, now=timezone.now(), version=version, **form.facts()
            )
        except StaleError as refusal:
            saved = {name: getattr(stored, name) for name in ("kind", "text", "is_required")}
            show_both(form, refusal, saved | {"options": "\n".join(stored.options)}, stored.version)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return go(request, "survey_detail", pk=stored.survey_id)
    answer = render_refused if form.is_bound else render
    return answer(request, FORM, {"form": form, "survey": stored.survey, "question": stored})


@require_POST
@brand_view(Role.EDITOR)
def survey_question_remove(request: BrandRequest, pk: int) -> HttpResponse:
    question = _fetch(request, pk)
    do(request, services.remove_question, question=question)
    return go(request, "survey_detail", pk=question.survey_id)


@require_POST
@brand_view(Role.EDITOR)
def survey_question_up(request: BrandRequest, pk: int) -> HttpResponse:
    question = _fetch(request, pk)
    do(request, services.move_question, question=question, way="up")
    return go(request, "survey_detail", pk=question.survey_id)


@require_POST
@brand_view(Role.EDITOR)
def survey_question_down(request: BrandRequest, pk: int) -> HttpResponse:
    question = _fetch(request, pk)
    do(request, services.move_question, question=question, way="down")
    return go(request, "survey_detail", pk=question.survey_id)


def _fetch(request: BrandRequest, pk: int) -> Question:
    rows = Question.objects.filter(brand=request.brand).select_related("survey")
    question = get_object_or_404(rows, pk=pk)
    question.survey.brand = request.brand
    return question
