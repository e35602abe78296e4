"""Lists of goals: of a plan, and of all brands for whoever manages them."""

from datetime import date
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import sheets
from plans.models import ATTENTION
from teams.models import Brand
from teams.rules import Role
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def brand() -> Brand:
    return make.brand(name="Brûlerie")


@pytest.fixture
def manager(client: Client, brand: Brand) -> Client:
    client.force_login(make.person(Role.MANAGER, brand=brand))
    return client


def url(brand: Brand, name: str = "workspace_goals") -> str:
    place = {"workspace": brand.workspace.slug} | ({"brand": brand.slug} if name == "goal_list" else {})
    return reverse(name, kwargs=place)


def titles(answer: Any) -> list[str]:
    return [link.get_text() for link in BeautifulSoup(answer.content, "html.parser").select(".goal-table th a")]


def words(answer: Any, selector: str) -> list[str]:
    found = BeautifulSoup(answer.content, "html.parser").select(selector)
    return [" ".join(one.get_text(" ").split()) for one in found]


def sister(brand: Brand, **values: Any) -> Brand:
    return make.brand(workspace=brand.workspace, **values)


def test_list_holds_the_goals_of_all_brands_what_needs_attention_first(manager: Client, brand: Brand) -> None:
    plan, other = make.plan(brand=brand), make.plan(brand=sister(brand))
    for place, status in enumerate(reversed(ATTENTION)):
        make.goal(plan=[plan, other][place % 2], status=status, title=str(status))
    make.goal(title="Of another workspace")

    answer = manager.get(url(brand))

    assert titles(answer) == [str(status) for status in ATTENTION]
    assert "6 goals" in answer.content.decode()
    link = BeautifulSoup(answer.content, "html.parser").select_one(".goal-table th a")
    assert link is not None
    assert manager.get(str(link["href"])).status_code == 200


FILTERS = [
    ({"status": "missed"}, ["Alpha"]),
    ({"objective": "LEADS"}, ["Alpha"]),
    ({"network": "linkedin"}, ["Beta"]),
    ({"due_from": "2026-12-01"}, ["Beta"]),
    ({"due_to": "2026-11-30"}, ["Alpha", "Gamma"]),
    ({"incomplete": "on"}, ["Gamma"]),
    ({"incomplete": "on", "status": "missed"}, []),
    ({"sort": "title"}, ["Alpha", "Beta", "Gamma"]),
    ({"sort": "due"}, ["Gamma", "Alpha", "Beta"]),
    ({"sort": "owner"}, ["Beta", "Alpha", "Gamma"]),
    ({"sort": "status"}, ["Alpha", "Gamma", "Beta"]),
    ({"sort": "brand"}, ["Gamma", "Alpha", "Beta"]),
]


def three(brand: Brand) -> None:
    """Alpha and Beta of the brand, Gamma of one whose name comes first."""
    plan, first = make.plan(brand=brand), make.plan(brand=sister(brand, name="Atelier"))
    zoe, ada = (make.member(brand=brand, user=make.user(name=name)).user for name in ("Zoé", "Ada"))
    objective = make.objective(brand=brand, title="More leads from fairs")
    late, soon = date(2026, 12, 20), date(2026, 11, 20)
    make.goal(plan=plan, title="Alpha", status="missed", objective=objective, owner=zoe)
    make.goal(plan=plan, title="Beta", status="on_track", network=make.network("linkedin"), due_on=late, owner=ada)
    make.goal(plan=first, title="Gamma", lacks="MR", due_on=soon)


@pytest.mark.parametrize(("asked", "found"), FILTERS)
def test_list_is_narrowed_and_sorted(manager: Client, brand: Brand, asked: dict[str, str], found: list[str]) -> None:
    three(brand)

    answer = manager.get(url(brand), asked)

    assert answer.status_code == 200
    assert titles(answer) == found
    if not found:
        assert "No goal is like that." in answer.content.decode()


def test_brand_and_owner_are_chosen_from_lists(manager: Client, brand: Brand) -> None:
    three(brand)
    page = BeautifulSoup(manager.get(url(brand)).content, "html.parser")
    values = {option.get_text(): option["value"] for option in page.select(".goal-filters option")}

    assert titles(manager.get(url(brand), {"brand": values["Atelier"]})) == ["Gamma"]
    assert titles(manager.get(url(brand), {"owner": values["Zoé"]})) == ["Alpha"]


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({"due_from": "31/31"}, "due_from", "Enter a date, for example 2026-11-30."),
        ({"due_from": "2026-12-01", "due_to": "2026-11-01"}, "due_to", "This day lies before the first one."),
        ({"status": "lost"}, "status", "Choose one of the list."),
        ({"brand": "999999"}, "brand", "Choose one of the list."),
    ],
)
def test_bad_filter_is_refused_beside_its_field(
    manager: Client, brand: Brand, asked: dict[str, str], field: str, said: str
) -> None:
    three(brand)

    answer = manager.get(url(brand), asked | {"objective": "kept"})

    assert answer.status_code == 422
    assert [text.removeprefix("Error: ") for text in words(answer, f"#div_filter_{field} .field-error")] == [said]
    kept = BeautifulSoup(answer.content, "html.parser").select_one("[name=objective]")
    assert kept is not None
    assert kept["value"] == "kept"
    assert manager.get(url(brand, "workspace_goals_export"), asked).status_code == 422


