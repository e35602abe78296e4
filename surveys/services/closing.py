"""A survey is closed, by a person or because its last day is over: its result is settled and told to the goals."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from activity.services import record
from analytics.models import Source
from analytics.services import evaluate_touched
from analytics.services.store import New, store
from core.localtime import local_day
from networks.models import Metric, Subject
from surveys.models import Survey, SurveyState
from surveys.queries import score_of
from surveys.services.errors import SurveyError
from surveys.services.surveys import held
from teams.access import require
from teams.models import User
from teams.rules import Permission

SCORE = "survey_score"  # the metric of the brand that a net promoter score becomes


@transaction.atomic
def close_survey(*, survey: Survey, by: User, now: datetime) -> Survey:
    """Nobody can answer any more. How many did and the score are settled; a score becomes the brand's figure of the
    day, and goals that ask for one are judged. Closed once more it stays as it is. Raises SurveyError for a draft."""
    require(by, Permission.RUN_SURVEY, survey.brand)
    return _close(held(survey), by, now)


def close_due(*, now: datetime) -> int:
    """Close the surveys whose last day is over where their brand is; answers how many. Safe to run twice, and by
    several at once."""
    late = Survey.objects.open().filter(closes_on__lte=now.date() + timedelta(days=1)).select_related("brand")
    due = [one for one in late.order_by("pk") if one.is_over(local_day(now, one.brand.time_zone))]
    return sum(_close_late(survey, now) for survey in due)


@transaction.atomic
def _close_late(survey: Survey, now: datetime) -> bool:
    survey = held(survey)  # somebody may have moved its last day, or closed it
    is_due = survey.state == SurveyState.OPEN and survey.is_over(local_day(now, survey.brand.time_zone))
    if is_due:
        _close(survey, None, now)
    return is_due


def _close(survey: Survey, by: User | None, now: datetime) -> Survey:
    if survey.is_closed:
        return survey
    if survey.is_draft:
        raise SurveyError(_("This survey was not opened yet."))
    found = score_of(survey)
    survey.state, survey.closed_at = SurveyState.CLOSED, now
    survey.final_count, survey.final_score = survey.responses.count(), found.score if found else None
    survey.version += 1
    survey.save(update_fields=["version", "state", "closed_at", "final_count", "final_score"])
    result = {"answers": survey.final_count, "score": survey.final_score}
    record(by=by, verb="surveys.survey_closed", target=survey, brand=survey.brand, after=result)
    if survey.final_score is not None:
        _note(survey, survey.final_score, by, now)
    return survey


def _note(survey: Survey, score: int, by: User | None, now: datetime) -> None:
    """The score as a figure of the brand. An installation whose catalogue has no such metric keeps it here alone."""
    if not Metric.objects.filter(pk=SCORE).exists():
        return
    brand = survey.brand
    day = local_day(now, brand.time_zone)
    row = New(subject_id=brand.pk, metric=SCORE, observed_on=day, value=Decimal(score))
    store(brand=brand, subject=Subject.BRAND, rows=[row], source=Source.SURVEY, at=now, by=by)
    transaction.on_commit(partial(evaluate_touched, brand=brand, now=now), robust=True)
