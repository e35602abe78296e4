"""The home of a workspace: every brand at a glance."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.overview import overview
from teams.models import Brand, Membership, Workspace
from teams.rules import Role
from tests import make
from tests.make import NOW
from tests.plans.test_home import one_more_of_everything, texts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place() -> Workspace:
    return make.workspace()


def page(client: Client, member: Membership, query: str = "") -> BeautifulSoup:
    client.force_login(member.user)
    address = reverse("workspace_home", args=[member.workspace.slug])
    return BeautifulSoup(client.get(address + query).content, "html.parser")


def names(found: BeautifulSoup) -> list[str]:
    return texts(found, "#brands tbody th > a:first-child")


def planned(place: Workspace, name: str, **values: Any) -> Brand:
    """A brand with a plan; goals of these states."""
    statuses = values.pop("statuses", ())
    brand = make.brand(workspace=place, name=name, **values)
    plan = make.plan(brand=brand)
    for status in statuses:
        make.goal(plan=plan, status=status)
    return brand


def test_branches_stand_under_their_parents(client: Client, place: Workspace) -> None:
    north = planned(place, "North")
    planned(place, "Arch")
    south = planned(place, "A branch", parent=north)
    planned(place, "Branch of a branch", parent=south)
    planned(place, "Z branch", parent=north)
    make.brand(name="Of a stranger")

    found = page(client, make.member(Role.GUEST, workspace=place))

    assert names(found) == ["Arch", "North", "A branch", "Branch of a branch", "Z branch"]
    assert [len(row.select("th.is-branch")) for row in found.select("#brands tbody tr")] == [0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("sort", "order"),
    [("attention", ["B", "C", "A"]), ("missed", ["C", "A", "B"]), ("active", ["A", "B", "C"]),
     ("nonsense", ["A", "B", "C"]), ("complete", ["A", "B", "C"])],
)  # fmt: skip
def test_brands_are_sorted_by_what_wants_somebody(
    client: Client, place: Workspace, sort: str, order: list[str]
) -> None:
    first = planned(place, "A")
    planned(place, "B", statuses=["off_track", "at_risk"])
    third = planned(place, "C", statuses=["missed", "on_track"])
    make.delivery(post=make.post(brand=third), publish_at=NOW - timedelta(days=3))
    make.event(brand=first, at=NOW)

    assert names(page(client, make.member(Role.EDITOR, workspace=place), f"?sort={sort}")) == order


def test_totals_say_what_the_rows_come_to(client: Client, place: Workspace) -> None:
    planned(place, "A", statuses=["off_track", "on_track"])
    make.delivery(post=make.post(brand=planned(place, "B", statuses=["missed"])), publish_at=NOW - timedelta(days=1))
    make.brand(workspace=place, name="C")
    stranger = planned(make.workspace(), "D", statuses=["off_track"])
    make.delivery(post=make.post(brand=stranger), publish_at=NOW - timedelta(days=1))

    found = page(client, make.member(Role.EDITOR, workspace=place))
    guest = page(client, make.member(Role.GUEST, workspace=place))

    assert texts(found, ".figure-label") == [
        "Brands",
        "Goals",
        "Goals that need somebody",
        "Posts missed",
        "Brands without a plan",
    ]
    assert texts(found, ".figure-value") == ["3", "3", "2", "1", "1"]
    assert "Posts missed" not in texts(guest, ".figure-label")
    assert "1 off track" in texts(found, "#brands .badge")


def test_row_says_how_far_the_six_steps_are_and_what_is_next(client: Client, place: Workspace) -> None:
    brand = planned(place, "A")
    make.objective(brand=brand)
    make.persona(brand=brand)
    row = page(client, make.member(Role.EDITOR, workspace=place))

    assert texts(row, ".brand-steps a") == ["1 Goals"]
    assert row.select(".brand-steps svg")[0]["aria-label"] == "11% of the six steps"


def test_admins_alone_read_what_was_done_last(client: Client, place: Workspace) -> None:
    brand = planned(place, "A")
    make.event(brand=brand, label="A", by=make.user(name="Tom"))

    found = page(client, make.member(Role.ADMIN, workspace=place))

    assert [line.split(" A · ")[0] for line in texts(found, "[aria-labelledby=workspace-news] li")] == [
        "Tom changed the brand “A”"
    ]
    assert page(client, make.member(Role.MANAGER, workspace=place)).select("[aria-labelledby=workspace-news]") == []


def test_page_costs_the_same_for_one_brand_and_for_three(client: Client, place: Workspace) -> None:
    member, counts = make.member(Role.ADMIN, workspace=place), []
    page(client, member)
    for number in range(3):
        one_more_of_everything(make.plan(brand=planned(place, f"B{number}"), starts_on=NOW.date() - timedelta(days=9)))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("workspace_home", args=[place.slug]))
        counts.append(len(asked))

    assert counts == [9, 9, 9]


def test_limited_guest_sees_two_of_three_brands(place: Workspace) -> None:
    seen = [planned(place, "A"), planned(place, "B")]
    hidden = planned(place, "Parent")
    Brand.objects.filter(pk=seen[1].pk).update(parent=hidden)
    member = make.member(Role.GUEST, workspace=place, brands=tuple(seen))

    found = overview(member, now=NOW, today=NOW.date())

    assert [(row.brand.name, row.depth, row.parent) for row in found.rows] == [("A", 0, None), ("B", 0, None)]


def test_guest_of_one_brand_is_led_there(client: Client, place: Workspace) -> None:
    brand = planned(place, "A")
    planned(place, "B")
    client.force_login(make.member(Role.GUEST, workspace=place, brands=(brand,)).user)
    one = client.get("/").headers["Location"]
    client.force_login(make.member(Role.GUEST, workspace=place).user)

    assert one == reverse("brand_home", args=[place.slug, brand.slug])
    assert client.get("/").headers["Location"] == reverse("workspace_home", args=[place.slug])
