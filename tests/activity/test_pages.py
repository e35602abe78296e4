"""Notifications, preferences and history as people see them."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from activity.models import TO_PEOPLE, Hours, Kind, Notification, Preference
from activity.services import record
from teams.rules import Role
from tests import make

pytestmark = pytest.mark.django_db


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def titles(response: Any) -> list[str]:
    return [item.text.strip() for item in soup(response).select("#notifications li button.btn-link")]


# -- notifications ----------------------------------------------------------------------------------------------------


def test_list_shows_the_newest_first_and_only_ones_own(client: Client) -> None:
    client.force_login(user := make.user())
    for number in (1, 2):
        make.notification(user=user, title=f"Notice {number}", url="/x/")
    make.notification(title="Of somebody else")

    assert titles(client.get(reverse("notification_list"))) == ["Notice 2", "Notice 1"]


def test_list_hides_places_that_one_may_not_open_any_more(client: Client) -> None:
    left = make.member()
    place = make.workspace()
    mine, other = make.brand(workspace=place), make.brand(workspace=place)
    make.member(Role.GUEST, user=left.user, workspace=place, brands=(mine,))
    for brand in (mine, other, make.brand(workspace=left.workspace)):
        make.notification(user=left.user, brand=brand, workspace=brand.workspace, title=brand.name, url="/x/")
    left.delete()
    client.force_login(left.user)

    page = client.get(reverse("notification_list"))

    assert titles(page) == [mine.name]
    assert "1 unread" in page.content.decode()


def test_list_costs_the_same_queries_for_one_or_three(client: Client, django_assert_num_queries: Any) -> None:
    client.force_login(user := make.user())

    def notice() -> None:
        brand = make.member(user=user).workspace.brands.create(name="B", slug="b")
        make.notification(user=user, brand=brand, workspace=brand.workspace)

    notice()
    with django_assert_num_queries(5):
        client.get(reverse("notification_list"))
    notice()
    notice()
    with django_assert_num_queries(5):
        client.get(reverse("notification_list"))


def test_list_goes_back_and_forth_by_pages(client: Client) -> None:
    client.force_login(user := make.user())
    for number in range(70):
        make.notification(
            user=user, title=f"{number:02}", url="/x/", created_at=make.NOW + timedelta(seconds=number // 10)
        )
    wanted = [f"{number:02}" for number in reversed(range(70))]

    first = client.get(reverse("notification_list"))
    second = client.get(soup(first).find("a", rel="next")["href"])
    third = client.get(soup(second).find("a", rel="next")["href"])
    back = client.get(soup(third).find("a", rel="prev")["href"])

    assert titles(first) + titles(second) + titles(third) == wanted
    assert titles(back) == titles(second)
    assert soup(third).find("a", rel="next") is None
    assert soup(first).find("a", rel="prev") is None


@pytest.mark.parametrize("cursor", ["", "x", "<x~1", "<2026-11-23T09:00:00~1", "<2026-11-23T09:00:00+00:00~x", "<<<~"])
def test_list_takes_a_broken_cursor_for_the_first_page(client: Client, cursor: str) -> None:
    client.force_login(user := make.user())
    make.notification(user=user, title="Here", url="/x/")

    assert titles(client.get(reverse("notification_list"), {"page": cursor})) == ["Here"]


def test_opening_marks_as_read_and_goes_there(client: Client) -> None:
    client.force_login(user := make.user())
    notice = make.notification(user=user, url="/w/acme/")

    answer = client.post(reverse("notification_read", args=[notice.pk]), {"go": "on"})

    notice.refresh_from_db()
    assert (answer.url, notice.read_at is not None) == ("/w/acme/", True)


def test_looking_marks_nothing_as_read(client: Client) -> None:
    client.force_login(user := make.user())
    notice = make.notification(user=user)

    client.get(reverse("notification_list"))
    client.get(reverse("notification_read", args=[notice.pk]))

    notice.refresh_from_db()
    assert notice.read_at is None


def test_somebody_elses_notification_is_not_found(client: Client) -> None:
    client.force_login(make.user())
    notice = make.notification()

    answer = client.post(reverse("notification_read", args=[notice.pk]))

    notice.refresh_from_db()
    assert (answer.status_code, notice.read_at) == (404, None)


def test_all_are_marked_as_read_at_once_but_only_ones_own(client: Client) -> None:
    client.force_login(user := make.user())
    make.notification(user=user)
    make.notification(user=user)
    other = make.notification()

    client.post(reverse("notification_read_all"))

    assert list(Notification.objects.filter(read_at=None)) == [other]


# -- preferences ------------------------------------------------------------------------------------------------------


EVERYTHING = {f"{kind}-{channel}": "now" for kind in Kind for channel in TO_PEOPLE}
EMPTY = {"quiet_from": "", "quiet_until": "", "daily_at": "08:00"}


def chosen(response: Any) -> dict[str, str]:
    options = soup(response).select("table select option[selected]")
    return {str(option.find_parent("select")["name"]): str(option["value"]) for option in options}


def test_preferences_start_with_everything_at_once(client: Client) -> None:
    client.force_login(make.user())

    page = client.get(reverse("preference_edit"))

    assert chosen(page) == EVERYTHING
    assert soup(page).find(id="id_daily_at")["value"] == "08:00"
    assert soup(page).find(id="id_lets_reminders").has_attr("checked")
    daily = [str(choice["name"]) for choice in soup(page).select("select") if choice.find("option", value="daily")]
    assert len(daily) == len(EVERYTHING) - 2
    assert not any(name.startswith("reminder") for name in daily)


def test_preferences_are_kept_and_shown(client: Client) -> None:
    client.force_login(user := make.user(time_zone="Asia/Tokyo"))
    wishes = {**EVERYTHING, "goal-in_app": "daily", "goal-email": "never"}
    times = {"quiet_from": "22:00", "quiet_until": "07:30", "daily_at": "09:15"}

    client.post(reverse("preference_edit"), {**wishes, **times})
    page = client.get(reverse("preference_edit"))

    assert chosen(page) == wishes
    assert [soup(page).find(id=f"id_{name}")["value"] for name in times] == ["22:00", "07:30", "09:15"]
    assert not soup(page).find(id="id_lets_reminders").has_attr("checked")
    assert "Asia/Tokyo" in page.content.decode()
    assert Hours.objects.get() == user.hours


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"quiet_from": "22:00"}, "quiet_until", "Give both"),
        ({"quiet_until": "07:00"}, "quiet_from", "Give both"),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "quiet_until", "another end"),
        ({"quiet_from": "25:00"}, "quiet_from", "valid time"),
        ({"daily_at": ""}, "daily_at", "required"),
        ({"reminder-email": "daily"}, "reminder-email", "not one of the available choices"),
    ],
)
def test_bad_preferences_are_refused_beside_the_field(
    client: Client, wrong: dict[str, str], field: str, message: str
) -> None:
    client.force_login(make.user())

    answer = client.post(reverse("preference_edit"), {**EVERYTHING, **EMPTY, **wrong})

    assert answer.status_code == 422
    assert message in soup(answer).find(id=f"id_{field}_error").text
    assert Preference.objects.count() == Hours.objects.count() == 0


# -- history ----------------------------------------------------------------------------------------------------------


def lines(response: Any) -> list[str]:
    return [item.find("span").text.strip() for item in soup(response).select("#history > li")]


def test_history_tells_who_did_what(client: Client) -> None:
    ann = make.member(user=make.user(name="Ann"))
    brand = make.brand(workspace=ann.workspace, name="North")
    client.force_login(ann.user)
    post = make.post(brand=brand, title="Beans")
    record(by=ann.user, verb="calendar.post_created", target=post, brand=brand)
    record(by=None, verb="plans.goal_status_changed", target=brand, brand=brand, label="More likes")
    record(by=ann.user, verb="teams.something_odd", target=brand, brand=brand)
    record(by=ann.user, verb="teams.brand_edited", target=make.brand(), brand=make.brand())

    page = client.get(reverse("history", args=[brand.workspace.slug, brand.slug]))

    assert lines(page) == [
        "Ann: something odd “North”",
        "The status of the goal “More likes” changed",
        "Ann created the post “Beans”",
    ]


def test_history_shows_before_and_after_in_the_words_of_the_form(client: Client) -> None:
    ann = make.member()
    brand = make.brand(workspace=ann.workspace)
    client.force_login(ann.user)
    was, becomes = (
        {"language": "en", "website": "", "odd_one": None},
        {"language": "fr", "website": "<b>", "odd_one": 3},
    )
    record(by=ann.user, verb="teams.brand_edited", target=brand, brand=brand, before=was, after=becomes)

    page = soup(client.get(reverse("history", args=[brand.workspace.slug, brand.slug])))

    rows = [[cell.text.strip() for cell in row.find_all(["th", "td"])] for row in page.select("#history tbody tr")]
    assert rows == [["Website", "empty", "<b>"], ["Language", "English", "French"], ["Odd one", "empty", "3"]]


def test_history_is_filtered_by_person_and_room(client: Client) -> None:
    ann, bob = (make.member(workspace=place).user for place in [make.workspace()] * 2)
    brand = make.brand(workspace=ann.memberships.get().workspace)
    client.force_login(ann)
    for by in (ann, bob):
        for verb in ("plans.goal_created", "calendar.post_created"):
            record(by=by, verb=verb, target=brand, brand=brand, label="X")
    address = reverse("history", args=[brand.workspace.slug, brand.slug])

    assert lines(client.get(address, {"person": bob.pk, "room": "plans"})) == [f"{bob} created the goal “X”"]
    assert len(lines(client.get(address, {"room": "plans"}))) == 2
    assert len(lines(client.get(address, {"person": make.user().pk, "room": "nonsense"}))) == 4


def test_history_costs_the_same_queries_for_one_or_three(client: Client, django_assert_num_queries: Any) -> None:
    ann = make.member()
    brand = make.brand(workspace=ann.workspace)
    client.force_login(ann.user)
    address = reverse("history", args=[brand.workspace.slug, brand.slug])

    client.get(address)
    make.event(brand=brand, by=make.user())
    with django_assert_num_queries(7):
        client.get(address)
    for _ in range(2):
        make.event(brand=brand, by=make.user())
    with django_assert_num_queries(7):
        client.get(address)


def test_workspace_history_tells_of_members_too(client: Client) -> None:
    admin = make.member(Role.ADMIN, user=make.user(name="Ann"))
    client.force_login(admin.user)
    record(
        by=admin.user, verb="teams.member_removed", target=admin, workspace=admin.workspace, label="Bob",
        before={"role": "editor"},
    )  # fmt: skip

    page = client.get(reverse("workspace_history", args=[admin.workspace.slug]))

    assert lines(page) == ["Ann removed “Bob” from the workspace"]
    assert "editor" in page.content.decode()


@pytest.mark.parametrize("cursor", ["<0001-01-01T00:00:00+23:59~1", ">9999-12-31T23:00:00-11:00~1", "<nonsense~1"])
def test_place_in_the_list_that_cannot_be_is_its_beginning(client: Client, cursor: str) -> None:
    client.force_login(make.user())

    assert client.get(reverse("notification_list"), {"page": cursor}).status_code == 200


def test_history_of_one_thing_holds_its_parts_and_nothing_else(client: Client, django_assert_num_queries: Any) -> None:
    ann = make.member(user=make.user(name="Ann"))
    brand = make.brand(workspace=ann.workspace)
    client.force_login(ann.user)
    post, other = make.post(brand=brand, title="Beans"), make.post(brand=brand, title="Milk")
    record(by=ann.user, verb="calendar.post_created", target=post, brand=brand)
    record(by=ann.user, verb="calendar.post_created", target=other, brand=brand)
    delivery = make.delivery(post=post)
    address = reverse("history", args=[brand.workspace.slug, brand.slug])
    client.get(address)

    with django_assert_num_queries(8):
        client.get(address, {"about": f"post:{post.pk}"})
    for _ in range(60):
        record(
            by=ann.user, verb="calendar.delivery_moved", target=delivery, part_of=post, brand=brand, label="Beans · X"
        )
    with django_assert_num_queries(8):
        first = client.get(address, {"about": f"post:{post.pk}", "room": "calendar"})
    second = client.get(soup(first).find("a", rel="next")["href"])

    assert soup(first).h1.text.strip() == "History of “Beans”"
    assert lines(first) + lines(second) == 60 * ["Ann moved the post “Beans · X”"] + ["Ann created the post “Beans”"]
    assert soup(first).select_one("input[name=about]")["value"] == f"post:{post.pk}"


def test_history_of_a_thing_of_another_brand_or_of_nonsense_tells_nothing_of_it(client: Client) -> None:
    ann = make.member()
    brand = make.brand(workspace=ann.workspace)
    client.force_login(ann.user)
    theirs = make.post(title="Theirs")
    record(by=None, verb="calendar.post_created", target=theirs, brand=theirs.brand)
    make.event(brand=brand)
    address = reverse("history", args=[brand.workspace.slug, brand.slug])

    foreign = client.get(address, {"about": f"post:{theirs.pk}"})

    assert lines(foreign) == []
    assert "Theirs" not in foreign.content.decode()
    assert len(lines(client.get(address, {"about": "post:1'--"}))) == 1


@pytest.mark.parametrize(("role", "count"), [(Role.EDITOR, 1), (Role.GUEST, 0)])
def test_a_goal_leads_to_its_history_those_who_may_read_it(client: Client, role: Role, count: int) -> None:
    goal = make.goal()
    client.force_login(make.member(role, workspace=goal.plan.brand.workspace).user)
    place = [goal.plan.brand.workspace.slug, goal.plan.brand.slug]

    page = soup(client.get(reverse("goal_detail", args=[*place, goal.pk])))

    assert len(page.select(f"main a[href='{reverse('history', args=place)}?about=goal:{goal.pk}']")) == count
