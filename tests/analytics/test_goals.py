from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from activity.models import Kind, Message
from activity.services import record
from analytics import pulls
from analytics.queries.facts import Ask, gather_all
from analytics.services.goals import evaluate_brand, evaluate_goals, evaluate_stale_goals, observe
from audits.models import SocialAccount
from calendar_app import services as calendar
from calendar_app.models import Delivery
from networks.formats import Format
from networks.models import Subject
from plans.models import Goal, GoalProgress, Per
from plans.queries import goal_specs
from plans.rules.targets import Evaluation, Observed
from teams.rules import Role
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 2)
PLACE = "https://www.instagram.com/p/1"


def culture_goal(account: SocialAccount, **values: Any) -> Goal:
    """Instagram: three photos a week, each at least 30 likes and 5 comments, for the four weeks of November."""
    goal = make.goal(brand=account.brand, title="Show our culture", **values)
    make.target(goal=goal, position=0, network="instagram", format=Format.PHOTO, per=Per.WEEK, value=Decimal(3))
    for position, (metric, least) in enumerate((("likes", 30), ("comments", 5)), 1):
        make.target(
            goal=goal, position=position, metric=metric, network="instagram", format=Format.PHOTO, per=Per.DELIVERY,
            value=Decimal(least),
        )  # fmt: skip
    return goal


def photo(
    account: SocialAccount, day: date, *, title: str = "", likes: int = 40, comments: int = 6, **post: Any
) -> Delivery:
    """A photo published at 23:30 of a day in Paris, with its figures."""
    words = make.post(brand=account.brand, title=title or f"Photo of {day:%d.%m.}", **{"format": Format.PHOTO, **post})
    at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=22, minutes=30)
    delivery = make.delivery(post=words, account=account, published_at=at)
    for metric, value in (("likes", likes), ("comments", comments)):
        make.observation(delivery=delivery, metric=metric, value=value, observed_on=day, fetched_at=NOW)
    return delivery


@pytest.fixture
def account() -> SocialAccount:
    make.given("instagram", Subject.DELIVERY, "likes", "comments")
    make.given("instagram", Subject.ACCOUNT, "followers")
    return make.account(brand=make.brand())


def progress(goal: Goal) -> Evaluation:
    return Evaluation.from_json(GoalProgress.objects.get(goal=goal).result)


def test_articles_example_names_the_weeks_and_the_posts_that_fell_short(account: SocialAccount) -> None:
    goal = culture_goal(account, owner=make.person(Role.EDITOR, brand=account.brand))
    for day in (0, 2, 6):  # the last one late on Sunday evening, which is Sunday in Paris
        photo(account, MONDAY + timedelta(days=day))
    photo(account, MONDAY + timedelta(days=7))
    photo(account, MONDAY + timedelta(days=9), title="Roasting at dawn", likes=29)
    photo(account, MONDAY + timedelta(days=9), format=Format.VIDEO, likes=0)  # no photo: not judged
    photo(account, MONDAY + timedelta(days=14))
    photo(account, MONDAY + timedelta(days=15), title="The new sacks", comments=4)
    photo(account, MONDAY + timedelta(days=16))

    evaluate_brand(brand=account.brand, now=NOW)

    goal.refresh_from_db()
    cadence, likes, comments = progress(goal).targets
    assert [(week.starts_on, week.actual) for week in cadence.short_periods] == [(date(2026, 11, 9), 2)]
    assert [(post.label, post.actual) for post in likes.short_deliveries] == [("Roasting at dawn", 29)]
    assert [(post.label, post.actual) for post in comments.short_deliveries] == [("The new sacks", 4)]
    assert (cadence.met, cadence.judged, likes.met, likes.judged) == (2, 3, 7, 8)
    assert goal.status == "at_risk"
    assert GoalProgress.objects.get().data_until == NOW
    told = Message.objects.filter(kind=Kind.GOAL).values_list("recipient", "context__status").distinct()
    assert list(told) == [(goal.owner_id, "at_risk")]


