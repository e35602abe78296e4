"""Steps 2 and 3: what each still lacks."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from audits import services, steps
from core.checklist import Checklist
from teams.models import Brand
from teams.rules import Role
from tests import make
from tests.audits.standing import standing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(make.NOW, tick=False):
        yield


def audit_checklist(brand: Brand) -> Checklist:
    return steps.audit_checklist(brand, standing(brand))


def accounts_checklist(brand: Brand) -> Checklist:
    return steps.accounts_checklist(brand, standing(brand))


def met(checklist: Any) -> list[bool]:
    return [check.is_met for check in checklist.checks]


def complete(brand: Brand) -> None:
    owner = make.person(Role.MANAGER, brand=brand)
    make.account(brand=brand, owner=owner, purpose="Meet offices", url="https://lumen.example")


def test_nothing_is_met_of_an_empty_brand() -> None:
    brand = make.brand()

    assert met(audit_checklist(brand)) == [False] * 6
    assert met(accounts_checklist(brand)) == [False] * 3


def test_audit_checklist_says_how_many_accounts_lack_what() -> None:
    brand = make.brand()
    complete(brand)
    make.account(brand=brand)
    make.account(brand=brand)

    checklist = audit_checklist(brand)

    assert [str(check.label) for check in checklist.missing][:2] == [
        "2 accounts have no owner",
        "2 accounts have no purpose",
    ]
    assert checklist.missing[0].url == f"/w/{brand.workspace.slug}/b/{brand.slug}/accounts/"


def test_audit_checklist_follows_the_audit_to_its_end_and_until_the_next(django_assert_num_queries: Any) -> None:
    brand = make.brand()
    complete(brand)
    manager = make.person(Role.MANAGER, brand=brand)

    audit = services.start_audit(brand=brand, title="Autumn", started_on=make.NOW.date(), by=manager, now=make.NOW)
    with django_assert_num_queries(1):
        assert met(audit_checklist(brand)) == [True, True, True, True, False, False]

    services.review_account(review=audit.reviews.get(), decision="keep", reason="It works.", by=manager, now=make.NOW)
    assert met(audit_checklist(brand)) == [True, True, True, True, True, False]

    due = make.NOW.date() + timedelta(days=30)
    services.close_audit(audit=audit, next_due_on=due, by=manager, now=make.NOW)
    assert audit_checklist(brand).is_complete

    with time_machine.travel(make.NOW + timedelta(days=30), tick=False):
        assert met(audit_checklist(brand)) == [True, True, True, True, True, False]


def test_accounts_checklist_asks_for_what_the_audit_decided_to_close() -> None:
    brand = make.brand()
    complete(brand)
    account = brand.social_accounts.get()
    admin = make.person(Role.ADMIN, brand=brand)
    audit = services.start_audit(brand=brand, title="Autumn", started_on=make.NOW.date(), by=admin, now=make.NOW)
    assert met(accounts_checklist(brand)) == [True, True, True]
    services.review_account(
        review=audit.reviews.get(), decision="close", reason="Nobody reads it.", by=admin, now=make.NOW
    )
    services.close_audit(audit=audit, next_due_on=make.NOW.date() + timedelta(days=30), by=admin, now=make.NOW)

    before = accounts_checklist(brand)
    make.account(brand=brand, url="https://new.example")
    services.close_account(account=account, by=admin, now=make.NOW)

    assert str(before.missing[0].label) == "1 account should have been closed"
    assert accounts_checklist(brand).is_complete


def test_checklists_leave_out_other_brands_and_closed_accounts() -> None:
    brand = make.brand()
    complete(make.brand(workspace=brand.workspace))
    make.account(brand=brand, closed_at=make.NOW)

    assert met(audit_checklist(brand)) == [False] * 6
    assert met(accounts_checklist(brand)) == [False] * 3
