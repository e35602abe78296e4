"""The pages of the plan, as each role sees them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.models import BusinessObjective, Goal, GoalStatus, Plan
from plans.queries import goal_specs
from plans.rules.targets import AccountFact, DeliveryFact, evaluate
from teams.models import Brand
from teams.rules import Role
from tests import make
from tests.judging import record_evaluation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(make.NOW, tick=False):
        yield


def at(brand: Brand, name: str, **kwargs: Any) -> str:
    return reverse(name, kwargs={"workspace": brand.workspace.slug, "brand": brand.slug, **kwargs})


def enter(client: Client, role: Role = Role.MANAGER, brand: Brand | None = None) -> Brand:
    """Signs in a member with that role; answers the brand."""
    brand = brand or make.brand()
    client.force_login(make.person(role, brand=brand))
    return brand


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def words(response: Any, selector: str) -> list[str]:
    return [" ".join(found.get_text(" ").split()) for found in soup(response).select(selector)]


def row(number: int, metric: str = "published_deliveries", **values: Any) -> dict[str, Any]:
    """What the form sends for one target."""
    fields = {"metric": metric, "comparison": "at_least", "value": "3", "per": "week", **values}
    return {f"targets-{number}-{name}": value for name, value in fields.items()}


def errors(response: Any, field: str) -> list[str]:
    """What stands beside a field."""
    return [text.removeprefix("Error: ") for text in words(response, f"#div_id_{field} .field-error")]


def typed(*rows: dict[str, Any], act: str = "save", **values: Any) -> dict[str, Any]:
    """What the form sends for a goal."""
    sent = {"title": "Show our culture", "action": "The team shares photos.", "act": act, "network": ""}
    dates = {"starts_on": "2026-11-02", "due_on": "2026-11-29"}
    forms = {"targets-TOTAL_FORMS": str(len(rows)), "targets-INITIAL_FORMS": "0"}
    for one in rows:
        forms |= one
    return {**sent, **dates, **forms, **values}


def complete_goal(plan: Plan, **values: Any) -> Goal:
    """A goal that meets all five letters."""
    brand = plan.brand
    fields = {"action": "The team shares photos.", "network": make.network("instagram"), **values}
    fields.setdefault("objective", brand.business_objectives.first() or make.objective(brand=brand))
    goal = make.goal(plan=plan, **fields)
    make.target(goal=goal, network="instagram")
    make.goal_persona(goal=goal, persona=brand.personas.first() or make.persona(brand=brand))
    return goal


@pytest.fixture(autouse=True)
def _catalogue() -> None:
    for slug in ("published_deliveries", "likes", "comments"):
        make.metric(slug, is_vanity=slug == "likes")
    make.network("instagram")


# -- home -----------------------------------------------------------------------------------------------------------


def test_home_without_a_plan_leads_to_opening_one(client: Client) -> None:
    brand = enter(client)

    page = client.get(at(brand, "brand_home"))

    assert [link["href"] for link in soup(page).select(".empty a")] == [at(brand, "plan_create")]
    client.force_login(make.person(Role.EDITOR, brand=brand))
    assert soup(client.get(at(brand, "brand_home"))).select(".empty a") == []


def test_home_shows_six_steps_and_what_each_lacks(client: Client) -> None:
    brand = enter(client)
    plan = make.plan(brand=brand)
    make.goal(plan=plan, title="Half a goal", lacks="MR")

    page = client.get(at(brand, "brand_home"))

    numbers = words(page, ".step-row .step-number")
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    first = words(page, ".step-row")[0]
    assert "A business objective" in first
    assert "0 of at least 3 complete goals" in first
    assert words(page, ".page-actions a") == ["Next: step 1, Goals"]


def test_home_puts_what_needs_attention_first(client: Client) -> None:
    brand = enter(client)
    plan = make.plan(brand=brand)
    for status in GoalStatus:
        make.goal(plan=plan, status=status, title=f"Goal {status}")
    followed = make.goal(plan=plan, status="missed", title="Followed")
    make.goal(plan=plan, predecessor=followed, status="on_track", title="Successor")

    page = client.get(at(brand, "brand_home"))

    assert words(page, ".goal-row-title") == [
        "Goal off_track", "Goal missed", "Goal at_risk", "Goal not_yet", "Goal on_track", "Successor",
        "Goal achieved", "Followed",
    ]  # fmt: skip


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.mark.parametrize("name", ["brand_home", "goal_list", "plan_detail"])
def test_pages_of_goals_cost_the_same_for_one_and_for_three(client: Client, name: str) -> None:
    brand = enter(client)
    plan = make.plan(brand=brand)
    complete_goal(plan, owner=make.person(Role.EDITOR, brand=brand))
    client.get(at(brand, name))
    one = queries(client, at(brand, name))
    for _ in range(2):
        complete_goal(plan, owner=make.person(Role.EDITOR, brand=brand))

    assert queries(client, at(brand, name)) == one


def test_home_of_another_brand_or_workspace_is_not_found(client: Client) -> None:
    enter(client)

    assert client.get(at(make.brand(), "brand_home")).status_code == 404


# -- plan -----------------------------------------------------------------------------------------------------------


def test_first_plan_is_prefilled_with_the_quarter(client: Client) -> None:
    brand = enter(client)

    page = soup(client.get(at(brand, "plan_create")))

    values = {name: page.select_one(f"[name={name}]")["value"] for name in ("title", "starts_on", "ends_on")}  # type: ignore[index]
    assert values == {"title": "October to December 2026", "starts_on": "2026-10-01", "ends_on": "2026-12-31"}


def test_next_plan_is_prefilled_with_the_quarter_after_the_last(client: Client) -> None:
    brand = enter(client)
    make.plan(brand=brand)

    page = soup(client.get(at(brand, "plan_create")))

    assert page.select_one("[name=starts_on]")["value"] == "2027-01-01"  # type: ignore[index]
    assert page.select_one("[name=ends_on]")["value"] == "2027-03-31"  # type: ignore[index]


def test_plan_is_opened_and_refused_with_what_was_typed(client: Client) -> None:
    brand = enter(client)
    sent = {"title": "Winter", "starts_on": "2026-10-01", "ends_on": "2026-09-01"}

    refused = client.post(at(brand, "plan_create"), sent)

    assert (refused.status_code, errors(refused, "ends_on")) == (422, ["A plan must end after the day it starts."])
    assert soup(refused).select_one("[name=title]")["value"] == "Winter"  # type: ignore[index]
    assert client.post(at(brand, "plan_create"), {**sent, "ends_on": "2026-12-31"}).status_code == 302
    assert Plan.objects.get().brand == brand


def test_plan_says_that_it_is_not_ready_until_three_goals_are_complete(client: Client) -> None:
    brand = enter(client, Role.GUEST)
    plan = make.plan(brand=brand)
    complete_goal(plan)

    page = client.get(at(brand, "plan_detail"))
    assert words(page, ".plan-head .alert") == ["This plan is not ready: 1 of at least 3 complete goals."]

    complete_goal(plan)
    complete_goal(plan)
    assert words(client.get(at(brand, "plan_detail", pk=plan.pk)), ".plan-head .alert.tone-amber") == []


def test_plan_shows_objectives_goals_and_missions(client: Client) -> None:
    brand = enter(client)
    plan = make.plan(brand=brand)
    complete_goal(plan, objective=make.objective(brand=brand, title="Sell online"), title="Show our culture")
    make.account(brand=brand, mission="Show how we roast.")

    text = soup(client.get(at(brand, "plan_detail"))).get_text()

    for part in ("Sell online", "Show our culture", "At least 3 posts published on Instagram per week"):
        assert part in text
    assert "Show how we roast." in text


def test_two_people_who_edit_the_plan_see_both_versions(client: Client) -> None:
    brand = enter(client)
    plan = make.plan(brand=brand, title="Theirs", version=2)
    sent = {"title": "Mine", "starts_on": "2026-10-01", "ends_on": "2026-12-31", "version": "1"}

    page = client.post(at(brand, "plan_edit", pk=plan.pk), sent)

    assert page.status_code == 422
    assert "Theirs" in words(page, ".field-error")[0]
    assert soup(page).select_one("[name=title]")["value"] == "Mine"  # type: ignore[index]
    assert client.post(at(brand, "plan_edit", pk=plan.pk), {**sent, "version": "2"}).status_code == 302


# -- objectives -----------------------------------------------------------------------------------------------------


def test_objective_is_added_changed_and_deleted(client: Client) -> None:
    brand = enter(client)
    sent = {"title": "Sell online", "description": "", "owner": "", "horizon_on": "2027-06-30"}

    assert client.post(at(brand, "objective_create"), sent).status_code == 302
    objective = BusinessObjective.objects.get()
    again = client.post(at(brand, "objective_create"), sent)
    assert (again.status_code, errors(again, "title")) == (
        422,
        ["This brand already has that business objective."],
    )
    edited = client.post(at(brand, "objective_edit", pk=objective.pk), {**sent, "title": "Sell more", "version": "1"})
    assert edited.status_code == 302
    assert words(client.get(at(brand, "objective_list")), "tbody th") == ["Sell more"]
    assert client.get(at(brand, "objective_delete", pk=objective.pk)).status_code == 200
    assert client.post(at(brand, "objective_delete", pk=objective.pk)).status_code == 302
    assert not BusinessObjective.objects.exists()


def test_objective_with_goals_says_which_stand_in_the_way(client: Client) -> None:
    brand = enter(client)
    objective = make.objective(brand=brand)
    make.goal(brand=brand, objective=objective, title="In the way")

    page = client.post(at(brand, "objective_delete", pk=objective.pk))

    assert page.status_code == 422
    assert words(page, "main li a") == ["In the way"]


def test_objective_list_costs_the_same_for_one_and_for_three(client: Client) -> None:
    brand = enter(client)
    make.objective(brand=brand, owner=make.person(brand=brand))
    client.get(at(brand, "objective_list"))
    one = queries(client, at(brand, "objective_list"))
    for _ in range(2):
        make.objective(brand=brand, owner=make.person(brand=brand))

    assert queries(client, at(brand, "objective_list")) == one


# -- the goal form ----------------------------------------------------------------------------------------------------


def test_goal_needs_a_plan_first(client: Client) -> None:
    brand = enter(client)

    assert client.get(at(brand, "goal_create"))["Location"] == at(brand, "plan_create")


def test_compound_goal_of_the_method_is_written_with_one_form(client: Client) -> None:
    brand = enter(client)
    plan = make.plan(brand=brand)
    objective, persona = make.objective(brand=brand), make.persona(brand=brand, name="Léa")
    each = {"per": "delivery", "format": "photo"}
    rows = (row(0, format="photo"), row(1, "likes", value="30", **each), row(2, "comments", value="5", **each))
    answer = {f"persona-{persona.pk}": "It shows who we are.", "objective": objective.pk, "network": "instagram"}

    page = client.post(at(brand, "goal_create"), typed(*rows, plan=plan.pk, **answer))

    goal = Goal.objects.get()
    assert page["Location"] == at(brand, "goal_detail", pk=goal.pk)
    listed = client.get(at(brand, "goal_list"))
    assert words(listed, "tbody td p") == [
        "At least 3 photos published on Instagram per week",
        "Each photo on Instagram: at least 30 likes",
        "Each photo on Instagram: at least 5 comments",
    ]


def test_preset_fills_in_the_example_of_the_method(client: Client) -> None:
    brand = enter(client)
    make.plan(brand=brand)

    page = soup(client.get(at(brand, "goal_create") + "?preset=culture"))

    rows = page.select("[data-target-rows] > [data-target-row]")
    assert [found.select_one("[name$=-value]")["value"] for found in rows] == ["3", "30", "5"]  # type: ignore[index]
    assert page.select_one("[name=network] [selected]")["value"] == "instagram"  # type: ignore[index]


def test_check_button_answers_the_verdicts_and_saves_nothing(client: Client) -> None:
    brand = enter(client)
    plan = make.plan(brand=brand)

    page = client.post(at(brand, "goal_create"), typed(row(0, "likes", value="30"), act="check", plan=plan.pk))

    assert page.status_code == 200
    assert not Goal.objects.exists()
    assert words(page, ".verdict-missing") == [
        "Choose the network on which it happens.",
        "Choose the business objective that it supports.",
        "Describe a persona first: whom should it reach?",
    ]
    assert words(page, ".verdict-warning")[0].startswith("All these metrics are pleasant to see")
    assert soup(page).select_one("[name=title]")["value"] == "Show our culture"  # type: ignore[index]


def test_live_check_answers_the_panel_alone(client: Client) -> None:
    brand = enter(client)
    plan = make.plan(brand=brand)

    page = client.post(at(brand, "goal_check"), typed(row(0, value=""), plan=plan.pk, due_on="2026-11-01"))

    assert soup(page).select("html") == []
    assert words(page, ".verdict-head strong") == ["Specific", "Measurable", "Achievable", "Relevant", "Time-bound"]
    assert "“Published posts” lacks its number." in words(page, ".verdict-missing")
    assert "It must be due after the day it starts." in words(page, ".verdict-missing")


def test_another_row_is_added_without_losing_or_judging_what_was_typed(client: Client) -> None:
    brand = enter(client)
    plan = make.plan(brand=brand)

    page = client.post(at(brand, "goal_create"), typed(row(0, value="7"), act="add", plan=plan.pk, title=""))

    rows = soup(page).select("[data-target-rows] > [data-target-row]")
    assert (page.status_code, len(rows)) == (200, 2)
    assert rows[0].select_one("[name=targets-0-value]")["value"] == "7"  # type: ignore[index]
    assert words(page, ".field-error") == []


def test_refused_goal_says_so_beside_each_field_and_keeps_everything(client: Client) -> None:
    brand = enter(client)
    plan = make.plan(brand=brand)
    rows = (row(0, value="5"), row(1, comparison="at_most", value="3"), row(2, value="0.5"))

    page = client.post(at(brand, "goal_create"), typed(*rows, plan=plan.pk, action="Keep my words."))

    assert page.status_code == 422
    second, third = (soup(page).select_one(f"#div_id_targets-{n}-value") for n in (1, 2))
    assert "cannot both be met" in second.get_text()  # type: ignore[union-attr]
    assert "Give a whole number." in third.get_text()  # type: ignore[union-attr]
    assert soup(page).select_one("[name=action]").get_text().strip() == "Keep my words."  # type: ignore[union-attr]
    assert not Goal.objects.exists()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"title": ""}, "title"),
        ({"starts_on": "2026-13-01"}, "starts_on"),
        ({"due_on": "2026-11-02"}, "due_on"),
        ({"due_on": "2027-11-02"}, "due_on"),
        ({"targets-0-value": ""}, "targets-0-value"),
        ({"targets-0-value": "many"}, "targets-0-value"),
        ({"targets-0-metric": "applause"}, "targets-0-metric"),
        ({"targets-0-value": "99999999999999999"}, "targets-0-value"),
    ],
)
def test_bad_input_is_refused_beside_its_field(client: Client, sent: dict[str, str], field: str) -> None:
    brand = enter(client)
    plan = make.plan(brand=brand)

    page = client.post(at(brand, "goal_create"), typed(row(0), **{"plan": plan.pk, **sent}))

    assert page.status_code == 422
    assert soup(page).select(f"#div_id_{field} .field-error")
    assert not Goal.objects.exists()


@pytest.mark.parametrize("field", ["objective", "owner", "plan", "after", "targets-0-place"])
def test_foreign_ids_are_refused(client: Client, field: str) -> None:
    brand = enter(client)
    plan, other = make.plan(brand=brand), make.brand(workspace=brand.workspace)
    foreign = {
        "objective": make.objective(brand=other).pk,
        "owner": make.user().pk,
        "plan": make.plan(brand=other).pk,
        "after": make.goal(brand=other, plan=make.plan(brand=other, starts_on=date(2025, 1, 1))).pk,
        "targets-0-place": f"account:{make.account(brand=other).pk}",
    }

    page = client.post(at(brand, "goal_create"), typed(row(0), **{"plan": plan.pk, field: foreign[field]}))

    assert page.status_code == 422
    assert not Goal.objects.for_brand(brand).exists()


def test_persona_of_another_brand_is_not_asked_about(client: Client) -> None:
    brand = enter(client)
    plan = make.plan(brand=brand)
    foreign = make.persona(brand=make.brand(workspace=brand.workspace))

    client.post(at(brand, "goal_create"), typed(row(0), plan=plan.pk, **{f"persona-{foreign.pk}": "It helps."}))

    assert Goal.objects.get().persona_answers.count() == 0


def test_goal_is_edited_with_its_rows(client: Client) -> None:
    brand = enter(client)
    goal = complete_goal(make.plan(brand=brand))
    target = goal.targets.get()

    shown = soup(client.get(at(brand, "goal_edit", pk=goal.pk)))
    assert shown.select_one("[name=targets-0-value]")["value"] == "3"  # type: ignore[index]
    rows = (row(0, id=target.pk, DELETE="on"), row(1, "comments", value="5"))
    sent = typed(*rows, version="1", network="instagram", **{"targets-INITIAL_FORMS": "1"})
    page = client.post(at(brand, "goal_edit", pk=goal.pk), sent)

    assert page.status_code == 302
    assert [row.metric_id for row in goal.targets.all()] == ["comments"]


def test_two_people_who_edit_a_goal_see_both_versions(client: Client) -> None:
    brand = enter(client)
    goal = complete_goal(make.plan(brand=brand), title="Theirs", version=2)
    target = goal.targets.get()
    sent = typed(row(0, id=target.pk, value="9"), version="1", title="Mine", network="instagram")
    sent["targets-INITIAL_FORMS"] = "1"

    page = client.post(at(brand, "goal_edit", pk=goal.pk), sent)

    assert page.status_code == 422
    assert "Theirs" in soup(page).select_one("#div_id_title .field-error").get_text()  # type: ignore[union-attr]
    assert "At least 3 posts published on Instagram per week" in words(page, ".error-summary")[0]
    assert soup(page).select_one("[name=targets-0-value]")["value"] == "9"  # type: ignore[index]
    assert soup(page).select_one("[name=version]")["value"] == "2"  # type: ignore[index]
    assert client.post(at(brand, "goal_edit", pk=goal.pk), {**sent, "version": "2"}).status_code == 302


def test_form_costs_the_same_for_one_and_for_three_rows(client: Client) -> None:
    brand = enter(client)
    goal = complete_goal(make.plan(brand=brand))
    goal.targets.update(metric="likes", per="delivery", aggregation="last")
    client.get(at(brand, "goal_edit", pk=goal.pk))
    one = queries(client, at(brand, "goal_edit", pk=goal.pk))
    for metric in ("shares", "comments"):
        make.target(goal=goal, metric=metric, network="instagram", per="delivery", value=Decimal(9))
        make.goal_persona(goal=goal)

    assert queries(client, at(brand, "goal_edit", pk=goal.pk)) == one


def test_goal_is_deleted_after_asking(client: Client) -> None:
    brand = enter(client)
    goal = complete_goal(make.plan(brand=brand))

    assert client.get(at(brand, "goal_delete", pk=goal.pk)).status_code == 200
    assert client.post(at(brand, "goal_delete", pk=goal.pk))["Location"] == at(brand, "goal_list")
    assert not Goal.objects.exists()


# -- one goal -------------------------------------------------------------------------------------------------------


def measured(goal: Goal, likes: list[int | None]) -> None:
    facts = [
        DeliveryFact(
            id=number, label=f"Photo {number}", network="instagram", account_id=1, format="photo",
            day=goal.starts_on + timedelta(days=number), figures={} if n is None else {"likes": Decimal(n)},
        )
        for number, n in enumerate(likes)
    ]  # fmt: skip
    accounts: list[AccountFact] = []
    evaluation = evaluate(
        goal_specs(goal), facts, accounts, starts_on=goal.starts_on, due_on=goal.due_on, today=date(2026, 11, 23),
        first_weekday=0,
    )  # fmt: skip
    record_evaluation(goal=goal, evaluation=evaluation, data_until=make.NOW - timedelta(hours=2), now=make.NOW)


def test_goal_names_the_weeks_and_posts_that_fell_short(client: Client) -> None:
    brand = enter(client, Role.GUEST)
    goal = complete_goal(make.plan(brand=brand))
    make.target(goal=goal, metric="likes", per="delivery", aggregation="last", value=Decimal(30), network="instagram")
    measured(goal, [40, 12, None, 50])

    page = client.get(at(brand, "goal_detail", pk=goal.pk))

    assert words(page, ".short-list li")[:2] == ["Week of November 16 · 0 of 3", "Week of November 9 · 0 of 3"]
    assert words(page, ".short-list li")[2] == "Photo 1 11/03/2026: 12 likes"
    assert [a["href"] for a in soup(page).select(".short-list a")] == [
        f"{at(brand, 'calendar')}?view=week&date=2026-11-16", f"{at(brand, 'calendar')}?view=week&date=2026-11-09",
        at(brand, "delivery_figures", pk=1),
    ]  # fmt: skip
    text = " ".join(soup(page).get_text(" ").split())
    assert "1 of 3 weeks" in text
    assert "1 not yet measured" in text
    assert "newest figure: 2 h ago" in text
    assert "computed just now" in text


def test_goal_without_progress_says_not_measured_yet(client: Client) -> None:
    brand = enter(client, Role.GUEST)
    goal = complete_goal(make.plan(brand=brand))

    page = client.get(at(brand, "goal_detail", pk=goal.pk))

    assert "Not measured yet" in soup(page).get_text()
    assert soup(page).select(".page-actions a") == []


def test_settled_goal_asks_for_the_next_one_prefilled(client: Client) -> None:
    brand = enter(client)
    goal = complete_goal(make.plan(brand=brand), status="achieved", title="First")

    page = client.get(at(brand, "goal_detail", pk=goal.pk))
    url = at(brand, "goal_create") + f"?after={goal.pk}"
    assert url in [link["href"] for link in soup(page).select(".page-actions a")]
    form = soup(client.get(url))
    values = [form.select_one(f"[name={name}]")["value"] for name in ("after", "title", "starts_on", "due_on")]  # type: ignore[index]
    assert values == [str(goal.pk), "First", "2026-11-30", "2026-12-27"]
    assert form.select_one("[name=targets-0-value]")["value"] == "3"  # type: ignore[index]
    sent = typed(row(0), after=goal.pk, plan=goal.plan_id, title="Second", starts_on="2026-11-30", due_on="2026-12-27")
    assert client.post(url, sent).status_code == 302
    assert goal.successors.get().title == "Second"
    assert "Second" in soup(client.get(at(brand, "goal_detail", pk=goal.pk))).get_text()


# -- borders and roles ------------------------------------------------------------------------------------------------

OF_ONE = {
    "plan_detail": "plan", "plan_edit": "plan", "objective_edit": "objective", "objective_delete": "objective",
    "goal_detail": "goal", "goal_edit": "goal", "goal_delete": "goal",
}  # fmt: skip


@pytest.mark.parametrize(("name", "noun"), OF_ONE.items())
def test_things_of_another_brand_are_not_found(client: Client, name: str, noun: str) -> None:
    brand = enter(client, Role.ADMIN)
    make.plan(brand=brand)
    other = make.brand(workspace=brand.workspace)
    goal = make.goal(brand=other)
    pk = {"goal": goal.pk, "plan": goal.plan_id, "objective": make.objective(brand=other).pk}[noun]

    assert client.get(at(brand, name, pk=pk)).status_code == 404
    assert client.post(at(brand, name, pk=pk)).status_code in (404, 405)
    assert Goal.objects.count() == 1


def test_successor_of_a_foreign_goal_is_not_found(client: Client) -> None:
    brand = enter(client)
    make.plan(brand=brand)

    assert client.get(at(brand, "goal_create") + f"?after={make.goal().pk}").status_code == 404


WRITING = ("plan_create", "plan_edit", "objective_create", "objective_edit", "goal_create", "goal_edit", "goal_delete")


@pytest.mark.parametrize("name", WRITING)
def test_writing_pages_need_a_manager(client: Client, name: str) -> None:
    brand = enter(client, Role.EDITOR)
    goal = complete_goal(make.plan(brand=brand))
    pks = {"plan": goal.plan_id, "objective": goal.objective_id, "goal": goal.pk}
    kwargs = {} if name.endswith("create") else {"pk": pks[name.partition("_")[0]]}

    assert client.get(at(brand, name, **kwargs)).status_code == 403
    assert client.post(at(brand, name, **kwargs)).status_code == 403


@pytest.mark.parametrize("name", ["brand_home", "plan_detail", "goal_list", "objective_list"])
def test_reading_pages_are_open_to_guests_and_have_one_heading(client: Client, name: str) -> None:
    brand = enter(client, Role.GUEST)
    complete_goal(make.plan(brand=brand))

    page = client.get(at(brand, name))

    assert page.status_code == 200
    assert len(soup(page).select("h1")) == 1
    assert len(soup(page).select(".page-actions .btn-primary")) <= 1
