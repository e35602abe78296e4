"""Answers come in, from the public page or from paper; one that should not be kept is deleted."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from activity.services import record
from core.localtime import local_day
from surveys.models import Answer, Channel, Question, Response, Survey
from surveys.rules.answers import LONGEST_TEXT, Trouble, Value, is_given, trouble
from surveys.services.errors import SurveyError
from surveys.services.surveys import held
from teams.access import require
from teams.models import User
from teams.rules import Permission

Values = Mapping[int, Value]  # by question


class ClosedError(SurveyError):
    """Nobody can answer any more."""


@transaction.atomic
def take_response(*, survey: Survey, channel: Channel, values: Values, key: UUID, now: datetime) -> Response:
    """What somebody answered on the public page. The same form sent twice is one response.

    Raises ClosedError, and SurveyError for what is no answer; `field` is "q<question>".
    """
    return _take(held(survey), channel, values, key, now, None)


@transaction.atomic
def enter_response(*, survey: Survey, values: Values, key: UUID, by: User, now: datetime) -> Response:
    """What somebody answered on paper or by word of mouth, typed in by the team."""
    require(by, Permission.RUN_SURVEY, survey.brand)
    survey = held(survey)
    is_new = not survey.responses.filter(key=key).exists()
    response = _take(survey, Channel.OFFLINE, values, key, now, by)
    if is_new:
        record(
            by=by, verb="surveys.response_entered", target=response, part_of=survey, brand=survey.brand,
            label=survey.title,
        )  # fmt: skip
    return response


@transaction.atomic
def delete_response(*, response: Response, by: User, now: datetime) -> None:  # noqa: ARG001 -- as all verbs
    """For good, also from a closed survey: somebody may have written what must not be kept. The history says that it
    was, not what it said."""
    require(by, Permission.DELETE_RESPONSE, response.brand)
    survey = held(response.survey)
    found = Response.objects.filter(pk=response.pk).first()
    if found is not None:
        record(
            by=by, verb="surveys.response_deleted", target=found, part_of=survey, brand=survey.brand,
            label=survey.title,
        )  # fmt: skip
        found.delete()


def _take(
    survey: Survey, channel: Channel, values: Values, key: UUID, now: datetime, by: User | None
) -> Response:  # fmt: skip
    if not survey.takes_answers(now):
        raise ClosedError(_("This survey is closed."))
    questions = list(survey.questions.all())
    _check(questions, values)
    day = local_day(now, survey.brand.time_zone)
    fields = {"brand": survey.brand, "channel": channel, "answered_on": day, "entered_by": by}
    response, is_new = Response.objects.get_or_create(survey=survey, key=key, defaults=fields)
    if is_new:
        rows = [row for question in questions for row in _rows(response, question, values.get(question.pk))]
        Answer.objects.bulk_create(rows)
    return response


def _check(questions: list[Question], values: Values) -> None:
    for question in questions:
        found = trouble(
            question.what, len(question.choices), values.get(question.pk), is_required=question.is_required
        )  # fmt: skip
        if found:
            raise SurveyError(_say(found), field=f"q{question.pk}")
    if not any(is_given(values.get(question.pk)) for question in questions):
        raise SurveyError(_("Answer at least one question."))


def _say(found: Trouble) -> str:
    return {
        Trouble.MISSING: _("Answer this question."),
        Trouble.NO_CHOICE: _("Choose one of the answers."),
        Trouble.TOO_LONG: _("Write %(count)d characters at most.") % {"count": LONGEST_TEXT},
    }[found]


def _rows(response: Response, question: Question, value: Value) -> Iterator[Answer]:
    """An answer as it is kept: a row, or one for each option."""
    if value is None or not is_given(value):
        return
    whose = {"brand_id": response.brand_id, "response": response, "question": question}
    if isinstance(value, str):
        yield Answer(**whose, text=value)
    else:
        column = "number" if question.numbers else "option"
        chosen = [value] if isinstance(value, int) else value
        yield from (Answer(**whose, **{column: one}) for one in chosen)
