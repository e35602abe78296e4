"""The pages: what they show, whom they let in, and that they ask the database as often for three rows as for one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activity.models import Event
from calendar_app.models import Delivery, Post
from plans.models import ContentKind
from teams.rules import Role
from tests import make
from tests.calendar_app.conftest import Place
from tests.make import NOW

NEXT_WEEK = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def full_post(place: Place, number: int = 1) -> Post:
    """A post with everything that a page may say of it."""
    brand = place.brand
    goal = make.goal(plan=brand.plans.first() or make.plan(brand=brand))
    post = make.post(
        brand=brand, content_kind=make.content_kind(brand=brand), persona=make.persona(brand=brand), goals=[goal],
        assignee=make.person(brand=brand), author=place.editor, link="https://brulerie.example/",
    )  # fmt: skip
    make.delivery(post=post, publish_at=NEXT_WEEK)
    make.delivery(
        post=post, published_at=NOW - timedelta(days=1), permalink="https://x.example/1", published_by=place.editor
    )
    make.delivery(post=post)
    return post


# -- whom they let in -----------------------------------------------------------------------------------------------

READ = ["calendar", "calendar_feed", "post_list", "post_detail", "content_kind_list"]
WRITE = ["post_create", "post_edit", "content_kind_create", "content_kind_edit"]
ACT = [
    "post_delete", "post_restore", "delivery_schedule", "delivery_unschedule", "delivery_move", "delivery_publish",
    "delivery_unpublish", "content_kind_delete", "text_check",
]  # fmt: skip


def address(place: Place, name: str) -> str:
    """The address of a page, about something that is there."""
    if name.startswith("delivery_"):
        return place.url(name, pk=make.delivery(post=make.post(brand=place.brand)).pk)
    if name in ("post_detail", "post_edit", "post_delete"):
        return place.url(name, pk=make.post(brand=place.brand).pk)
    if name == "post_restore":
        return place.url(name, pk=make.post(brand=place.brand, deleted_at=NOW).pk)
    if name in ("content_kind_edit", "content_kind_delete"):
        return place.url(name, pk=make.content_kind(brand=place.brand).pk)
    return place.url(name)


@pytest.mark.parametrize("name", READ)
def test_a_guest_reads(place: Place, name: str) -> None:
    window = {"start": "2026-11-01", "end": "2026-12-01"}

    assert place.client(Role.GUEST).get(address(place, name), window).status_code == 200


@pytest.mark.parametrize("name", WRITE)
def test_a_guest_does_not_write(place: Place, name: str) -> None:
    url = address(place, name)

    assert place.client(Role.GUEST).get(url).status_code == 403
    assert place.client(Role.GUEST).post(url, {}).status_code == 403
    assert place.client(Role.EDITOR).get(url).status_code == 200


@pytest.mark.parametrize("name", ACT)
def test_a_guest_does_not_act_and_nothing_acts_by_get(place: Place, name: str) -> None:
    url = address(place, name)
    before = (Post.objects.filter(deleted_at=None).count(), ContentKind.objects.count())

    assert place.client(Role.GUEST).post(url, {}).status_code == 403
    assert place.client(Role.EDITOR).get(url).status_code == 405
    assert (Post.objects.filter(deleted_at=None).count(), ContentKind.objects.count()) == before
    assert Event.objects.count() == 0


@pytest.mark.parametrize("name", [*READ, *WRITE, *ACT])
def test_what_belongs_to_another_brand_is_not_there(place: Place, name: str) -> None:
    stranger = Place()
    url = address(stranger, name)
    own_door = url.replace(stranger.brand.workspace.slug, place.brand.workspace.slug)
    own_door = own_door.replace(stranger.brand.slug, place.brand.slug)
    has_number = any(part.isdecimal() for part in url.split("/"))

    for role in (Role.EDITOR, Role.ADMIN):
        client = place.client(role)
        act = client.get if name in (*READ, *WRITE) else client.post
        assert act(url).status_code == 404
        if has_number:
            assert act(own_door).status_code == 404
            assert client.post(own_door, {}).status_code in (404, 405)
    assert Event.objects.count() == 0


# -- what they show -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["calendar", "post_list", "content_kind_list"])
def test_an_empty_page_says_how_to_begin(place: Place, name: str) -> None:
    make.account(brand=place.brand)

    page = soup(place.get(name))

    assert len(page.select("h1")) == 1
    assert page.select_one(".empty .btn-primary")


def test_an_empty_calendar_offers_a_guest_nothing_to_do(place: Place) -> None:
    make.account(brand=place.brand)

    page = soup(place.get("calendar", role=Role.GUEST))

    assert page.select_one(".empty")
    assert not page.select(".empty a")


def test_the_calendar_shows_missions_and_drafts(place: Place) -> None:
    account = make.account(brand=place.brand, mission="Show how we roast.")
    draft = make.delivery(post=make.post(brand=place.brand, title="A draft"), account=account)
    make.delivery(post=make.post(brand=place.brand, title="Planned"), account=account, publish_at=NEXT_WEEK)

    page = soup(place.get("calendar"))

    assert "Show how we roast." in page.select_one(".cal-missions").text
    assert [item["data-draft-entry"] for item in page.select("[data-draft-entry]")] == [str(draft.pk)]


def test_the_plain_month_lists_its_days_without_a_script(place: Place) -> None:
    account = make.account(brand=place.brand)
    make.delivery(post=make.post(brand=place.brand, title="In November"), account=account, publish_at=NEXT_WEEK)
    later = NEXT_WEEK + timedelta(days=1)
    make.delivery(post=make.post(brand=place.brand, title="In December"), account=account, publish_at=later)

    page = soup(place.get("calendar", {"plain": "1", "date": "2026-11-15"}))

    assert [day.h2.text for day in page.select(".cal-day")] == ["Monday, Nov. 30, 2026"]
    assert [link.text for link in page.select(".cal-day li > a:first-of-type")] == ["In November"]


@pytest.mark.parametrize("written", ["", "never", "0001-01-01", "9999-12-31", "2026-13-01"])
def test_the_plain_month_takes_any_date(place: Place, written: str) -> None:
    make.account(brand=place.brand)

    assert place.get("calendar", {"plain": "1", "date": written}).status_code == 200


def test_a_post_shows_the_text_to_copy_and_the_state_on_each_account(place: Place) -> None:
    post = full_post(place)

    page = soup(place.get("post_detail", pk=post.pk))

    assert [badge.text.strip() for badge in page.select(".delivery .row-line .badge")] == [
        "Scheduled",
        "Published",
        "Draft",
    ]
    assert page.select_one(".delivery .copy-text").text == "Fresh from the roaster.\n\nhttps://brulerie.example/"
    assert page.select_one('.delivery a[href="https://x.example/1"]')


def test_a_post_that_nobody_published_in_time_is_missed(place: Place) -> None:
    delivery = make.delivery(post=make.post(brand=place.brand), publish_at=NOW - timedelta(hours=2))

    page = soup(place.get("post_detail", pk=delivery.post_id))

    assert page.select_one(".delivery .badge").text.strip() == "Missed"
    assert page.select_one("details.delivery-act[open] input[name=permalink]")


def test_hostile_words_stay_words(place: Place) -> None:
    evil = "<script>alert(1)</script>{{ 7|add:7 }}"
    post = make.post(brand=place.brand, title=evil, text=evil, notes=evil, author=place.editor)
    make.delivery(post=post, account=make.account(brand=place.brand, handle=evil, mission=evil), text=evil)

    pages = [
        place.get("post_detail", pk=post.pk), place.get("post_edit", pk=post.pk), place.get("post_list"),
        place.get("calendar"), place.get("calendar", {"plain": "1"}),
    ]  # fmt: skip

    assert all(b"<script>alert" not in page.content and page.status_code == 200 for page in pages)


# -- queries --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("calendar", {}),
        ("calendar", {"plain": "1", "date": "2026-11-01"}),
        ("calendar_feed", {"start": "2026-11-01", "end": "2026-12-31"}),
        ("post_list", {}),
        ("post_list", {"q": "roaster", "state": "scheduled"}),
        ("post_list", {"bin": "1"}),
        ("content_kind_list", {}),
        ("post_create", {}),
    ],
)
def test_pages_ask_as_often_for_three_posts_as_for_one(place: Place, name: str, data: dict[str, str]) -> None:
    full_post(place)
    make.post(brand=place.brand, deleted_at=NOW)
    place.get(name, data)  # what is asked for once in a process
    with CaptureQueriesContext(
        connection,
    ) as one:
        place.get(name, data)
    full_post(place)
    full_post(place)
    make.post(brand=place.brand, deleted_at=NOW)

    with CaptureQueriesContext(connection) as three:
        answer = place.get(name, data)

    assert answer.status_code == 200
    assert len(three) == len(one)


def test_a_post_asks_as_often_for_three_accounts_as_for_one(place: Place) -> None:
    post = make.post(brand=place.brand, author=place.editor)
    make.delivery(post=post)
    place.get("post_detail", pk=post.pk)
    with CaptureQueriesContext(connection) as one:
        place.get("post_detail", pk=post.pk)
    make.delivery(post=post, publish_at=NEXT_WEEK)
    make.delivery(post=post, published_at=NOW, published_by=place.editor)

    with CaptureQueriesContext(connection) as three:
        place.get("post_detail", pk=post.pk)

    assert len(three) == len(one)


# -- the list of posts ------------------------------------------------------------------------------------------------


def titles(answer: Any) -> list[str]:
    return [link.text for link in soup(answer).select("tbody th a")]


def test_the_list_filters_by_words_account_state_and_person(place: Place) -> None:
    first, second = make.account(brand=place.brand), make.account(brand=place.brand)
    other = make.person(brand=place.brand)
    a = make.post(brand=place.brand, title="Alpha", text="beans", author=place.editor)
    b = make.post(brand=place.brand, title="Beta", text="cups", author=place.editor, assignee=other)
    make.delivery(post=a, account=first, publish_at=NOW - timedelta(hours=2))
    make.delivery(post=b, account=second, text="also beans")

    assert titles(place.get("post_list", {"q": "BEANS"})) == ["Beta", "Alpha"]
    assert titles(place.get("post_list", {"q": "cups"})) == ["Beta"]
    assert titles(place.get("post_list", {"account": first.pk})) == ["Alpha"]
    assert titles(place.get("post_list", {"state": "missed"})) == ["Alpha"]
    assert titles(place.get("post_list", {"state": "scheduled"})) == []
    assert titles(place.get("post_list", {"state": "draft"})) == ["Beta"]
    assert titles(place.get("post_list", {"person": other.pk})) == ["Beta"]
    assert titles(place.get("post_list", {"account": second.pk, "state": "missed"})) == []


def test_the_list_pages_without_gaps_both_ways(place: Place) -> None:
    for number in range(65):
        make.post(brand=place.brand, title=f"P{number:02d}")
    seen, url = [], place.url("post_list")

    while url:
        page = soup(place.client().get(url))
        seen += [link.text for link in page.select("tbody th a")]
        last, older = url, page.select_one("a[rel=next]")
        url = older["href"] if older else ""
    newer = soup(place.client().get(last)).select_one("a[rel=prev]")["href"]

    assert seen == [f"P{number:02d}" for number in range(64, -1, -1)]
    assert titles(place.client().get(newer)) == seen[30:60]


@pytest.mark.parametrize(
    "data", [{"before": "x"}, {"after": "9" * 40}, {"account": "0"}, {"state": "loud"}, {"person": "-1"}]
)
def test_the_list_takes_any_address(place: Place, data: dict[str, str]) -> None:
    make.post(brand=place.brand)

    assert place.get("post_list", data).status_code == 200


# -- content types ----------------------------------------------------------------------------------------------------


def test_content_types_are_added_changed_and_removed(place: Place) -> None:
    place.post("content_kind_create", {"name": "Behind the roast", "color": "3"})
    kind = ContentKind.objects.get()
    post = make.post(brand=place.brand, content_kind=kind)

    place.post("content_kind_edit", {"name": "The roast", "color": "4", "version": "1"}, pk=kind.pk)
    kind.refresh_from_db()
    answer = place.post("content_kind_delete", pk=kind.pk)

    assert (kind.name, kind.color, answer.status_code) == ("The roast", 4, 302)
    assert Post.objects.get(pk=post.pk).content_kind is None
    assert [event.verb.rpartition("_")[2] for event in Event.objects.order_by("pk")] == ["created", "edited", "deleted"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "", "color": "1"}, "required"),
        ({"name": "ROAST", "color": "1"}, "already has that content type"),
        ({"name": "New", "color": "12"}, "valid choice"),
        ({"name": "New", "color": "1", "version": "9"}, "Somebody else"),
    ],
)
def test_content_type_refusals_stand_beside_the_field(place: Place, data: dict[str, str], words: str) -> None:
    make.content_kind(brand=place.brand, name="Roast")
    kind = make.content_kind(brand=place.brand, name="Other")

    answer = place.post("content_kind_edit", {"version": "1", **data}, pk=kind.pk)

    assert answer.status_code == 422
    assert words in soup(answer).select_one(".error-summary").text
    assert ContentKind.objects.get(pk=kind.pk).name == "Other"


def test_deliveries_are_counted_per_brand(place: Place) -> None:
    make.delivery()

    assert Delivery.objects.for_brand(place.brand).count() == 0
