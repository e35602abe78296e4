"""Surveys as the team sees them."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from core import sheets
from surveys.models import Response, Survey
from teams.rules import Role
from tests import make
from tests.furnished import sheet, soup, words
from tests.surveys.conftest import Place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uncounted() -> None:
    cache.clear()


def texts(answer: Any, selector: str) -> list[str]:
    return [words(tag) for tag in soup(answer).select(selector)]


def answered(place: Place) -> None:
    """Two followers, one reader of the newsletter, and a paper."""
    asks = place.asks
    for channel, nps, role, more in (
        ("followers", 10, 0, {asks["multiple"]: [0, 2], asks["rating"]: 5, asks["text"]: "=SUM(1)"}),
        ("followers", 9, 2, {asks["multiple"]: [2]}),
        ("email", 8, 1, {asks["rating"]: 4}),
        ("offline", 3, 2, {asks["single"]: 1}),
    ):
        make.response(survey=place.survey, channel=channel, answers={asks["nps"]: nps, asks["built_in"]: role, **more})


def test_survey_is_written_opened_and_its_links_given_out(client: Client, place: Place) -> None:
    place.enter(client)
    assert texts(client.get(place.at("survey_list")), "tbody th") == ["How was it?"]

    form = sheet(client.get(place.at("survey_create")), "closes_on")
    made = client.post(place.at("survey_create"), {**form.values, "title": "Winter"})
    survey = Survey.objects.get(title="Winter")
    assert made.headers["Location"] == place.at("survey_detail", pk=survey.pk)
    new = place.at("survey_question_create", pk=survey.pk)
    for kind, text, options in (("nps", "Would you?", ""), ("single", "Which?", "one\n\n two ")):
        asked = {**sheet(client.get(new), "options").values, "kind": kind, "text": text, "options": options}
        assert client.post(new, asked).status_code == 302
    client.post(place.at("survey_question_up", pk=survey.questions.last().pk))
    draft = client.get(made.headers["Location"])
    assert texts(draft, ".questions h3")[1:] == ["2. Which?", "3. Would you?"]
    assert survey.questions.get(kind="single", is_built_in=False).options == ["one", "two"]
    assert 'id="link-email"' not in draft.content.decode()

    client.post(place.at("survey_open", pk=survey.pk))
    opened = client.get(made.headers["Location"])
    links = texts(opened, ".copy-text")
    assert [link.rpartition("=")[2] for link in links] == ["followers", "email", "web"]
    assert [Client().get(link).status_code for link in links] == [200, 200, 200]
    assert texts(opened, ".question-acts") == []
    assert client.get(new).headers["Location"] == made.headers["Location"]


def test_two_people_edit_and_neither_loses_a_word(client: Client, place: Place) -> None:
    place.enter(client)
    goal = make.goal(brand=place.brand, title="Sell boxes")
    address = place.at("survey_edit", pk=place.survey.pk)
    first, second = (sheet(client.get(address), "closes_on").values for _turn in range(2))

    assert client.post(address, {**first, "title": "Theirs", "goals": goal.pk}).status_code == 302
    answer = client.post(address, {**second, "title": "Ours"})

    said = texts(answer, ".field-error")
    assert answer.status_code == 422
    assert any("Theirs" in one for one in said)
    assert any("Sell boxes" in one for one in said)
    assert sheet(answer, "closes_on").values["title"] == "Ours"
    assert client.post(address, sheet(answer, "closes_on").values).status_code == 302
    assert Survey.objects.get().title == "Ours"


def test_papers_are_entered_one_after_the_other(client: Client, place: Place) -> None:
    place.enter(client)
    address = place.at("survey_offline", pk=place.survey.pk)
    page = sheet(client.get(address), "form")

    saved = client.post(address, {**page.values, **place.filled()}, follow=True)
    client.post(address, {**page.values, **place.filled()})
    refused = client.post(address, {**sheet(saved, "form").values, **place.filled(nps="")})

    response = Response.objects.get()
    assert (response.channel, response.entered_by is not None) == ("offline", True)
    assert "1 response was entered" in words(soup(saved).select_one(".lead-line"))
    assert refused.status_code == 422
    place.survey.closes_on = make.MONDAY.replace(day=1)
    place.survey.save()
    assert client.get(address).headers["Location"] == place.at("survey_detail", pk=place.survey.pk)


def test_results_say_what_was_answered_and_how_little_that_is(client: Client, place: Place) -> None:
    place.enter(client, Role.GUEST)
    answered(place)

    page = client.get(place.at("survey_results", pk=place.survey.pk))

    assert texts(page, ".figure-value") == ["4", "25", "50 %"]
    channels = [
        [words(cell) for cell in row.select("th, td")] for row in soup(page).select("table")[0].select("tbody tr")
    ]
    assert channels == [
        ["followers", "2", "100", "50"], ["e-mail list", "1", "0", "100"],
        ["offline, entered by the team", "1", "-100", "0"],
    ]  # fmt: skip
    alert = words(soup(page).select_one(".alert.tone-amber"))
    assert "That is few: 4." in alert
    assert "between -44 and 73" in alert
    table = soup(page).select_one(f"#question-{place.asks['multiple'].pk}-chart table")
    assert [words(row) for row in table.select("tbody tr")] == ["Filter 1", "Espresso 0", "Capsules 2"]
    assert "4.5 of 5 on average" in page.content.decode()
    assert texts(page, ".tally-texts li")[0].startswith("=SUM(1)")


def test_responses_are_exported_for_a_spreadsheet(client: Client, place: Place) -> None:
    place.enter(client, Role.GUEST)
    answered(place)

    answer = client.get(place.at("survey_export", pk=place.survey.pk))

    rows = list(sheets.read(sheets.decode(answer.content)))
    assert rows[0][:4] == [
        "answered on", "channel", "Did social media play a role in your purchase?", "Would you recommend us?",
    ]  # fmt: skip
    assert rows[1] == ["2026-11-23", "followers", "Yes, it made me buy", "10", "", "Filter · Capsules", "5", "=SUM(1)"]
    assert b"'=SUM(1)" in answer.content
    assert len(rows) == 5


def test_manager_deletes_a_response_and_the_results_of_a_closed_survey_say_so(client: Client, place: Place) -> None:
    answered(place)
    place.enter(client, Role.MANAGER)
    closing = client.get(place.at("survey_close", pk=place.survey.pk))
    assert "The NPS of 25" in closing.content.decode()
    client.post(place.at("survey_close", pk=place.survey.pk))

    page = client.get(place.at("survey_response_list", pk=place.survey.pk))
    client.post(soup(page).select_one("td form")["action"])
    results = client.get(place.at("survey_results", pk=place.survey.pk))

    assert Response.objects.count() == 3
    assert "1 response was deleted after the survey was closed with 4" in results.content.decode()
    place.enter(client, Role.EDITOR)
    assert soup(client.get(place.at("survey_response_list", pk=place.survey.pk))).select("td form") == []


def test_responses_are_read_a_page_at_a_time(client: Client, place: Place) -> None:
    place.enter(client, Role.GUEST)
    for _turn in range(51):
        make.response(survey=place.survey)
    address = place.at("survey_response_list", pk=place.survey.pk)

    first = client.get(address)
    older = client.get(address + soup(first).select_one("a[href^='?before=']")["href"])

    assert [len(texts(page, "tbody tr")) for page in (first, older)] == [50, 1]
    assert client.get(address + "?before=²").status_code == 200


def test_pages_cost_the_same_for_one_and_for_three(
    client: Client, place: Place, django_assert_num_queries: Any
) -> None:
    place.enter(client, Role.MANAGER)
    survey = make.survey(brand=place.brand)
    pages = [(place.at("survey_list"), 6)]
    pages += [(place.at(name, pk=survey.pk), count) for name, count in (
        ("survey_detail", 9), ("survey_results", 13), ("survey_response_list", 9), ("survey_export", 7),
    )]  # fmt: skip
    client.get(pages[0][0])

    for _round in range(2):
        for _turn in range(1 + 1 * _round):
            goal, persona = make.goal(brand=place.brand, plan=_plan(place)), make.persona(brand=place.brand)
            survey.goals.add(goal, through_defaults={"brand": place.brand})
            survey.personas.add(persona, through_defaults={"brand": place.brand})
            question = make.question(survey=survey, kind="text", text="What else?")
            make.response(survey=survey, answers={question: "A"})
            make.survey(brand=place.brand)
        for address, count in pages:
            with django_assert_num_queries(count):
                assert client.get(address).status_code == 200


def _plan(place: Place) -> Any:
    return place.brand.plans.first() or make.plan(brand=place.brand)
