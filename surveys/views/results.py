"""What a survey says."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from analytics.views.results import csv_answer
from surveys import exports, queries
from surveys.views.common import fetch, may_run
from teams.access import BrandRequest, brand_view
from teams.rules import Role


@require_safe
@brand_view(Role.GUEST)
def survey_results(request: BrandRequest, pk: int) -> HttpResponse:
    """Question by question, with the score and by channel."""
    survey = fetch(request, pk)
    found = queries.results(survey)
    context = {
        "survey": survey, "results": found, "may_run": may_run(request), "goals": survey.goals.all(),
        "personas": survey.personas.all(), "deleted": (survey.final_count or 0) - found.count,
    }  # fmt: skip
    return render(request, "surveys/survey_results.html", context)


@require_safe
@brand_view(Role.GUEST)
def survey_export(request: BrandRequest, pk: int) -> HttpResponse:
    """Every response, as CSV for a spreadsheet."""
    survey = fetch(request, pk)
    text = exports.responses_csv(survey, language=get_language())
    return csv_answer(text, f"{slugify(f'{request.brand.slug} {survey.title}')}.csv")