def test_row_says_what_a_goal_asks_and_what_it_lacks(manager: Client, brand: Brand) -> None:
    goal = make.goal(plan=make.plan(brand=brand), lacks="MR")
    make.target(goal=goal)

    cells = words(manager.get(url(brand)), ".goal-table td")

    assert cells[0] == "Brûlerie"
    assert cells[1].endswith("Lacks: M, R")
    assert cells[2] == "At least 3 posts published per week"


@pytest.mark.parametrize("name", ["workspace_goals", "goal_list"])
def test_list_costs_the_same_for_one_and_for_three(manager: Client, brand: Brand, name: str) -> None:
    plan = make.plan(brand=brand)

    def add() -> None:
        cache.clear()  # what was rendered holds until something is done, and builders do nothing
        goal = make.goal(plan=plan, owner=make.person(brand=brand), network=make.network("instagram"))
        make.target(goal=goal, network="instagram")

    add()
    manager.get(url(brand, name))
    cache.clear()
    with CaptureQueriesContext(connection) as one:
        manager.get(url(brand, name))
    add()
    add()
    with CaptureQueriesContext(connection) as three_rows:
        assert len(titles(manager.get(url(brand, name)))) == 3

    assert len(three_rows) == len(one) < 10


def test_pages_hold_fifty_goals_and_lead_on(manager: Client, brand: Brand) -> None:
    plan = make.plan(brand=brand)
    for number in range(51):
        make.goal(plan=plan, title=f"Goal {number:02}")

    first = manager.get(url(brand), {"sort": "title"})
    onward = BeautifulSoup(first.content, "html.parser").select_one(".pages a[rel=next]")
    assert onward is not None
    second = manager.get(str(onward["href"]))

    assert titles(first) == [f"Goal {number:02}" for number in range(50)]
    assert titles(second) == ["Goal 50"]
    assert "No goal is like that." in manager.get(url(brand), {"page": "9"}).content.decode()
    assert titles(manager.get(url(brand, "goal_list"), {"page": "2", "sort": "title"})) == ["Goal 50"]


def test_limited_guest_sees_the_goals_of_their_brands_only(client: Client, brand: Brand) -> None:
    three(brand)
    theirs = sister(brand)
    make.goal(plan=make.plan(brand=theirs), title="Theirs")
    client.force_login(make.member(Role.GUEST, brand=brand, brands=(theirs,)).user)

    answer = client.get(url(brand))

    assert titles(answer) == ["Theirs"]
    assert "Atelier" not in answer.content.decode()
    assert "Zoé" not in answer.content.decode()
    assert "Alpha" not in client.get(url(brand, "workspace_goals_export")).content.decode()


def test_only_managers_are_led_to_the_list(client: Client, brand: Brand) -> None:
    home = reverse("workspace_home", kwargs={"workspace": brand.workspace.slug})
    found = {}
    for role in Role:
        client.force_login(make.person(role, brand=brand))
        found[role] = url(brand) in [
            link["href"] for link in BeautifulSoup(client.get(home).content, "html.parser")("a")
        ]

    assert found == {Role.GUEST: False, Role.EDITOR: False, Role.MANAGER: True, Role.ADMIN: True}


def test_export_holds_the_filtered_list_and_no_formula(manager: Client, brand: Brand) -> None:
    three(brand)
    goal = make.goal(plan=make.plan(brand=sister(brand, name="Zinc")), title="=1+1", lacks="S")
    make.target(goal=goal)

    answer = manager.get(url(brand, "workspace_goals_export"), {"incomplete": "on", "sort": "title"})

    text = sheets.decode(answer.content)
    rows = list(sheets.read(text))
    assert answer["Content-Type"].startswith("text/csv")
    assert "'=1+1" in text
    assert rows[0][:4] == ["Brand", "Goal", "Status", "Lacks"]
    assert [row[:4] for row in rows[1:]] == [
        ["Zinc", "=1+1", "not measured yet", "S"], ["Atelier", "Gamma", "not measured yet", "M, R"],
    ]  # fmt: skip
    assert rows[1][7:] == ["At least 3 posts published per week", "2026-11-02", "2026-11-29"]


def test_empty_workspace_says_what_will_stand_there(manager: Client, brand: Brand) -> None:
    answer = manager.get(url(brand))

    assert words(answer, ".empty h2") == ["The goals of your brands will stand here"]
    assert words(answer, ".goal-filters") == []
