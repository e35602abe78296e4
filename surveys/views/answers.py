"""Answers on paper are typed in; single responses are read, and deleted where they must not be kept."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refusal
from core.forms import render_refused
from surveys import services
from surveys.forms import AnswersForm
from surveys.models import Channel, Response
from surveys.queries import sheets
from surveys.views.common import do, fetch, go, may_run
from teams.access import BrandRequest, brand_view
from teams.rules import Permission, Role

AT_ONCE = 50  # responses on a page


@require_http_methods(["GET", "HEAD", "POST"])
@brand_view(Role.EDITOR)
def survey_offline(request: BrandRequest, pk: int) -> HttpResponse:
    """One paper after the other: the form comes back empty once one is saved."""
    survey = fetch(request, pk)
    if not survey.takes_answers(timezone.now()):
        messages.error(request, _("Only an open survey takes answers."))
        return go(request, "survey_detail", pk=pk)
    form = AnswersForm(
        request.POST if request.method == "POST" else None, survey=survey, questions=list(survey.questions.all())
    )
    if form.is_valid():
        key, values = form.cleaned_data["form"], form.values()
        try:
            services.enter_response(survey=survey, values=values, key=key, by=request.user, now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The answers are saved. The next, please."))
            return go(request, "survey_offline", pk=pk)
    context = {"form": form, "survey": survey, "count": survey.responses.filter(channel=Channel.OFFLINE).count()}
    answer = render_refused if form.is_bound else render
    return answer(request, "surveys/survey_offline.html", context)


@require_safe
@brand_view(Role.GUEST)
def survey_response_list(request: BrandRequest, pk: int) -> HttpResponse:
    """What each person answered, the newest first, a page at a time."""
    survey = fetch(request, pk)
    questions = list(survey.questions.all())
    rows = survey.responses.order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: AT_ONCE + 1])
    context = {
        "survey": survey, "questions": questions, "sheets": sheets(found[:AT_ONCE], questions),
        "older": found[AT_ONCE - 1].pk if len(found) > AT_ONCE else None, "is_first": not before,
        "may_delete": request.role.covers(Permission.DELETE_RESPONSE.role), "may_run": may_run(request),
    }  # fmt: skip
    return render(request, "surveys/survey_response_list.html", context)


@require_POST
@brand_view(Role.MANAGER)
def survey_response_delete(request: BrandRequest, pk: int) -> HttpResponse:
    response = get_object_or_404(Response.objects.for_brand(request.brand).select_related("survey"), pk=pk)
    do(request, services.delete_response, _("The response was deleted."), response=response)
    return go(request, "survey_response_list", pk=response.survey_id)
