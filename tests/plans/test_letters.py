"""Which letters a goal lacks stays written down, and the next goal is raised to what was reached."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from personas.services import delete_persona
from plans import services
from plans.models import Goal, Plan
from plans.queries import full_draft, goal_specs
from plans.rules.drafted import Basis, TargetDraft
from plans.rules.facts import Aggregation, Comparison, Per
from plans.rules.raising import raised
from plans.rules.smart import check, pace
from plans.rules.targets import DeliveryFact, evaluate
from plans.templatetags.plans import stands_on
from teams.rules import Role
from tests import make
from tests.judging import record_evaluation
from tests.plans.test_pages import at, enter, soup, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def plan() -> Plan:
    return make.plan()


def by(plan: Plan) -> Any:
    return make.person(Role.MANAGER, brand=plan.brand)


def expected(goal: Goal) -> str:
    """What the SMART test says of the goal as it is stored."""
    goal = Goal.objects.with_all().select_related("plan__brand__workspace").get(pk=goal.pk)
    answers = goal.persona_answers.select_related("persona")
    return "".join(verdict.letter for verdict in check(full_draft(goal, answers)) if not verdict.is_met)


def lacks(goal: Goal) -> str:
    goal.refresh_from_db()
    assert goal.lacks == expected(goal)
    return goal.lacks


def test_what_a_goal_lacks_follows_every_change(plan: Plan) -> None:
    manager, persona = by(plan), make.persona(brand=plan.brand)
    network = make.network("instagram")
    facts: dict[str, Any] = {
        "title": "Show our culture", "action": "The team shares photos.", "objective": make.objective(brand=plan.brand),
        "network": network, "owner": None, "starts_on": date(2026, 11, 2), "due_on": date(2026, 11, 29),
    }  # fmt: skip
    likes: services.TargetFacts = {"metric": make.metric("likes"), "value": Decimal(30), "per": "delivery"}

    goal = services.create_goal(plan=plan, targets=[], answers={}, by=manager, now=make.NOW, **facts)
    assert lacks(goal) == "MAR"
    answers = {persona: "It shows who we are."}
    services.edit_goal(goal=goal, targets=[likes], answers=answers, by=manager, version=None, **facts)
    assert lacks(goal) == ""
    services.edit_goal(
        goal=goal, targets=[likes], answers=answers, by=manager, version=None,
        **{**facts, "action": "", "objective": None},
    )  # fmt: skip
    assert lacks(goal) == "SR"

    services.edit_goal(goal=goal, targets=[likes], answers=answers, by=manager, version=None, **facts)
    delete_persona(persona=persona, by=manager)
    assert services.recheck_goals(brand=plan.brand) == 1
    assert lacks(goal) == "R"
    make.given("instagram", "delivery", "likes", is_given=False)  # type: ignore[arg-type]
    services.recheck_goals(brand=plan.brand)
    assert lacks(goal) == "MR"
    assert services.recheck_goals(brand=plan.brand) == 0


def test_checking_all_goals_again_costs_the_same_for_one_and_for_five(plan: Plan) -> None:
    def cost(count: int) -> int:
        for _number in range(count):
            make.target(goal=make.goal(plan=plan, lacks="X"), network="instagram")
        with CaptureQueriesContext(connection) as queries:
            services.recheck_goals(brand=plan.brand)
        return len(queries)

    assert cost(1) == cost(4)
    assert all(goal.lacks == expected(goal) for goal in Goal.objects.all())


# -- the pace of the time before --------------------------------------------------------------------------------------

BASIS = Basis(starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 31), counted=21, lacking=3)
LIKES = TargetDraft(
    metric="likes", metric_name="Likes", per=Per.DELIVERY, aggregation=Aggregation.LAST, value=Decimal(30),
    observed=Decimal(25), basis=BASIS,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "21 posts with figures from 1 Sep to 31 Oct 2026; 3 without"),
        ({"metric": "published_deliveries", "per": Per.WEEK}, "21 posts from 1 Sep to 31 Oct 2026; 3 without"),
        ({"per": Per.WHOLE, "basis": Basis(starts_on=date(2025, 12, 1), ends_on=date(2026, 1, 31), counted=1)},
         "1 figure from 1 Dec 2025 to 31 Jan 2026"),
        ({"baseline": Decimal(20)}, ""),
    ],
)  # fmt: skip
def test_the_pace_says_what_it_stands_on(changes: dict[str, Any], said: str) -> None:
    draft = TargetDraft(**{**LIKES.__dict__, **changes})

    assert stands_on(pace(draft)) == said


def test_a_share_is_compared_in_percent() -> None:
    draft = TargetDraft(**{**LIKES.__dict__, "metric": "published_deliveries", "aggregation": Aggregation.SHARE})

    assert pace(draft).unit == "percent"


# -- the next goal ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reached", "number"),
    [
        ({}, 45, 33),  # of each post: a tenth more than was asked
        ({"per": Per.WEEK}, 45, 50),
        ({"per": Per.WEEK}, 418, 460),
        ({"per": Per.WEEK, "value": Decimal(3)}, "3.1", 4),
        ({"per": Per.WEEK, "unit": "percent"}, 95, 100),
        ({"per": Per.WEEK, "unit": "percent", "value": Decimal("2.5")}, "2.4", "2.8"),
        ({"per": Per.WEEK, "comparison": Comparison.AT_MOST}, 20, None),
        ({"per": Per.WEEK}, None, None),
    ],
)
def test_a_number_is_raised_to_what_was_reached_and_a_step(changes: dict[str, Any], reached: Any, number: Any) -> None:
    draft = TargetDraft(**{**LIKES.__dict__, **changes})

    found = raised(draft, None if reached is None else Decimal(reached))

    assert found == (None if number is None else Decimal(number))


def test_the_next_goal_is_filled_in_and_raised_and_says_so(client: Client) -> None:
    brand = enter(client)
    goal = make.goal(plan=make.plan(brand=brand), status="achieved", title="First")
    make.target(goal=goal, value=Decimal(3), network="instagram", baseline=Decimal(1))
    make.target(goal=goal, comparison="at_most", value=Decimal(9), network="instagram", position=1)
    facts = [
        DeliveryFact(id=n, label="", network="instagram", account_id=1, format="photo", day=date(2026, 11, 2 + n))
        for n in range(28) if n % 7 < 5
    ]  # fmt: skip
    evaluation = evaluate(
        goal_specs(goal), facts, [], starts_on=goal.starts_on, due_on=goal.due_on, today=date(2026, 11, 30),
        first_weekday=0,
    )  # fmt: skip
    record_evaluation(goal=goal, evaluation=evaluation, data_until=None, now=make.NOW)

    page = client.get(at(brand, "goal_create") + f"?after={goal.pk}")

    values = [soup(page).select_one(f"[name=targets-{n}-value]")["value"] for n in (0, 1)]  # type: ignore[index]
    assert values == ["6", "9"]
    assert soup(page).select_one("[name=targets-0-baseline]").get("value") is None  # type: ignore[union-attr]
    assert words(page, ".raised li") == [
        "Filled in from the goal before, for as long again; change what you like.",
        "“At least 3 posts published on Instagram per week” was met, with 5: raised to 6.",
        "What was not met, and upper limits, stay as they were.",
    ]


# -- the letters of the form and the matrix ---------------------------------------------------------------------------


def test_each_letter_says_beside_its_fields_what_it_lacks(client: Client) -> None:
    brand = enter(client)
    make.plan(brand=brand)
    make.persona(brand=brand, name="Léa")

    page = soup(client.get(at(brand, "goal_create")))

    assert [part.select_one(".verdict")["id"] for part in page.select("section.letter")] == [  # type: ignore[index]
        f"verdict-{letter}" for letter in "SMART"
    ]
    relevant = page.select("section.letter")[3].get_text(" ", strip=True)
    assert "Say for at least one persona how this helps to reach them." in relevant
    assert "How does this help reach Léa?" in relevant


def test_matrix_shows_whom_each_goal_serves_and_who_is_left_out(client: Client) -> None:
    brand = enter(client)
    plan = make.plan(brand=brand)
    lea, marc = make.persona(brand=brand, name="Léa"), make.persona(brand=brand, name="Marc")
    make.persona(brand=brand, name="Nobody we want", is_negative=True)
    goal, aimless = make.goal(plan=plan, title="Culture"), make.goal(plan=plan, title="Aimless")
    make.goal_persona(goal=goal, persona=lea, how_it_helps="She sees who we are.")
    url = at(brand, "goal_matrix")

    page = client.get(url)

    assert words(page, "thead th") == ["Goal", "Léa", "Marc"]
    assert words(page, "tbody td") == [
        "She sees who we are.", "Say how Culture, Marc", "Say how Aimless, Léa", "Say how Aimless, Marc",
    ]  # fmt: skip
    link = soup(page).select("tbody td a")[0]["href"]
    assert link == at(brand, "goal_edit", pk=goal.pk) + f"#id_persona-{marc.pk}"
    assert soup(client.get(str(link))).select(f"#id_persona-{marc.pk}")
    assert words(page, ".alert") == ["No goal serves: Marc", "These goals serve nobody yet: Aimless"]
    assert words(page, "tfoot td") == ["1 goal", "0 goals"]
    make.goal_persona(goal=aimless, persona=marc)
    assert words(client.get(url), ".alert") == ["Every goal serves a persona, and every persona is served by a goal."]
    client.force_login(make.person(Role.GUEST, brand=brand))
    assert soup(client.get(url)).select("tbody td a") == []


def test_matrix_costs_the_same_for_one_and_for_three(client: Client) -> None:
    brand = enter(client)
    plan = make.plan(brand=brand)
    url = at(brand, "goal_matrix")

    def cost(count: int) -> int:
        for _number in range(count):
            make.goal_persona(goal=make.goal(plan=plan, network=make.network()))
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    assert cost(1) == cost(2)