def test_articles_example_is_achieved_when_every_week_and_post_met_it(account: SocialAccount) -> None:
    goal = culture_goal(account)
    for week in range(4):
        for day in (0, 2, 4):
            photo(account, MONDAY + timedelta(weeks=week, days=day))

    evaluate_brand(brand=account.brand, now=datetime(2026, 11, 30, 9, tzinfo=UTC))

    goal.refresh_from_db()
    assert goal.status == "achieved"


def test_figures_that_are_put_right_move_a_goal_that_was_missed(account: SocialAccount) -> None:
    goal = culture_goal(account)
    photos = [photo(account, MONDAY + timedelta(weeks=w, days=d), likes=0) for w in range(4) for d in (0, 2, 4)]
    after = datetime(2026, 12, 1, 9, tzinfo=UTC)
    evaluate_brand(brand=account.brand, now=after)
    goal.refresh_from_db()
    assert goal.status == "missed"

    for delivery in photos:
        make.observation(delivery=delivery, value=50, observed_on=date(2026, 12, 1), fetched_at=after)
    evaluate_brand(brand=account.brand, now=after)

    goal.refresh_from_db()
    assert goal.status == "achieved"


def test_posts_in_the_bin_and_of_other_brands_do_not_count(account: SocialAccount) -> None:
    goal = culture_goal(account)
    photo(account, MONDAY, deleted_at=NOW)
    photo(make.account(), MONDAY)

    evaluate_brand(brand=account.brand, now=NOW)

    assert progress(goal).targets[1].judged == 0


def test_metric_that_a_network_does_not_give_is_neither_zero_nor_awaited(account: SocialAccount) -> None:
    goal = make.goal(brand=account.brand)
    make.target(goal=goal, metric="reach", per=Per.DELIVERY, value=Decimal(100))
    make.target(goal=goal, metric="likes", per=Per.DELIVERY, value=Decimal(30))
    make.delivery(account=account, post=make.post(brand=account.brand), published_at=NOW - timedelta(days=3))

    evaluate_brand(brand=account.brand, now=NOW)

    reach, likes = progress(goal).targets
    assert (reach.not_available, reach.not_yet, reach.judged) == (1, 0, 0)
    assert (likes.not_available, likes.not_yet, likes.judged) == (0, 1, 0)


def test_growth_of_followers_is_judged_from_where_the_account_stood(account: SocialAccount) -> None:
    goal = make.goal(brand=account.brand)
    make.target(goal=goal, metric="followers", aggregation="change", per=Per.WHOLE, value=Decimal(100))
    for day, value in ((MONDAY - timedelta(days=3), 1000), (MONDAY + timedelta(days=10), 1120)):
        make.observation(account=account, metric="followers", value=value, observed_on=day)

    evaluate_brand(brand=account.brand, now=NOW)

    assert progress(goal).targets[0].actual == 120


def test_goals_that_have_not_begun_are_left_alone(account: SocialAccount) -> None:
    goal = culture_goal(account, starts_on=date(2026, 11, 24))

    evaluate_goals(now=NOW)

    assert not GoalProgress.objects.filter(goal=goal).exists()


def test_goals_are_judged_anew_when_the_history_tells_of_a_publication(account: SocialAccount) -> None:
    goal = culture_goal(account)
    started = timezone.now()
    assert evaluate_stale_goals(now=started) == 1  # never judged
    assert evaluate_stale_goals(now=started + timedelta(minutes=1)) == 0  # nothing happened

    delivery = photo(account, MONDAY)
    event = record(by=None, verb="calendar.delivery_published", target=delivery, brand=account.brand)

    assert evaluate_stale_goals(now=event.at + timedelta(minutes=1)) == 1
    assert progress(goal).targets[1].judged == 1
    assert evaluate_stale_goals(now=event.at + timedelta(minutes=2)) == 0


