"""What the forms of a post and its deliveries do, refuse and keep."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup

from calendar_app.models import Delivery, Post
from networks.models import NetworkFact
from teams.rules import Role
from tests import make
from tests.calendar_app.conftest import Place
from tests.make import NOW

TEN_IN_PARIS = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
AT = {"publish_at_date": "2026-11-30", "publish_at_time": "10:00"}
JSON = {"accept": "application/json"}


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def summary(answer: Any) -> str:
    return soup(answer).select_one(".error-summary").get_text(" ", strip=True)


def beside(answer: Any, name: str) -> str:
    """What stands beside the field of that name."""
    page = soup(answer)
    field = page.select_one(f"[name={name}]")
    block = field.find_parent(class_="field") or field.find_parent(class_="composer-account")
    return block.select_one(".field-error").get_text(" ", strip=True)


def written(**values: Any) -> dict[str, Any]:
    """What a person fills into the composer."""
    return {"title": "Roast", "text": "Fresh.", "format": "photo", "remind_minutes": "30", **values}


# -- the composer -----------------------------------------------------------------------------------------------------


def test_compose_schedules_each_chosen_account_with_its_own_text(place: Place) -> None:
    a, b, unused = (make.account(brand=place.brand) for _number in range(3))
    data = written(**AT, **{f"account_{a.pk}": "on", f"account_{b.pk}": "on", f"text_{b.pk}": "For b."})

    answer = place.post("post_create", {**data, f"text_{unused.pk}": "Not chosen."})

    post = Post.objects.get()
    rows = [(row.account, row.words, row.publish_at) for row in post.deliveries.order_by("pk")]
    assert answer["Location"] == place.url("post_detail", pk=post.pk)
    assert rows == [(a, "Fresh.", TEN_IN_PARIS), (b, "For b.", TEN_IN_PARIS)]


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"title": ""}, "title", "required"),
        ({"format": "smell"}, "format", "valid choice"),
        ({"link": "not a link"}, "link", "valid URL"),
        ({"assignee": "999999"}, "assignee", "valid choice"),
        ({"publish_at_date": "2026-11-22", "publish_at_time": "10:00"}, "publish_at_date", "in the future"),
        ({"publish_at_date": "2026-11-30", "publish_at_time": ""}, "publish_at_date", "both a date and a time"),
        ({"publish_at_date": "30.11.", "publish_at_time": "10:00"}, "publish_at_date", "Enter a date"),
    ],
)
def test_compose_refuses_beside_the_field_and_keeps_what_was_typed(
    place: Place, data: dict[str, str], field: str, words: str
) -> None:
    account = make.account(brand=place.brand)
    typed = written(text="Kept as it is.", **{f"account_{account.pk}": "on", f"text_{account.pk}": "Kept too."})

    answer = place.post("post_create", {**typed, **data})

    assert answer.status_code == 422
    assert words in beside(answer, field)
    assert soup(answer).select_one("[name=text]").text.strip() == "Kept as it is."
    assert soup(answer).select_one(f"[name=text_{account.pk}]").text.strip() == "Kept too."
    assert Post.objects.count() == 0


def test_compose_offers_nothing_of_another_brand(place: Place) -> None:
    other = make.brand(workspace=place.brand.workspace)
    foreign = make.account(brand=other)
    data = written(**{f"account_{foreign.pk}": "on"})

    answer = place.post("post_create", {**data, "persona": make.persona(brand=other).pk})
    place.post("post_create", data)

    assert "valid choice" in beside(answer, "persona")
    assert Post.objects.get().deliveries.count() == 0


def test_compose_with_a_time_needs_an_account(place: Place) -> None:
    make.account(brand=place.brand)

    answer = place.post("post_create", written(**AT))

    assert "at least one account" in beside(answer, "publish_at_date")


def test_compose_names_the_account_whose_text_is_too_long(place: Place) -> None:
    account = make.account(brand=place.brand, handle="brulerie")
    day = date(2026, 1, 1)
    NetworkFact.objects.create(network=account.network, field="caption_max", value=5, source="x", looked_up_on=day)

    answer = place.post("post_create", written(**AT, **{f"account_{account.pk}": "on"}))

    assert "Instagram · brulerie: the text has 6 characters, 5 fit." in beside(answer, f"text_{account.pk}")


PARIS_TWICE = {"publish_at_date": "2027-10-31", "publish_at_time": "02:30"}
PARIS_NEVER = {"publish_at_date": "2027-03-28", "publish_at_time": "02:30"}


def test_compose_refuses_a_local_time_that_does_not_exist_and_offers_the_next(place: Place) -> None:
    account = make.account(brand=place.brand)
    data = written(**PARIS_NEVER, **{f"account_{account.pk}": "on"})

    refused = place.post("post_create", data)
    taken = place.post("post_create", {**data, "meaning": "later"})

    assert "does not exist" in beside(refused, "publish_at_date")
    assert [radio["value"] for radio in soup(refused).select("[name=meaning]")] == ["later"]
    assert taken.status_code == 302
    assert Delivery.objects.get().publish_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(("meaning", "hour"), [("first", 0), ("second", 1)])
def test_compose_asks_which_of_two_equal_local_times(place: Place, meaning: str, hour: int) -> None:
    account = make.account(brand=place.brand)
    data = written(**PARIS_TWICE, **{f"account_{account.pk}": "on"})

    refused = place.post("post_create", data)
    taken = place.post("post_create", {**data, "meaning": meaning})

    assert "occurs twice" in beside(refused, "publish_at_date")
    assert [radio["value"] for radio in soup(refused).select("[name=meaning]")] == ["first", "second"]
    assert taken.status_code == 302
    assert Delivery.objects.get().publish_at == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)


def test_an_answer_to_the_other_question_is_refused(place: Place) -> None:
    account = make.account(brand=place.brand)
    data = written(**PARIS_TWICE, **{f"account_{account.pk}": "on"})

    assert place.post("post_create", {**data, "meaning": "later"}).status_code == 422
    assert place.post("post_create", {**data, "meaning": "sometime"}).status_code == 422


def test_two_people_who_save_the_same_post_see_both_versions(place: Place) -> None:
    post = make.post(brand=place.brand, title="Roast", text="Original.")
    place.post("post_edit", written(text="By the manager.", version="1"), role=Role.MANAGER, pk=post.pk)

    answer = place.post("post_edit", written(text="By me.", notes="My note.", version="1"), pk=post.pk)

    page = soup(answer)
    rows = [[cell.text for cell in row.select("th, td")] for row in page.select(".table tbody tr")]
    assert answer.status_code == 422
    assert rows == [["Text", "By the manager.", "By me."], ["Notes for the team", "–", "My note."]]
    assert page.select_one("[name=text]").text.strip() == "By me."
    assert page.select_one("[name=version]")["value"] == "2"
    assert Post.objects.get().text == "By the manager."


def test_saving_again_after_both_were_shown_replaces_the_other(place: Place) -> None:
    post = make.post(brand=place.brand)
    place.post("post_edit", written(text="By the manager.", version="1"), role=Role.MANAGER, pk=post.pk)

    answer = place.post("post_edit", written(text="By me.", version="2"), pk=post.pk)

    assert answer.status_code == 302
    assert Post.objects.get().text == "By me."


@pytest.mark.parametrize("version", ["", "0", "x"])
def test_an_edit_without_its_version_replaces_nothing(place: Place, version: str) -> None:
    post = make.post(brand=place.brand, text="Original.")

    answer = place.post("post_edit", written(text="By me.", version=version), pk=post.pk)

    assert answer.status_code == 422
    assert Post.objects.get().text == "Original."


def test_the_composer_counts_while_one_writes(place: Place) -> None:
    x, instagram = make.account(brand=place.brand, network="x"), make.account(brand=place.brand)
    day = date(2026, 1, 1)
    for field, value in {"post_text_max": 280, "url_weight": 23}.items():
        NetworkFact.objects.create(network=x.network, field=field, value=value, source="x", looked_up_on=day)
    foreign = make.account()

    link = "https://example.com/" + "a" * 80
    answer = place.post("text_check", {"text": f"Look: {link}", f"text_{instagram.pk}": "Short."})

    page = soup(answer)
    assert page.select_one(f"#count-{x.pk}").text.strip().startswith("29 of 280")
    assert page.select_one(f"#count-{instagram.pk}").text.strip().startswith("6 ")
    assert page.select_one(f"#count-{foreign.pk}") is None


# -- one delivery -----------------------------------------------------------------------------------------------------


@pytest.fixture
def delivery(place: Place) -> Delivery:
    return make.delivery(post=make.post(brand=place.brand, author=place.editor))


def test_schedule_by_the_form(place: Place, delivery: Delivery) -> None:
    answer = place.post("delivery_schedule", {**AT, "schedule_version": "0"}, pk=delivery.pk)

    delivery.refresh_from_db()
    assert answer["Location"].endswith(f"/posts/{delivery.post_id}/#delivery-{delivery.pk}")
    assert (delivery.state, delivery.publish_at) == ("scheduled", TEN_IN_PARIS)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"publish_at_date": "2026-11-20", "publish_at_time": "10:00"}, "in the future"),
        ({**PARIS_NEVER}, "does not exist"),
        ({**PARIS_TWICE}, "occurs twice"),
        ({}, "required"),
    ],
)
def test_schedule_refuses_beside_the_field(place: Place, delivery: Delivery, data: dict[str, str], words: str) -> None:
    answer = place.post("delivery_schedule", {"schedule_version": "0", **data}, pk=delivery.pk)

    assert answer.status_code == 422
    assert words in beside(answer, "publish_at_date")
    assert soup(answer).select_one("[name=publish_at_date]").get("value", "") == data.get("publish_at_date", "")


def test_schedule_refuses_what_somebody_else_moved(place: Place, delivery: Delivery) -> None:
    place.post("delivery_schedule", {**AT, "schedule_version": "0"}, pk=delivery.pk)

    later = {"publish_at_date": "2026-12-05", "publish_at_time": "11:00"}
    answer = place.post("delivery_schedule", {**later, "schedule_version": "0"}, pk=delivery.pk)

    assert answer.status_code == 422
    assert "Somebody else" in summary(answer)
    assert Delivery.objects.get().publish_at == TEN_IN_PARIS


def test_publish_and_undo(place: Place, delivery: Delivery) -> None:
    data = {"permalink": "instagram.com/p/1", "published_at_date": "2026-11-23", "published_at_time": "09:30"}

    answer = place.client().post(place.url("delivery_publish", pk=delivery.pk), data, follow=True)
    published = Delivery.objects.get()
    undo = soup(answer).select_one(f'form[action="{place.url("delivery_unpublish", pk=delivery.pk)}"]')
    place.post("delivery_unpublish", pk=delivery.pk)

    assert (published.permalink, published.published_at) == ("https://instagram.com/p/1", NOW - timedelta(minutes=30))
    assert undo is not None
    assert Delivery.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"permalink": ""}, "permalink", "required"),
        ({"permalink": "javascript:alert(1)"}, "permalink", "valid URL"),
        ({"permalink": "ftp://x.example/1"}, "permalink", "https://"),
        ({"published_at_time": "10:01"}, "published_at_date", "in the future"),
        ({"published_at_date": "2026-10-25", "published_at_time": "02:30"}, "published_at_date", "occurs twice"),
    ],
)
def test_publish_refuses_beside_the_field(
    place: Place, delivery: Delivery, data: dict[str, str], field: str, words: str
) -> None:
    good = {"permalink": "https://x.example/1", "published_at_date": "2026-11-23", "published_at_time": "09:30"}

    answer = place.post("delivery_publish", {**good, **data}, pk=delivery.pk)

    assert answer.status_code == 422
    assert words in beside(answer, field)
    assert Delivery.objects.get().state == "draft"


def test_take_off_the_calendar(place: Place, delivery: Delivery) -> None:
    place.post("delivery_schedule", {**AT, "schedule_version": "0"}, pk=delivery.pk)

    stale = place.post("delivery_unschedule", {"schedule_version": "0"}, pk=delivery.pk)
    blind = place.post("delivery_unschedule", {}, pk=delivery.pk, headers=JSON)
    held = Delivery.objects.get().state
    place.post("delivery_unschedule", {"schedule_version": "1"}, pk=delivery.pk)

    assert (stale.status_code, held, Delivery.objects.get().state) == (302, "scheduled", "draft")
    assert (blind.status_code, "which version you saw" in blind.json()["error"]) == (422, True)


# -- the calendar's script --------------------------------------------------------------------------------------------


def test_move_answers_with_what_stands_now(place: Place, delivery: Delivery) -> None:
    answer = place.post(
        "delivery_move", {"day": "2026-12-01", "clock": "09:15", "schedule_version": "0"}, pk=delivery.pk, headers=JSON
    )

    entry = answer.json()["entry"]
    assert answer.status_code == 200
    assert (entry["start"], entry["state"], entry["version"]) == ("2026-12-01T09:15", "scheduled", 1)
    assert "9:15" in answer.json()["said"]


def test_move_to_a_day_keeps_the_time_or_takes_noon(place: Place, delivery: Delivery) -> None:
    first = place.post(
        "delivery_move", {"day": "2026-12-01", "schedule_version": "0"}, pk=delivery.pk, headers=JSON
    ).json()
    Delivery.objects.update(local_time=time(8))
    second = place.post(
        "delivery_move", {"day": "2026-12-02", "schedule_version": "1"}, pk=delivery.pk, headers=JSON
    ).json()

    assert [first["entry"]["start"], second["entry"]["start"]] == ["2026-12-01T12:00", "2026-12-02T08:00"]


def test_move_of_what_somebody_else_moved_answers_with_theirs(place: Place, delivery: Delivery) -> None:
    place.post("delivery_move", {"day": "2026-12-01", "schedule_version": "0"}, role=Role.MANAGER, pk=delivery.pk)

    data = {"day": "2026-12-05", "schedule_version": "0"}
    answer = place.post("delivery_move", data, pk=delivery.pk, headers=JSON)

    assert answer.status_code == 409
    assert "Somebody else" in answer.json()["error"]
    assert answer.json()["entry"]["start"] == "2026-12-01T12:00"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"day": "2026-11-20", "schedule_version": "0"}, "in the future"),
        ({"day": "x"}, "not a day"),
        ({}, "not a day"),
        ({"day": "2026-12-01"}, "which version you saw"),
    ],
)
def test_move_refuses(place: Place, delivery: Delivery, data: dict[str, str], words: str) -> None:
    answer = place.post("delivery_move", data, pk=delivery.pk, headers=JSON)

    assert answer.status_code == 422
    assert words in answer.json()["error"]
    assert Delivery.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("day", "start", "words"),
    [("2027-03-28", "2027-03-28T03:30", "put forward"), ("2027-10-31", "2027-10-31T02:30", "the first is meant")],
)
def test_move_says_when_the_clock_is_changed(
    place: Place, delivery: Delivery, day: str, start: str, words: str
) -> None:
    answer = place.post(
        "delivery_move", {"day": day, "clock": "02:30", "schedule_version": "0"}, pk=delivery.pk, headers=JSON
    ).json()

    assert answer["entry"]["start"] == start
    assert words in answer["said"]


def test_unschedule_answers_a_script_with_the_draft(place: Place, delivery: Delivery) -> None:
    place.post("delivery_move", {"day": "2026-12-01", "schedule_version": "0"}, pk=delivery.pk)

    answer = place.post("delivery_unschedule", {"schedule_version": "1"}, pk=delivery.pk, headers=JSON).json()

    assert (answer["entry"]["start"], answer["entry"]["state"]) == (None, "draft")


# -- the bin ----------------------------------------------------------------------------------------------------------


def test_delete_offers_undo_and_restore_brings_it_back(place: Place, delivery: Delivery) -> None:
    url = place.url("post_delete", pk=delivery.post_id)

    page = soup(place.client().post(url, follow=True))
    undo = page.select_one(f'form[action="{place.url("post_restore", pk=delivery.post_id)}"]')
    gone = place.get("post_detail", pk=delivery.post_id).status_code
    place.post("post_restore", pk=delivery.post_id)

    assert undo is not None
    assert (gone, place.get("post_detail", pk=delivery.post_id).status_code) == (404, 200)
