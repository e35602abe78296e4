"""The home of a brand: what waits for whom, the week, what is late, and what it costs."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.models import Goal, GoalStatus, Plan
from plans.six_steps import goals_checklist, states
from plans.steps import FIELDS, Sight, read, read_nearest
from teams.models import Brand, User
from teams.rules import Role
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def brand() -> Brand:
    return make.brand()


@pytest.fixture
def plan(brand: Brand) -> Plan:
    return make.plan(brand=brand)


def home(client: Client, brand: Brand, person: User) -> BeautifulSoup:
    client.force_login(person)
    address = reverse("brand_home", args=[brand.workspace.slug, brand.slug])
    return BeautifulSoup(client.get(address).content, "html.parser")


def texts(page: BeautifulSoup, selector: str) -> list[str]:
    return [" ".join(found.get_text(" ").split()) for found in page.select(selector)]


def waiting(client: Client, brand: Brand, person: User) -> list[str]:
    """What the page says is next, without the badges."""
    page = home(client, brand, person)
    return texts(page, "[aria-labelledby=home-actions] li > a") or texts(page, "[aria-labelledby=home-actions] p")


def test_the_kept_statement_answers_what_a_new_one_would(brand: Brand, plan: Plan) -> None:
    """Twice with other values each time, so that nothing of the first look stays in it."""
    other = make.plan()
    for place, now in ((brand, NOW), (other.brand, NOW + timedelta(days=30))):
        editor = make.person(Role.EDITOR, brand=place)
        busy(place, Plan.objects.get(brand=place), editor)
        later = now.date() + timedelta(days=400)
        make.plan(brand=place, title="Later", starts_on=later, ends_on=later + timedelta(days=90))
        sight = Sight(now=now, today=now.date(), user=editor, role=Role.EDITOR, is_desk=True)
        nearest = Plan.objects.filter(brand=place).nearest(sight.today)[:1]
        kept, new = read_nearest(place, sight), read(nearest, sight)[0]
        assert kept is not None
        assert [getattr(kept, name) for name in FIELDS] == [getattr(new, name) for name in FIELDS]
        assert kept.known == new.known
        assert kept.known["goals"]["all"]
        assert kept.known["waiting"]["my_missed"]
    assert read_nearest(make.brand(), sight) is None


def busy(brand: Brand, plan: Plan, editor: User) -> None:
    """Something for everybody to do."""
    account = make.account(brand=brand, owner=editor, purpose="Be found.", url="https://a.example")
    make.connection(account=make.account(brand=brand, network="mastodon"), state="refused", last_error="401")
    make.review(audit=make.audit(brand=brand), account=account)
    make.goal(plan=plan, title="Half", lacks="MR", due_on=NOW.date() + timedelta(days=9))
    make.goal(plan=plan, title="Ended", status="missed", due_on=NOW.date() - timedelta(days=2))
    make.goal(plan=plan, title="Behind", status="off_track", owner=editor)
    for hours in (-30, -3, 2):
        make.delivery(
            post=make.post(brand=brand, assignee=editor), account=account, publish_at=NOW + timedelta(hours=hours)
        )
    make.delivery(post=make.post(brand=brand), account=account, publish_at=NOW - timedelta(hours=5))
    make.delivery(post=make.post(brand=brand), account=account, published_at=NOW - timedelta(days=4))


def test_each_role_is_told_what_it_can_do_most_urgent_first(client: Client, brand: Brand, plan: Plan) -> None:
    editor = make.person(Role.EDITOR, brand=brand)
    busy(brand, plan, editor)

    assert waiting(client, brand, editor) == [
        "Publish or move 2 posts that you missed", "Look at your goal “Behind”: off track", "Publish 1 post today",
        "Review 1 account in the audit", "Enter the figures of 1 post",
    ]  # fmt: skip
    assert waiting(client, brand, make.person(Role.MANAGER, brand=brand)) == [
        "Ask about 3 posts that the team missed", "Set the goal that follows “Ended”: it has ended",
        "Finish the goal “Half”", "Review 1 account in the audit", "Enter the figures of 1 post",
        "Go on with step 1, Goals: A business objective",
    ]  # fmt: skip
    assert waiting(client, brand, make.person(Role.ADMIN, brand=brand))[:2] == [
        "Connect 1 account again: its network refuses the connection", "Ask about 3 posts that the team missed",
    ]  # fmt: skip
    assert waiting(client, brand, make.person(Role.GUEST, brand=brand)) == ["Nothing waits for you."]


def test_actions_lead_to_where_they_are_done(client: Client, brand: Brand, plan: Plan) -> None:
    editor = make.person(Role.EDITOR, brand=brand)
    busy(brand, plan, editor)

    for person in (editor, make.person(Role.ADMIN, brand=brand)):
        links = home(client, brand, person).select("[aria-labelledby=home-actions] a, [aria-labelledby=home-late] a")
        assert {client.get(link["href"].partition("#")[0]).status_code for link in links} == {200}
    mine = home(client, brand, editor).select_one("[aria-labelledby=home-actions] a")
    assert mine is not None
    assert len(texts(BeautifulSoup(client.get(mine["href"]).content, "html.parser"), ".post-row, tbody tr")) == 2


def test_admin_is_told_of_invitations_and_manager_of_a_plan_that_ended(client: Client, brand: Brand) -> None:
    make.plan(brand=brand, starts_on=NOW.date() - timedelta(days=90), ends_on=NOW.date() - timedelta(days=3))
    make.invitation(workspace=brand.workspace, expires_at=NOW + timedelta(days=1))
    make.invitation(workspace=brand.workspace, expires_at=NOW - timedelta(days=1))
    make.invitation()

    found = waiting(client, brand, make.person(Role.ADMIN, brand=brand))

    assert found[0] == "Open the next plan: this one ended on 11/20/2026"
    assert "See to 1 invitation that nobody has answered" in found
    assert "See to 1 invitation that nobody has answered" not in waiting(
        client, brand, make.person(Role.MANAGER, brand=brand)
    )


def test_late_names_ones_own_posts_first_and_tells_guests_nothing(client: Client, brand: Brand, plan: Plan) -> None:
    editor, account = make.person(Role.EDITOR, brand=brand), make.account(brand=brand)
    titles = {"Theirs": (None, -2), "Mine": (editor, -48), "Just now": (editor, -0.5)}
    for title, (who, hours) in titles.items():
        make.delivery(
            post=make.post(brand=brand, title=title, assignee=who), account=account,
            publish_at=NOW + timedelta(hours=hours),
        )  # fmt: skip
    make.delivery(post=make.post(brand=brand, deleted_at=NOW), account=account, publish_at=NOW - timedelta(hours=2))
    make.delivery(publish_at=NOW - timedelta(hours=2))

    page = home(client, brand, editor)

    assert texts(page, "[aria-labelledby=home-late] li > a") == ["Just now", "Mine", "Theirs"]
    assert texts(page, "[aria-labelledby=home-late] .badge") == ["Reminded, not marked yet", "Missed", "Missed"]
    assert home(client, brand, make.person(Role.GUEST, brand=brand)).select("[aria-labelledby=home-late]") == []


def test_week_shows_some_of_each_day_and_counts_the_others(client: Client, brand: Brand, plan: Plan) -> None:
    for hours in (0, 1, 2, 3, 4, 5, 24 * 6, 24 * 7):
        make.delivery(post=make.post(brand=brand, title=f"In {hours}"), publish_at=NOW + timedelta(hours=hours + 1))

    days = home(client, brand, make.person(Role.GUEST, brand=brand)).select(".week-day")

    assert len(days) == 7
    assert [texts(link, ".week-time") for link in days[0].select("li")] == [
        ["11 a.m."], ["noon"], ["1 p.m."], ["2 p.m."], [],
    ]  # fmt: skip
    assert texts(days[0], "li:last-child a") == ["and 2 more"]  # type: ignore[arg-type]
    assert [len(day.select(".entry")) for day in days] == [4, 0, 0, 0, 0, 0, 1]


def test_goals_are_those_that_need_somebody_and_the_others_are_counted(
    client: Client, brand: Brand, plan: Plan
) -> None:
    for number in range(9):
        make.goal(plan=plan, title=f"Good {number}", status=GoalStatus.ON_TRACK)
    make.goal(plan=plan, title="Bad", status=GoalStatus.OFF_TRACK)

    page = home(client, brand, make.person(Role.GUEST, brand=brand))

    assert texts(page, ".goal-row-title")[0] == "Bad"
    assert len(texts(page, ".goal-row-title")) == 8
    assert texts(page, ".goal-counts .badge") == ["1 off track", "9 on track"]
    assert "All 10 goals" in texts(page, "[aria-labelledby=home-goals] a")


def test_checklist_names_five_incomplete_goals_and_counts_the_others(
    plan: Plan, django_assert_num_queries: Any
) -> None:
    for number in range(8):
        make.goal(plan=plan, title=f"Half {number}", lacks="MT")
    make.goal(plan=plan)
    fresh = Plan.objects.select_related("brand__workspace").get(pk=plan.pk)

    with django_assert_num_queries(1):
        labels = [str(check.label) for check in goals_checklist(fresh).checks]

    assert labels[2:] == [
        "1 of at least 3 complete goals",
        *(f"“Half {number}” is not yet: Measurable, Time-bound" for number in range(5)),
        "and 3 more goals are not complete",
    ]


def test_what_changed_is_told_since_the_visit_before(client: Client, brand: Brand, plan: Plan) -> None:
    editor = make.person(Role.EDITOR, brand=brand)
    make.event(brand=brand, verb="plans.goal_created", label="Old", at=NOW - timedelta(days=2))
    make.visit(brand=brand, user=editor, seen_at=NOW - timedelta(days=1, minutes=-5), before_at=None)

    page = home(client, brand, editor)
    assert texts(page, "#home-since") == ["Since your last visit"]
    assert texts(page, "[aria-labelledby=home-since] p")[0] == "Nothing new since 11/22/2026, 10:05 a.m."

    make.event(brand=brand, verb="plans.goal_edited", label="New", at=NOW - timedelta(hours=1))
    lines = texts(home(client, brand, editor), "[aria-labelledby=home-since] li")
    assert lines == ["Sextant changed the goal “New” 1 h ago"]


def one_more_of_everything(plan: Plan) -> Goal:
    brand = plan.brand
    person = make.person(Role.EDITOR, brand=brand)
    busy(brand, plan, person)
    make.objective(brand=brand)
    make.persona_channel(persona=make.persona(brand=brand), sharing="At noon.")
    make.event(brand=brand, by=person, verb="plans.goal_created", at=NOW)
    goal = make.goal(plan=plan, status="at_risk")
    make.target(goal=goal)
    return goal


def test_home_costs_the_same_for_one_and_for_three_and_less_than_ten(client: Client, brand: Brand, plan: Plan) -> None:
    manager, address = (
        make.person(Role.MANAGER, brand=brand),
        reverse("brand_home", args=[brand.workspace.slug, brand.slug]),
    )
    client.force_login(manager)
    client.get(address)  # notes the visit, and the workspace in the session
    counts = []
    for _ in range(3):
        brand.audits.filter(closed_at=None).update(closed_at=NOW, next_due_on=NOW.date() + timedelta(days=9))
        one_more_of_everything(plan)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))

    assert counts == [9, 9, 9]


def test_steps_of_any_number_of_rows_are_one_query(plan: Plan, django_assert_num_queries: Any) -> None:
    one_more_of_everything(plan)
    fresh = Plan.objects.select_related("brand__workspace").get(pk=plan.pk)

    with django_assert_num_queries(1):
        assert len(states(fresh)) == 6
