"""Only what moved is judged again, with a bounded number of statements."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activity.services import record
from analytics.models import Arrival, Source
from analytics.services import evaluate_brand, evaluate_stale_goals, evaluate_touched
from analytics.services.store import New, store
from audits.models import SocialAccount
from networks.models import Subject
from personas.services import delete_persona
from plans.models import Goal, GoalProgress, Per, Target
from plans.services import delete_goal, recheck_goals
from teams.models import Brand
from teams.rules import Role
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=5)


@pytest.fixture
def brand() -> Brand:
    make.given("instagram", Subject.DELIVERY, "likes", "comments")
    make.given("instagram", Subject.ACCOUNT, "followers")
    return make.brand()


def goal_for(brand: Brand, **target: Any) -> Goal:
    goal = make.goal(plan=brand.plans.first() or make.plan(brand=brand))
    make.target(goal=goal, **{"metric": "likes", "per": Per.DELIVERY, **target})
    return goal


def many_goals(account: SocialAccount, count: int) -> None:
    """Goals about likes of one account's posts."""
    plan = account.brand.plans.first() or make.plan(brand=account.brand)
    goals = Goal.objects.bulk_create(
        Goal(
            workspace_id=account.brand.workspace_id, brand=account.brand, plan=plan, title=f"Goal {number}",
            starts_on=date(2026, 11, 2),
            due_on=date(2026, 11, 29),
        )
        for number in range(count)
    )  # fmt: skip
    metric = make.metric("likes")
    Target.objects.bulk_create(
        Target(
            workspace_id=account.brand.workspace_id, brand=account.brand, goal=goal, metric=metric, account=account,
            per=Per.DELIVERY, aggregation="last", value=Decimal(30),
        )
        for goal in goals
    )  # fmt: skip


def pulled(account: SocialAccount, *, likes: int, at: datetime = SOON) -> None:
    """What a pull of an account writes."""
    metric = make.metric("likes").pk
    posts = account.deliveries.values_list("pk", flat=True)
    rows = [New(subject_id=pk, metric=metric, observed_on=at.date(), value=Decimal(likes)) for pk in posts]
    store(brand=account.brand, subject=Subject.DELIVERY, rows=rows, source=Source.API, at=at)


def test_pull_of_one_account_judges_its_goals_alone(brand: Brand) -> None:
    mine, other = make.account(brand=brand), make.account(brand=brand)
    for account, count in ((mine, 12), (other, 188)):
        many_goals(account, count)
        for day in range(3):
            post = make.post(brand=brand)
            make.delivery(post=post, account=account, published_at=NOW - timedelta(days=1 + day))
        pulled(account, likes=40, at=NOW)
    assert evaluate_brand(brand=brand, now=NOW) == 200
    assert not Arrival.objects.exists()

    pulled(mine, likes=20)
    with CaptureQueriesContext(connection) as sent:
        assert evaluate_touched(brand=brand, now=SOON) == 12

    moved = GoalProgress.objects.filter(evaluated_at=SOON)
    assert set(moved.values_list("goal__targets__account", "goal__status")) == {(mine.pk, "off_track")}
    told_of_a_change = 4 * 12  # the status, its line in the history, and which people and webhooks are told
    assert len(sent) <= 21 + told_of_a_change
    assert not Arrival.objects.exists()


def test_pull_that_moves_no_status_costs_the_same_for_any_number_of_goals(brand: Brand) -> None:
    counts = []
    for number in (1, 3):
        account = make.account(brand=brand)
        make.delivery(post=make.post(brand=brand), account=account, published_at=NOW - timedelta(days=1))
        many_goals(account, number)
        pulled(account, likes=40, at=NOW)
        evaluate_brand(brand=brand, now=NOW)

        pulled(account, likes=41)
        with CaptureQueriesContext(connection) as sent:
            assert evaluate_touched(brand=brand, now=SOON) == number
        counts.append(len(sent))

    assert counts[0] == counts[1] <= 21


def test_verdict_that_stays_is_not_written_again(brand: Brand) -> None:
    account = make.account(brand=brand)
    make.delivery(post=make.post(brand=brand), account=account, published_at=NOW - timedelta(days=1))
    goal = goal_for(brand, account=account, value=Decimal(30))
    pulled(account, likes=40, at=NOW)
    evaluate_brand(brand=brand, now=NOW)

    with CaptureQueriesContext(connection) as sent:
        evaluate_brand(brand=brand, now=SOON)

    written = [query["sql"] for query in sent if "plans_goalprogress" in query["sql"] and "SELECT" not in query["sql"]]
    assert [sql.split(" SET ")[1].split(" WHERE")[0].count("=") for sql in written] == [1]
    assert (GoalProgress.objects.get(goal=goal).evaluated_at, goal.progress.data_until) == (SOON, NOW)


@pytest.mark.parametrize(
    ("target", "is_judged"),
    [
        ({}, True),
        ({"network": "instagram"}, True),
        ({"network": "linkedin"}, False),
        ({"metric": "comments"}, False),
        ({"per": Per.WEEK, "aggregation": "sum", "format": "video"}, True),  # posts of the account, whatever they are
        ({"metric": "followers", "per": Per.WHOLE, "aggregation": "last"}, False),
        ({"metric": "published_deliveries", "per": Per.WEEK}, False),
    ],
)
def test_figures_judge_the_goals_that_count_them(brand: Brand, target: dict[str, Any], is_judged: bool) -> None:
    account = make.account(brand=brand)
    make.delivery(post=make.post(brand=brand), account=account, published_at=NOW - timedelta(days=1))
    goal_for(brand, **target)
    evaluate_brand(brand=brand, now=NOW)

    pulled(account, likes=20)

    assert evaluate_touched(brand=brand, now=SOON) == is_judged


