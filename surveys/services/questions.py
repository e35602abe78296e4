"""The questions of a draft: added, reworded, moved, taken out. An open survey keeps its questions as they are."""

from datetime import datetime
from typing import Any, Literal, TypedDict, Unpack

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from activity.services import changes, record
from surveys.models import LONGEST_OPTION, Question, Survey
from surveys.rules.answers import MOST_OPTIONS, MOST_QUESTIONS, QuestionKind
from surveys.services.errors import SurveyError
from surveys.services.surveys import locked
from teams.models import User

CHOSEN = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)


class QuestionFacts(TypedDict):
    kind: str
    text: str
    options: list[str]
    is_required: bool


@transaction.atomic
def add_question(*, survey: Survey, by: User, now: datetime, **facts: Unpack[QuestionFacts]) -> Question:  # noqa: ARG001 -- as all verbs
    """Ask one thing more, at the end. Raises SurveyError when the survey was opened, or asks enough already."""
    question = Question(survey=_draft(survey, by), **facts)
    return _add(question, by)


@transaction.atomic
def add_built_in(*, survey: Survey, by: User, now: datetime) -> Question:  # noqa: ARG001 -- as all verbs
    """Ask again whether social media played a role. Asked already, it stays as it is."""
    survey = _draft(survey, by)
    there = survey.questions.filter(is_built_in=True).first()
    return there or _add(Question(survey=survey, kind=Question.Kind.SINGLE, is_built_in=True), by)


@transaction.atomic
def edit_question(
    *, question: Question, by: User, now: datetime, version: int | None, **facts: Unpack[QuestionFacts]  # noqa: ARG001 -- as all verbs
) -> Question:  # fmt: skip
    """Reword a question of a draft; of the one that is built in, only whether it must be answered.

    Raises SurveyError, and StaleError when somebody else was faster.
    """
    question = _held(question, by)
    question.require_version(version)
    before = _facts(question)
    wanted: dict[str, Any] = {"is_required": facts["is_required"]} if question.is_built_in else dict(facts)
    for name, value in wanted.items():
        setattr(question, name, value)
    _check(question)
    old, new = changes(before, _facts(question))
    if new:
        question.version += 1
        question.save(update_fields=["version", "kind", "text", "options", "is_required"])
        _record(question, "edited", by, before=old, after=new)
    return question


@transaction.atomic
def remove_question(*, question: Question, by: User, now: datetime) -> None:  # noqa: ARG001 -- as all verbs
    """Take a question out of a draft."""
    question = _held(question, by)
    _record(question, "removed", by, before=_facts(question))
    question.delete()


@transaction.atomic
def move_question(*, question: Question, way: Literal["up", "down"], by: User, now: datetime) -> None:  # noqa: ARG001 -- as all verbs
    """Ask it one place earlier or later; at the end of the list it stays where it is."""
    question = _held(question, by)
    rows = question.survey.questions
    beside = (
        rows.filter(position__lt=question.position).last()
        if way == "up"
        else rows.filter(position__gt=question.position).first()
    )
    if beside is not None:
        question.position, beside.position = beside.position, question.position
        Question.objects.bulk_update([question, beside], ["position"])
        _record(question, "moved", by, after={"position": question.position})


def _draft(survey: Survey, by: User) -> Survey:
    survey = locked(survey, by)
    if not survey.is_draft:
        raise SurveyError(
            _("The survey was opened: its questions stay, so that all answers mean the same. Duplicate it to reword.")
        )
    return survey


def _held(question: Question, by: User) -> Question:
    survey = _draft(question.survey, by)
    question = Question.objects.get(pk=question.pk)
    question.survey = survey
    return question


def _add(question: Question, by: User) -> Question:
    survey = question.survey
    if survey.questions.count() >= MOST_QUESTIONS:
        raise SurveyError(_("Ask %(count)d questions at most.") % {"count": MOST_QUESTIONS})
    question.brand = survey.brand
    question.position = (survey.questions.aggregate(last=Max("position"))["last"] or 0) + 1
    _check(question)
    question.save()
    _record(question, "added", by, after=_facts(question))
    return question


def _check(question: Question) -> None:
    if question.is_built_in:
        return
    if not question.text.strip():
        raise SurveyError(_("Write the question."), field="text")
    others = question.survey.questions.exclude(pk=question.pk)
    if question.what is QuestionKind.NPS and others.filter(kind=Question.Kind.NPS).exists():
        raise SurveyError(_("A survey asks once whether somebody would recommend you."), field="kind")
    _check_options(question)


def _check_options(question: Question) -> None:
    if question.what not in CHOSEN:
        question.options = []
        return
    options = question.options
    if len(options) < 2:
        raise SurveyError(_("Give at least two options."), field="options")
    if len(options) > MOST_OPTIONS:
        raise SurveyError(_("Give %(count)d options at most.") % {"count": MOST_OPTIONS}, field="options")
    if len({option.casefold() for option in options}) < len(options):
        raise SurveyError(_("Two options say the same."), field="options")
    if any(len(option) > LONGEST_OPTION for option in options):
        raise SurveyError(_("An option has %(count)d characters at most.") % {"count": LONGEST_OPTION}, field="options")


def _record(question: Question, deed: str, by: User, **values: Any) -> None:
    survey = question.survey
    record(
        by=by, verb=f"surveys.question_{deed}", target=question, part_of=survey, brand=survey.brand,
        label=survey.title, **values,
    )  # fmt: skip


def _facts(question: Question) -> dict[str, Any]:
    return {
        "kind": str(question.get_kind_display()), "text": question.words, "options": question.choices,
        "is_required": question.is_required,
    }  # fmt: skip
