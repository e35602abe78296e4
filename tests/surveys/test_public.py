"""What somebody sees who has a link and no login."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from surveys.models import Answer, Response
from surveys.services import close_survey
from tests import make
from tests.furnished import database, sheet, soup, touched, words
from tests.surveys.conftest import Place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uncounted() -> None:
    cache.clear()


def send(client: Client, place: Place, data: dict[str, Any] | None = None, via: str = "", **more: Any) -> Any:
    """Opens the page, fills the form in and sends it."""
    address = f"{place.link}?via={via}" if via else place.link
    page = sheet(client.get(address))
    return client.post(address, {**page.values, **place.filled(), **(data or {})}, **more)


def test_stranger_answers_in_the_language_of_the_survey_and_leaves_no_trace(client: Client, place: Place) -> None:
    page = client.get(f"{place.link}?via=email", headers={"accept-language": "en"})
    answer = send(client, place, via="email")
    thanks = client.get(answer.headers["Location"])

    assert (page.status_code, soup(page).html["lang"], page.headers["Content-Language"]) == (200, "fr", "fr")
    assert "Les réseaux sociaux" in words(soup(page).form)
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "no-store" in page.headers["Cache-Control"]
    assert [leak for leak in ("/w/", place.brand.slug, "@example.com") if leak in page.content.decode()] == []
    assert (answer.status_code, thanks.status_code) == (302, 200)
    assert dict(client.cookies) == {}
    response = Response.objects.get()
    assert (response.channel, response.answered_on, response.entered_by) == ("email", make.MONDAY, None)
    said = Answer.objects.order_by("pk").values_list("question__kind", "number", "option", "text")
    assert list(said) == [
        ("nps", 9, None, ""), ("single", None, 1, ""), ("multiple", None, 0, ""), ("multiple", None, 2, ""),
        ("rating", 4, None, ""), ("text", None, None, "More cups."),
    ]  # fmt: skip


def test_same_form_sent_twice_counts_once(client: Client, place: Place) -> None:
    page = sheet(client.get(place.link))

    answers = [client.post(place.link, {**page.values, **place.filled(nps=nps)}) for nps in ("9", "2")]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert (Response.objects.count(), Answer.objects.get(question=place.asks["nps"]).number) == (1, 9)
    send(client, place)
    assert Response.objects.count() == 2


@pytest.mark.parametrize(("via", "channel"), [("followers", "followers"), ("web", "web"), ("", "web"), ("x", "web")])
def test_address_tells_the_channel(via: str, channel: str, client: Client, place: Place) -> None:
    send(client, place, via=via)

    assert Response.objects.get().channel == channel


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("nps", "", "Répondez à cette question."),
        ("nps", "11", "Choisissez une des réponses."),
        ("single", "3", "Choisissez une des réponses."),
        ("multiple", ["0", "7"], "Choisissez une des réponses."),
        ("rating", "0", "Choisissez une des réponses."),
        ("text", "x" * 2001, "2000"),
        ("text", "a\0b", "nul"),
    ],
)
def test_bad_answer_is_refused_beside_its_question(
    kind: str, value: Any, message: str, client: Client, place: Place
) -> None:
    name, untouched = f"q{place.asks[kind].pk}", database()

    answer = send(client, place, {name: value})

    assert answer.status_code == 422
    assert message in words(soup(answer).select_one(f"#div_id_{name} .field-error"))
    assert touched(untouched) == []
    kept = sheet(answer).values
    sent = {key: one for key, one in place.filled().items() if key != name}
    assert {key: kept[key] for key in sent} == sent


def test_form_without_a_key_of_ours_is_sent_again_with_what_was_typed(client: Client, place: Place) -> None:
    with time_machine.travel(make.NOW - timedelta(days=8), tick=False):
        old = sheet(client.get(place.link)).values["form"]
    other = make.survey(brand=place.brand)
    make.question(survey=other)
    theirs = sheet(client.get(reverse("public_survey", args=[other.token]))).values["form"]

    for key in (old, theirs, "", "made up"):
        answer = client.post(place.link, {**place.filled(), "form": key})
        assert answer.status_code == 422
        again = client.post(place.link, sheet(answer).values)
        assert again.status_code == 302
    assert Response.objects.count() == 4


def test_nothing_answered_is_no_answer(client: Client, place: Place) -> None:
    place.asks["nps"].is_required = False
    place.asks["nps"].save()
    chosen = f"q{place.asks['multiple'].pk}"
    empty = dict.fromkeys(place.filled(), "") | {chosen: [], f"q{place.asks['text'].pk}": "   "}

    answer = send(client, place, empty)

    assert (answer.status_code, Response.objects.count()) == (422, 0)
    assert "au moins une question" in words(soup(answer).select_one("[data-error-summary]"))


def test_unknown_draft_closed_and_over_tell_nothing(client: Client, place: Place) -> None:
    draft = make.survey(brand=place.brand, state="draft", title="Secret title")
    make.question(survey=draft)
    page = sheet(client.get(place.link)).values

    unknown = [client.get(reverse("public_survey", args=[token])) for token in ("x" * 22, draft.token)]
    assert [one.status_code for one in unknown] == [404, 404]
    assert unknown[0].content == unknown[1].content
    thanks = reverse("public_survey_thanks", args=[draft.token])
    assert client.get(thanks).status_code == 404

    place.survey.closes_on = make.MONDAY
    place.survey.save()
    assert client.get(place.link).status_code == 200
    with time_machine.travel(make.NOW + timedelta(hours=14), tick=False):  # 00:00 of the next day in Paris
        assert client.get(place.link).status_code == 410
        assert client.post(place.link, {**page, **place.filled()}).status_code == 410
    close_survey(survey=place.survey, by=place.editor, now=make.NOW)
    answer = client.post(place.link, {**page, **place.filled()})
    assert (answer.status_code, Response.objects.count()) == (410, 0)
    assert "How was it" not in answer.content.decode()
    assert soup(answer).html["lang"] == "fr"


def test_answers_from_one_address_are_limited_and_kept_on_the_page(client: Client, place: Place) -> None:
    page = sheet(client.get(place.link)).values

    statuses = [client.post(place.link, {**page, **place.filled(nps="")}).status_code for _turn in range(300)]
    last = client.post(place.link, {**page, **place.filled()})

    assert set(statuses) == {422}
    assert last.status_code == 429
    assert sheet(last).values[f"q{place.asks['text'].pk}"] == "More cups."
    assert Response.objects.count() == 0
    assert client.post(place.link, {**page, **place.filled()}, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_body_is_bounded(client: Client, place: Place) -> None:
    answer = send(client, place, {"more": "x" * 700_000})

    assert (answer.status_code, Response.objects.count()) == (413, 0)


def test_page_costs_the_same_with_one_question_and_with_many(client: Client, django_assert_num_queries: Any) -> None:
    survey = make.survey()
    for _round in range(2):
        make.question(survey=survey, kind="text", text="What else?")
        with django_assert_num_queries(2):
            client.get(reverse("public_survey", args=[survey.token]))
        make.question(survey=survey, kind="rating", text="How good?")
