"""Surveys are written, opened, answered and closed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import TestCase

from activity.models import Event
from analytics.models import DailyFigure, Observation
from core.errors import StaleError
from plans import services as plans
from plans.calls import in_words
from plans.models import CallWatch, RevisionCall
from surveys import services
from surveys.closing import drain
from surveys.models import Channel, Question, Response, Survey
from surveys.services import SurveyError
from teams.rules import Role
from teams.services import delete_person
from tests import make
from tests.surveys.conftest import Place

pytestmark = pytest.mark.django_db
NOW = make.NOW


def facts(**values: Any) -> dict[str, Any]:
    usual = {"title": "Winter", "introduction": "", "language": "en", "closes_on": None, "goals": [], "personas": []}
    return {**usual, **values}


def asked(**values: Any) -> dict[str, Any]:
    return {"kind": "nps", "text": "Would you?", "options": [], "is_required": False, **values}


def test_survey_asks_about_social_media_unless_that_is_taken_out() -> None:
    brand = make.brand()
    by = make.person(Role.EDITOR, brand=brand)
    goal, persona = make.goal(brand=brand), make.persona(brand=brand)

    survey = services.create_survey(brand=brand, by=by, now=NOW, **facts(goals=[goal], personas=[persona]))

    question = survey.questions.get()
    assert (question.words, len(question.choices)) == ("Did social media play a role in your purchase?", 4)
    assert (list(survey.goals.all()), list(survey.personas.all())) == ([goal], [persona])
    services.remove_question(question=question, by=by, now=NOW)
    with pytest.raises(SurveyError, match="Add a question first"):
        services.open_survey(survey=survey, by=by, now=NOW)
    services.add_built_in(survey=survey, by=by, now=NOW)
    services.add_built_in(survey=survey, by=by, now=NOW)
    assert survey.questions.count() == 1


def test_questions_are_moved_and_frozen_once_the_survey_is_open() -> None:
    survey = make.survey(state="draft")
    by = make.person(Role.EDITOR, brand=survey.brand)
    one, two, three = (
        services.add_question(survey=survey, by=by, now=NOW, **asked(kind="text", text=text)) for text in "abc"
    )

    services.move_question(question=three, way="up", by=by, now=NOW)
    services.move_question(question=one, way="up", by=by, now=NOW)
    assert list(survey.questions.values_list("text", flat=True)) == ["a", "c", "b"]

    services.open_survey(survey=survey, by=by, now=NOW)
    acts = (
        lambda: services.add_question(survey=survey, by=by, now=NOW, **asked()),
        lambda: services.add_built_in(survey=survey, by=by, now=NOW),
        lambda: services.edit_question(question=two, version=None, by=by, now=NOW, **asked()),
        lambda: services.remove_question(question=two, by=by, now=NOW),
        lambda: services.move_question(question=two, way="down", by=by, now=NOW),
        lambda: services.delete_survey(survey=survey, by=by, now=NOW),
        lambda: services.edit_survey(survey=survey, version=None, by=by, now=NOW, **facts(language="fr")),
    )
    for act in acts:
        with pytest.raises(SurveyError):
            act()

    copy = services.duplicate_survey(survey=survey, by=by, now=NOW)
    assert (copy.state, list(copy.questions.values_list("text", flat=True))) == ("draft", ["a", "c", "b"])
    assert copy.token != survey.token


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "single", "options": ["one"]}, "options"),
        ({"kind": "single", "options": ["One", "one"]}, "options"),
        ({"kind": "multiple", "options": [str(number) for number in range(13)]}, "options"),
        ({"kind": "multiple", "options": ["one", "x" * 121]}, "options"),
        ({"kind": "text", "text": " "}, "text"),
        ({"kind": "nps"}, "kind"),
    ],
)
def test_question_that_cannot_be_asked_is_refused(values: dict[str, Any], field: str) -> None:
    survey = make.survey(state="draft")
    make.question(survey=survey)

    with pytest.raises(SurveyError) as refusal:
        services.add_question(
            survey=survey, by=make.person(Role.EDITOR, brand=survey.brand), now=NOW, **asked(**values)
        )

    assert (refusal.value.field, survey.questions.count()) == (field, 1)


def test_second_of_two_editors_is_told() -> None:
    survey = make.survey(state="draft")
    question = make.question(survey=survey)
    by = make.person(Role.EDITOR, brand=survey.brand)

    services.edit_survey(survey=survey, by=by, now=NOW, version=1, **facts())
    services.edit_question(question=question, by=by, now=NOW, version=1, **asked(text="Really?"))
    with pytest.raises(StaleError):
        services.edit_survey(survey=survey, by=by, now=NOW, version=1, **facts(title="Other"))
    with pytest.raises(StaleError):
        services.edit_question(question=question, by=by, now=NOW, version=1, **asked())

    assert Survey.objects.get().title == "Winter"


def test_roles(place: Place) -> None:
    guest, editor = (make.person(role, brand=place.brand) for role in (Role.GUEST, Role.EDITOR))
    response = make.response(survey=place.survey)

    for act in (services.open_survey, services.close_survey, services.duplicate_survey, services.delete_survey):
        with pytest.raises(PermissionDenied):
            act(survey=place.survey, by=guest, now=NOW)
    with pytest.raises(PermissionDenied):
        services.delete_response(response=response, by=editor, now=NOW)
    services.delete_response(response=response, by=make.person(Role.MANAGER, brand=place.brand), now=NOW)
    assert not Response.objects.exists()
    event = Event.objects.get(verb="surveys.response_deleted")
    assert (event.about, event.after, event.before) == (f"survey:{place.survey.pk}", {}, {})


# -- closing ----------------------------------------------------------------------------------------------------------


def respond(place: Place, *scores: int) -> None:
    for score in scores:
        make.response(survey=place.survey, answers={place.asks["nps"]: score})


def test_score_of_a_closed_survey_judges_the_goal_that_asks_for_it(place: Place) -> None:
    goal = make.goal(brand=place.brand)
    make.target(goal=goal, metric="survey_score", aggregation="mean", per="whole", value=Decimal(-30))
    strict = make.goal(plan=goal.plan)
    make.target(goal=strict, metric="survey_score", aggregation="mean", per="whole", value=Decimal(-10))
    respond(place, 9, 0, 3, 7, 10)

    with TestCase.captureOnCommitCallbacks(execute=True):
        services.close_survey(survey=place.survey, by=place.editor, now=NOW)
        services.close_survey(survey=place.survey, by=place.editor, now=NOW + timedelta(hours=1))
    respond(place, 10)

    survey = Survey.objects.get()
    assert (survey.state, survey.final_count, survey.final_score, survey.closed_at) == ("closed", 5, 0, NOW)
    figure = DailyFigure.objects.get(metric="survey_score")
    assert (figure.brand, figure.value, figure.observed_on, figure.source) == (place.brand, 0, make.MONDAY, "survey")
    assert Event.objects.filter(verb="surveys.survey_closed").count() == 1
    for one, progress in ((goal, 1.0), (strict, 1.0)):
        one.refresh_from_db()
        assert (one.status, one.progress.result["targets"][0]["share"]) == ("on_track", progress)


def test_negative_score_is_observed_and_falls_short(place: Place) -> None:
    goal = make.goal(brand=place.brand)
    make.target(goal=goal, metric="survey_score", aggregation="mean", per="whole", value=Decimal(-30))
    respond(place, 9, 0, 3, 1, 2)

    with TestCase.captureOnCommitCallbacks(execute=True):
        services.close_survey(survey=place.survey, by=place.editor, now=NOW)

    goal.refresh_from_db()
    assert Observation.objects.get().value == -60
    assert (goal.status, goal.progress.result["targets"][0]["share"]) == ("off_track", 0.0)


def test_survey_without_a_score_leaves_no_figure(place: Place) -> None:
    make.response(survey=place.survey, answers={place.asks["text"]: "Hello"})

    services.close_survey(survey=place.survey, by=place.editor, now=NOW)

    assert (Survey.objects.get().final_count, Survey.objects.get().final_score) == (1, None)
    assert not Observation.objects.exists()


def test_target_below_zero_is_for_scores_alone() -> None:
    make.target(metric="survey_score", aggregation="mean", per="whole", value=Decimal(-100))
    for metric, value in (("survey_score", -101), ("leads", -1)):
        with pytest.raises(IntegrityError, match="target_value_not_negative"), transaction.atomic():
            make.target(metric=metric, aggregation="mean", per="whole", value=Decimal(value))


def test_survey_closes_itself_when_its_last_day_is_over_where_the_brand_is() -> None:
    day = make.MONDAY
    paris, tokyo = (
        make.survey(brand=make.brand(time_zone=zone), closes_on=day) for zone in ("Europe/Paris", "Asia/Tokyo")
    )
    make.survey()

    assert [drain(now=NOW + timedelta(hours=hours)) for hours in (5, 6, 6, 13, 14)] == [0, 1, 0, 0, 1]

    moments = [Survey.objects.get(pk=one.pk).closed_at for one in (tokyo, paris)]
    assert moments == [NOW + timedelta(hours=6), NOW + timedelta(hours=14)]
    assert set(Event.objects.values_list("verb", "by", "is_automatic")) == {("surveys.survey_closed", None, True)}


def test_last_day_is_not_past() -> None:
    survey = make.survey(state="draft", closes_on=date(2026, 11, 22))
    make.question(survey=survey)
    by = make.person(Role.EDITOR, brand=survey.brand)

    for act in (
        lambda: services.open_survey(survey=survey, by=by, now=NOW),
        lambda: services.create_survey(brand=survey.brand, by=by, now=NOW, **facts(closes_on=date(2026, 11, 22))),
    ):
        with pytest.raises(SurveyError) as refusal:
            act()
        assert refusal.value.field == "closes_on"


def test_closed_survey_calls_for_a_revision_once(place: Place) -> None:
    plan = make.plan(brand=place.brand)
    make.call_watch(plan=plan, looked_until=NOW - timedelta(minutes=5))
    before = make.survey(
        brand=place.brand, state="closed", opened_at=NOW - timedelta(days=9), closed_at=NOW - timedelta(days=8),
        final_count=3,
    )  # fmt: skip
    elsewhere, silent = make.survey(), make.survey(brand=place.brand)
    make.response(survey=elsewhere)
    respond(place, 9, 10, 3)
    for survey in (place.survey, elsewhere, silent):
        by = make.person(Role.EDITOR, brand=survey.brand)
        services.close_survey(survey=survey, by=by, now=NOW)

    assert [plans.raise_calls(now=NOW + timedelta(seconds=30)) for _turn in range(2)] == [1, 0]
    RevisionCall.objects.update(state="dismissed", settled_at=NOW, reason="We knew.")
    CallWatch.objects.update(looked_until=NOW - timedelta(minutes=5))
    assert plans.raise_calls(now=NOW + timedelta(minutes=1)) == 0

    call = RevisionCall.objects.get()
    line = in_words([call], place.brand)[0]
    assert (call.kind, call.about) == ("survey", f"survey:{place.survey.pk}")
    assert line.words.startswith("The survey “How was it?” says: NPS 33 from 3 answers.")
    assert line.url == place.at("survey_results", pk=place.survey.pk)
    assert before.pk != place.survey.pk


# -- what is kept -----------------------------------------------------------------------------------------------------


def test_person_who_is_deleted_is_forgotten_as_whoever_entered_it(place: Place) -> None:
    person = make.person(Role.EDITOR, brand=place.brand)
    make.person(Role.ADMIN, brand=place.brand)
    values = {place.asks["nps"].pk: 9}
    response = services.enter_response(survey=place.survey, values=values, key=uuid4(), by=person, now=NOW)
    assert (response.channel, response.entered_by) == (Channel.OFFLINE, person)

    delete_person(user=person, email=person.email, now=NOW)

    assert Response.objects.get().entered_by is None


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"kind": "single", "options": ["one"]}, "survey_question_has_its_options"),
        ({"kind": "text", "options": ["one", "two"]}, "survey_question_has_its_options"),
        ({"kind": "text", "text": ""}, "survey_question_has_words"),
        ({"kind": "single", "text": "Words", "is_built_in": True}, "survey_question_has_words"),
        ({"kind": "nps"}, "survey_question_one_nps"),
    ],
)
def test_nonsense_questions_are_refused(values: dict[str, Any], constraint: str) -> None:
    survey = make.survey(state="draft")
    make.question(survey=survey)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make.question(survey=survey, **values)


@pytest.mark.parametrize("values", [{}, {"number": 11}, {"number": 1, "option": 1}, {"option": 12}])
def test_answer_says_one_thing(values: dict[str, Any], place: Place) -> None:
    response = make.response(survey=place.survey, answers={})

    with pytest.raises(IntegrityError, match="survey_answer_says_one_thing"), transaction.atomic():
        response.answers.create(brand=place.brand, question=place.asks["single"], **values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"state": "draft", "opened_at": NOW}, "survey_state_has_its_moments"),
        ({"state": "closed", "closed_at": None}, "survey_state_has_its_moments"),
        ({"state": "closed", "final_count": None}, "survey_closed_has_a_result"),
        ({"state": "open", "final_count": 3}, "survey_closed_has_a_result"),
    ],
)
def test_nonsense_surveys_are_refused(values: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make.survey(**values)


def test_two_built_in_questions_are_refused(place: Place) -> None:
    with pytest.raises(IntegrityError, match="survey_question_one_built_in"), transaction.atomic():
        make.question(survey=place.survey, kind="single", text="", is_built_in=True)
    assert Question.objects.filter(is_built_in=True).count() == 1
    with pytest.raises(IntegrityError, match="survey_response_entered_is_offline"), transaction.atomic():
        make.response(survey=place.survey, entered_by=place.editor)
