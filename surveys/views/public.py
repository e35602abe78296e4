"""What somebody sees who was sent the link of a survey: its questions, in its language, and thanks. Nothing leads into
the workspace, no cookie is set, and nothing is kept of whoever answers."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refusal
from core.ratelimit import limited, take
from surveys import services
from surveys.forms import AnswersForm
from surveys.models import Channel, Survey, SurveyState
from teams.access import public_view

AN_HOUR = 60  # forms from one person; five times as many from one address
MOST_BYTES = 600_000  # the longest texts to all questions, as browsers write them
WAYS = {"followers": Channel.FOLLOWERS, "email": Channel.EMAIL, "web": Channel.WEB}
View = Callable[[HttpRequest, Survey], HttpResponse]


def _asked(view: View) -> Callable[..., HttpResponse]:
    """Finds the survey of the link; speaks its language. A draft is not there yet; a closed one says so."""

    @wraps(view)
    def inner(request: HttpRequest, token: str) -> HttpResponse:
        rows = Survey.objects.select_related("brand__workspace").exclude(state=SurveyState.DRAFT)
        survey = rows.filter(token=token).first()
        language = survey.language if survey else translation.get_language() or "en"
        with translation.override(language):
            if survey is None:
                response = render(request, "surveys/public_none.html", status=404)
            else:
                with timezone.override(survey.brand.time_zone):
                    response = view(request, survey)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Content-Language"] = language
        return response

    return inner


@csrf_exempt  # nobody is signed in, so nobody can be made to act for somebody; each form carries a key of ours
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public_view
@limited("survey_page", an_hour=300, methods=("GET", "HEAD"))
@_asked
def public_survey(request: HttpRequest, survey: Survey) -> HttpResponse:
    """The questions. What was refused comes back with all that was answered."""
    if not survey.takes_answers(timezone.now()):
        return _closed(request)
    if request.method == "POST" and _size(request) > MOST_BYTES:
        return render(request, "surveys/public_none.html", {"is_too_long": True}, status=413)
    questions = list(survey.questions.all())
    form = AnswersForm(request.POST if request.method == "POST" else None, survey=survey, questions=questions)
    status = 422 if form.is_bound else 200
    if form.is_bound and not take(request, "survey", an_hour=AN_HOUR):
        form.add_error(None, _("Too many answers came from your address. Wait an hour, then send this again."))
        status = 429
    if form.is_valid():
        try:
            return _take(request, survey, form)
        except services.ClosedError:
            return _closed(request)
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "surveys/public_survey.html", {"survey": survey, "form": form}, status=status)


def _take(request: HttpRequest, survey: Survey, form: AnswersForm) -> HttpResponse:
    channel = WAYS.get(request.GET.get("via", ""), Channel.WEB)
    key, values = form.cleaned_data["form"], form.values()
    services.take_response(survey=survey, channel=channel, values=values, key=key, now=timezone.now())
    return redirect("public_survey_thanks", token=survey.token)


def _size(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdecimal() else 0


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "surveys/public_none.html", {"is_closed": True}, status=410)


@require_safe
@never_cache
@public_view
@limited("survey_page", an_hour=300, methods=("GET", "HEAD"))
@_asked
def public_survey_thanks(request: HttpRequest, survey: Survey) -> HttpResponse:
    return render(request, "surveys/public_thanks.html", {"survey": survey})