def test_what_the_calendar_does_moves_goals_within_a_drain(account: SocialAccount) -> None:
    now = timezone.now()
    today = now.date()
    goal = culture_goal(account, starts_on=today - timedelta(days=2), due_on=today + timedelta(days=60))
    editor = make.person(Role.EDITOR, brand=account.brand)
    delivery = make.delivery(account=account, post=make.post(brand=account.brand, format=Format.PHOTO))
    evaluate_stale_goals(now=now - timedelta(hours=1))

    def published() -> int:
        pulls.drain(now=timezone.now())
        return int(sum(week.actual or 0 for week in progress(goal).targets[0].periods))

    calendar.mark_published(
        delivery=delivery, permalink="https://instagram.com/p/1", published_at=now, by=editor, now=now
    )
    assert published() == 1
    calendar.unmark_published(delivery=delivery, by=editor, now=now)
    assert published() == 0
    calendar.mark_published(
        delivery=delivery, permalink="https://instagram.com/p/1", published_at=now, by=editor, now=now
    )
    calendar.delete_post(post=delivery.post, by=editor, now=now)
    assert published() == 0
    calendar.restore_post(post=delivery.post, by=editor, now=now)
    assert published() == 1


def test_goals_are_not_judged_anew_for_what_moves_nothing(account: SocialAccount) -> None:
    culture_goal(account)
    evaluate_stale_goals(now=timezone.now())

    record(by=None, verb="plans.goal_status_changed", target=account, brand=account.brand)
    record(by=None, verb="personas.persona_edited", target=account, brand=account.brand)
    record(by=None, verb="calendar.delivery_published", target=account, brand=make.brand())

    assert evaluate_stale_goals(now=timezone.now()) == 0


def test_baseline_is_what_was_reached_in_as_many_days_before(account: SocialAccount) -> None:
    goal = culture_goal(account, starts_on=date(2026, 11, 30), due_on=date(2026, 12, 27))
    for week in range(4):
        for day in range(2):
            photo(account, MONDAY + timedelta(weeks=week, days=day), likes=20)

    numbers = observe(account.brand, goal_specs(goal), goal.starts_on, goal.due_on)

    assert [found.value for found in numbers if found] == [Decimal(2), Decimal(20), Decimal(6)]
    assert numbers[1] == Observed(
        value=Decimal(20), starts_on=MONDAY, ends_on=date(2026, 11, 29), counted=8, lacking=0
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_facts_cost_the_same_for_any_number_of_posts_targets_and_accounts(
    account: SocialAccount, count: int, django_assert_num_queries: Any
) -> None:
    goal = make.goal(brand=account.brand)
    make.metric("leads", subject="brand")
    for number in range(count):
        photo(account, MONDAY + timedelta(days=number))
        make.target(goal=goal, metric="likes", per=Per.DELIVERY, value=Decimal(30))
        make.target(goal=goal, metric="likes", aggregation="sum", format=Format.PHOTO, reach="family")
        make.target(goal=goal, metric="followers", aggregation="last", per=Per.WHOLE, value=Decimal(30))
        make.target(goal=goal, metric="leads", aggregation="sum", per=Per.WHOLE, value=Decimal(30))
        make.account(brand=account.brand)
    asks = [Ask(spec=spec, first=MONDAY, last=NOW.date()) for spec in goal_specs(goal)]

    with django_assert_num_queries(8):
        found = gather_all(account.brand, asks)

    assert [len(found[0].posts.latest), len(found[1].days), len(found[2].series)] == [count, count, count + 1]


def test_brand_whose_goals_cannot_be_judged_keeps_no_other_waiting(
    account: SocialAccount, caplog: pytest.LogCaptureFixture
) -> None:
    day_one = {"plan": make.plan(brand=make.brand(), starts_on=date.min), "starts_on": date.min}
    spoilt, sound = make.goal(**day_one), culture_goal(make.account(brand=make.brand()))
    make.target(goal=spoilt)
    assert spoilt.plan.brand_id < sound.plan.brand_id

    assert evaluate_stale_goals(now=NOW) == 1

    assert list(GoalProgress.objects.values_list("goal", flat=True)) == [sound.pk]
    assert f"brand {spoilt.plan.brand_id} cannot be judged" in caplog.text