def test_figures_of_other_days_judge_nothing(brand: Brand) -> None:
    account = make.account(brand=brand)
    make.delivery(post=make.post(brand=brand), account=account, published_at=NOW - timedelta(days=40))
    goal_for(brand)
    evaluate_brand(brand=brand, now=NOW)

    pulled(account, likes=20)

    assert evaluate_touched(brand=brand, now=SOON) == 0


def test_figures_of_a_branch_judge_the_goals_of_those_above_that_count_it(brand: Brand) -> None:
    branch = make.brand(workspace=brand.workspace, parent=make.brand(workspace=brand.workspace, parent=brand))
    sister = make.brand(workspace=brand.workspace)
    family, one = goal_for(brand, reach="family"), goal_for(sister, reach="branch", branch=branch)
    goal_for(brand)
    account = make.account(brand=branch)
    make.delivery(post=make.post(brand=branch), account=account, published_at=NOW - timedelta(days=1))
    for place in (brand, sister):
        evaluate_brand(brand=place, now=NOW)

    pulled(account, likes=20)

    assert evaluate_touched(brand=branch, now=SOON) == 2
    judged = GoalProgress.objects.filter(evaluated_at=SOON)
    assert {(row.goal_id, row.result["targets"][0]["judged"]) for row in judged} == {(family.pk, 1), (one.pk, 1)}


def test_publication_of_a_branch_judges_the_goals_that_count_it(brand: Brand) -> None:
    branch = make.brand(workspace=brand.workspace, parent=brand)
    family = goal_for(brand, metric="published_deliveries", per=Per.WEEK, reach="family")
    goal_for(brand)
    evaluate_brand(brand=brand, now=NOW)

    at = record(by=None, verb="calendar.delivery_published", target=branch, brand=branch).at
    GoalProgress.objects.update(evaluated_at=at - timedelta(minutes=1), judged_on=date(2099, 1, 1))

    assert evaluate_stale_goals(now=NOW) == 1
    assert GoalProgress.objects.get(evaluated_at=NOW).goal == family


def test_goal_that_was_changed_is_judged_alone(brand: Brand) -> None:
    changed, _other = goal_for(brand), goal_for(brand)
    evaluate_brand(brand=brand, now=NOW)
    at = record(by=None, verb="plans.goal_edited", target=changed, brand=brand).at
    GoalProgress.objects.update(evaluated_at=at - timedelta(minutes=1), judged_on=date(2099, 1, 1))

    assert evaluate_stale_goals(now=NOW) == 1
    assert GoalProgress.objects.get(evaluated_at=NOW).goal == changed


def test_goals_are_judged_anew_when_the_day_ends_where_their_brand_is() -> None:
    brands = [make.brand(time_zone=zone) for zone in ("Pacific/Auckland", "America/New_York")]
    for brand in brands:
        goal_for(brand)
    evening = datetime(2026, 11, 23, 10, 50, tzinfo=UTC)  # 23:50 in Auckland
    assert evaluate_stale_goals(now=evening) == 2
    assert evaluate_stale_goals(now=evening + timedelta(minutes=5)) == 0

    assert evaluate_stale_goals(now=evening + timedelta(minutes=15)) == 1

    judged = dict(GoalProgress.objects.values_list("goal__brand", "judged_on"))
    assert judged == {brands[0].pk: date(2026, 11, 24), brands[1].pk: date(2026, 11, 23)}


def test_figures_that_nobody_judged_are_found_by_the_next_look(brand: Brand) -> None:
    """Whoever wrote them may have been killed before judging."""
    account = make.account(brand=brand)
    make.delivery(post=make.post(brand=brand), account=account, published_at=NOW - timedelta(days=1))
    goal = goal_for(brand)
    evaluate_stale_goals(now=NOW)

    pulled(account, likes=40)

    assert evaluate_stale_goals(now=SOON) == 1
    assert evaluate_stale_goals(now=SOON + timedelta(minutes=1)) == 0
    goal.refresh_from_db()
    assert goal.status == "on_track"


def test_freshness_of_a_goal_is_that_of_the_figures_it_stands_on(brand: Brand) -> None:
    mine, other = make.account(brand=brand), make.account(brand=brand)
    for account in (mine, other):
        make.delivery(post=make.post(brand=brand), account=account, published_at=NOW - timedelta(days=1))
    goal, empty = goal_for(brand, account=mine), goal_for(brand, account=mine, metric="comments")
    pulled(mine, likes=40, at=NOW - timedelta(hours=3))
    pulled(other, likes=40, at=NOW)

    evaluate_brand(brand=brand, now=NOW)

    assert GoalProgress.objects.get(goal=goal).data_until == NOW - timedelta(hours=3)
    assert GoalProgress.objects.get(goal=empty).data_until is None


def test_goal_deleted_meanwhile_is_left_out(brand: Brand) -> None:
    goal = goal_for(brand)
    evaluate_brand(brand=brand, now=NOW)
    delete_goal(goal=goal, by=make.person(Role.MANAGER, brand=brand))

    assert evaluate_brand(brand=brand, now=SOON) == 0


def test_sweep_sees_that_a_persona_went(brand: Brand) -> None:
    goal = make.goal(plan=make.plan(brand=brand), objective=make.objective(brand=brand))
    persona = make.goal_persona(goal=goal).persona
    recheck_goals(brand=brand)
    before = Goal.objects.get(pk=goal.pk).lacks
    evaluate_brand(brand=brand, now=timezone.now())

    delete_persona(persona=persona, by=make.person(brand=brand))
    evaluate_stale_goals(now=timezone.now())

    goal.refresh_from_db()
    assert ("R" in before, "R" in goal.lacks) == (False, True)
