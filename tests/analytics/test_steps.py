from datetime import timedelta

import pytest
from django.utils import timezone

from analytics.steps import results_checklist, results_summary
from networks.models import Subject
from plans.steps import all_steps
from tests import make

pytestmark = pytest.mark.django_db


def test_sixth_step_is_the_results() -> None:
    last = all_steps()[-1]

    assert (last.number, last.url_name, last.observe is not None) == (6, "results", True)


def test_step_of_a_brand_without_anything_lacks_everything() -> None:
    checklist = results_checklist(make.plan())

    assert [check.is_met for check in checklist.checks] == [False, False, False, False]


def test_step_says_what_is_not_measured() -> None:
    make.given("instagram", Subject.ACCOUNT, "followers")
    plan, now = make.plan(), timezone.now()
    make.goal(plan=plan, starts_on=now.date() - timedelta(days=3), due_on=now.date() + timedelta(days=9))
    fresh, stale = make.account(brand=plan.brand), make.account(brand=plan.brand)
    make.account(brand=plan.brand, network="linkedin")  # gives no followers: nobody waits for them
    measured, _silent = (
        make.delivery(account=fresh, post=make.post(brand=plan.brand), published_at=now - timedelta(days=3))
        for _ in range(2)
    )
    make.observation(delivery=measured, observed_on=now.date())
    make.observation(account=fresh, metric="followers", observed_on=now.date())
    make.observation(account=stale, metric="followers", observed_on=now.date() - timedelta(days=9))

    checklist = results_checklist(plan)

    assert [(str(check.label), check.is_met) for check in checklist.checks] == [
        ("Something was published in the last 30 days", True),
        ("1 post of the last 30 days has no figures yet", False),
        ("1 account's followers were not noted for a week", False),
        ("1 goal cannot be judged yet", False),
    ]
    assert results_summary(plan) == {
        "published": 2, "measured": 1, "goals": [{"status": "not_yet", "label": "not measured yet", "count": 1}],
    }  # fmt: skip


def test_step_is_complete_when_everything_is_measured() -> None:
    make.given("instagram", Subject.ACCOUNT, "followers")
    plan, now = make.plan(), timezone.now()
    make.goal(
        plan=plan, starts_on=now.date() - timedelta(days=3), due_on=now.date() + timedelta(days=9), status="on_track"
    )
    account = make.account(brand=plan.brand)
    published = make.delivery(account=account, post=make.post(brand=plan.brand), published_at=now - timedelta(days=3))
    make.observation(delivery=published, observed_on=now.date())
    make.observation(account=account, metric="followers", observed_on=now.date())

    assert results_checklist(plan).is_complete
