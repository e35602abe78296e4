"""Step 5: what it counts as done."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from calendar_app.steps import calendar_checklist, calendar_summary
from plans.models import Plan
from plans.steps import all_steps
from tests import make
from tests.calendar_app.conftest import Place
from tests.make import NOW


def met(plan: Plan) -> list[bool]:
    return [check.is_met for check in calendar_checklist(plan).checks]


def plan_of(place: Place) -> Any:
    return make.plan(brand=place.brand)


def test_step_5_is_registered(place: Place) -> None:
    assert [step.url_name for step in all_steps() if step.number == 5] == ["calendar"]


def test_an_empty_calendar_has_done_nothing(place: Place) -> None:
    assert met(plan_of(place)) == [False] * 5


def test_a_calendar_is_complete_when_every_account_has_something_planned(place: Place) -> None:
    make.matrix({make.content_kind(brand=place.brand): 100})
    post = make.post(brand=place.brand)
    make.delivery(post=post, publish_at=NOW + timedelta(days=13))
    make.delivery(post=post, publish_at=NOW + timedelta(days=1))
    make.account(brand=place.brand, closed_at=NOW)

    assert met(plan_of(place)) == [True] * 5


def test_an_account_without_plans_and_a_missed_post_are_named(place: Place) -> None:
    plan, post = plan_of(place), make.post(brand=place.brand)
    make.delivery(post=post, publish_at=NOW + timedelta(days=1))
    make.delivery(post=post, publish_at=NOW - timedelta(days=1))
    make.delivery(post=post, publish_at=NOW + timedelta(days=15))

    labels = [str(check.label) for check in calendar_checklist(plan).missing]

    assert labels[2:] == [
        "2 accounts have nothing planned for the next two weeks",
        "1 post was missed: publish it, move it, or enter its address",
    ]


def test_what_is_in_the_bin_counts_for_nothing(place: Place) -> None:
    post = make.post(brand=place.brand, deleted_at=NOW)
    make.delivery(post=post, publish_at=NOW + timedelta(days=1))
    make.delivery(post=post, publish_at=NOW - timedelta(days=1))

    assert met(plan_of(place)) == [False] * 5


def test_the_step_asks_as_often_for_three_accounts_as_for_one(place: Place) -> None:
    plan = plan_of(place)
    make.delivery(post=make.post(brand=place.brand), publish_at=NOW + timedelta(days=1))
    with CaptureQueriesContext(connection) as one:
        calendar_checklist(plan)
        calendar_summary(plan)
    make.delivery(post=make.post(brand=place.brand), publish_at=NOW + timedelta(days=1))
    make.delivery(post=make.post(brand=place.brand))

    plan = Plan.objects.select_related("brand__workspace").get(pk=plan.pk)  # knows nothing yet
    with CaptureQueriesContext(connection) as three:
        calendar_checklist(plan)
        summary = calendar_summary(plan)

    assert len(three) == len(one)
    assert sorted(row["planned"] for row in summary["accounts"]) == [0, 1, 1]
