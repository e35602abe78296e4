"""Surveys are written, opened, asked again, thrown away."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from activity.services import changes, record
from core.localtime import local_day
from personas.models import Persona
from plans.models import Goal
from surveys.models import Question, Survey, SurveyState
from surveys.services.errors import SurveyError
from teams.access import require
from teams.models import Brand, User
from teams.rules import Permission

PLAIN = ("title", "introduction", "language", "closes_on")


class SurveyFacts(TypedDict):
    title: str
    introduction: str
    language: str
    closes_on: date | None
    goals: Collection[Goal]
    personas: Collection[Persona]


@transaction.atomic
def create_survey(*, brand: Brand, by: User, now: datetime, **facts: Unpack[SurveyFacts]) -> Survey:
    """Write a draft that asks whether social media played a role in the purchase; other questions come next.

    Raises SurveyError for a last day that is past, and for a goal or persona of another brand.
    """
    require(by, Permission.RUN_SURVEY, brand)
    survey = Survey(brand=brand, created_at=now, **_plain(facts))
    _check(survey, facts, now)
    survey.save()
    Question.objects.create(brand=brand, survey=survey, position=1, kind=Question.Kind.SINGLE, is_built_in=True)
    _connect(survey, facts)
    record(by=by, verb="surveys.survey_created", target=survey, brand=brand, after=_facts(survey))
    return survey


@transaction.atomic
def edit_survey(
    *, survey: Survey, by: User, now: datetime, version: int | None, **facts: Unpack[SurveyFacts]
) -> Survey:
    """Change what a survey says of itself, until it is closed; its language until it opens.

    Raises SurveyError, and StaleError when somebody else was faster.
    """
    survey = locked(survey, by)
    survey.require_version(version)
    if survey.is_closed:
        raise SurveyError(_("This survey is closed: it stays as it is."))
    if not survey.is_draft and facts["language"] != survey.language:
        raise SurveyError(_("The survey is open: its language stays."), field="language")
    before = _facts(survey)
    for name, value in _plain(facts).items():
        setattr(survey, name, value)
    _check(survey, facts, now)
    _connect(survey, facts)
    old, new = changes(before, _facts(survey))
    if new:
        survey.version += 1
        survey.save(update_fields=["version", *PLAIN])
        record(by=by, verb="surveys.survey_edited", target=survey, brand=survey.brand, before=old, after=new)
    return survey


@transaction.atomic
def open_survey(*, survey: Survey, by: User, now: datetime) -> Survey:
    """Let people answer. From now on the questions stay as they are. Raises SurveyError without a question, or when its
    last day has passed; opened once more it stays open."""
    survey = locked(survey, by)
    if survey.state == SurveyState.OPEN:
        return survey
    if survey.is_closed:
        raise SurveyError(_("This survey is closed. Duplicate it to ask again."))
    if not survey.questions.exists():
        raise SurveyError(_("Add a question first."))
    _check_last_day(survey, now)
    survey.state, survey.opened_at = SurveyState.OPEN, now
    survey.version += 1
    survey.save(update_fields=["version", "state", "opened_at"])
    record(by=by, verb="surveys.survey_opened", target=survey, brand=survey.brand)
    return survey


@transaction.atomic
def duplicate_survey(*, survey: Survey, by: User, now: datetime) -> Survey:
    """The same questions once more, as a draft that can be reworded; without the answers and without a last day."""
    survey = locked(survey, by)
    title = _("%(title)s (copy)") % {"title": survey.title[:140]}
    copy = Survey.objects.create(
        brand=survey.brand, title=title, introduction=survey.introduction, language=survey.language, created_at=now
    )
    Question.objects.bulk_create(
        Question(
            brand=survey.brand, survey=copy, position=one.position, kind=one.kind, text=one.text, options=one.options,
            is_required=one.is_required, is_built_in=one.is_built_in,
        )
        for one in survey.questions.all()
    )  # fmt: skip
    copy.goals.set(survey.goals.all(), through_defaults={"brand": survey.brand})
    copy.personas.set(survey.personas.all(), through_defaults={"brand": survey.brand})
    record(by=by, verb="surveys.survey_created", target=copy, brand=survey.brand, after=_facts(copy))
    return copy


@transaction.atomic
def delete_survey(*, survey: Survey, by: User, now: datetime) -> None:  # noqa: ARG001 -- as all verbs
    """Throw a draft away. Raises SurveyError once somebody could have answered."""
    survey = locked(survey, by)
    if not survey.is_draft:
        raise SurveyError(_("Only a draft can be deleted: this survey was opened."))
    record(by=by, verb="surveys.survey_deleted", target=survey, brand=survey.brand, before=_facts(survey))
    survey.delete()


def locked(survey: Survey, by: User) -> Survey:
    """The survey as it is now, in nobody else's hands; for those who may run surveys."""
    require(by, Permission.RUN_SURVEY, survey.brand)
    return held(survey)


def held(survey: Survey) -> Survey:
    """The survey as it is now, in nobody else's hands."""
    rows = Survey.objects.select_for_update(of=("self",), no_key=True).select_related("brand__workspace")
    return rows.get(pk=survey.pk)


def _plain(facts: SurveyFacts) -> dict[str, Any]:
    return {name: facts[name] for name in PLAIN}  # type: ignore[literal-required]


def _check(survey: Survey, facts: SurveyFacts, now: datetime) -> None:
    if any(goal.brand_id != survey.brand_id for goal in facts["goals"]):
        raise SurveyError(_("This goal belongs to another brand."), field="goals")
    if any(persona.brand_id != survey.brand_id for persona in facts["personas"]):
        raise SurveyError(_("This persona belongs to another brand."), field="personas")
    _check_last_day(survey, now)


def _check_last_day(survey: Survey, now: datetime) -> None:
    if survey.is_over(local_day(now, survey.brand.time_zone)):
        raise SurveyError(_("Choose a last day that is not past."), field="closes_on")


def _connect(survey: Survey, facts: SurveyFacts) -> None:
    border = {"brand": survey.brand}
    survey.goals.set(facts["goals"], through_defaults=border)
    survey.personas.set(facts["personas"], through_defaults=border)


def _facts(survey: Survey) -> dict[str, Any]:
    return {
        **{name: getattr(survey, name) for name in PLAIN},
        "goals": sorted(goal.title for goal in survey.goals.all()),
        "personas": sorted(persona.name for persona in survey.personas.all()),
    }
