"""Audits: started from the last one, reviewed, closed for good."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, connection, transaction

from activity.models import Event
from audits import queries, services
from audits.models import AccountReview, Audit
from core.errors import StaleError
from teams.models import Brand, User
from teams.rules import Role
from tests import make

pytestmark = pytest.mark.django_db

TODAY = make.NOW.date()
LATER = TODAY + timedelta(days=91)


def start(brand: Brand, by: User | None = None, **values: Any) -> Audit:
    by = by or make.person(Role.MANAGER, brand=brand)
    fields = {"title": "Autumn", "started_on": TODAY, "now": make.NOW, **values}
    return services.start_audit(brand=brand, by=by, **fields)


def closed(brand: Brand, **found: Any) -> Audit:
    """An audit that was closed before now, with these findings for each account."""
    audit = start(brand, now=make.NOW - timedelta(days=90), started_on=TODAY - timedelta(days=90))
    audit.reviews.update(**{"decision": "keep", "reason": "It works.", **found})
    manager = make.person(Role.MANAGER, brand=brand)
    return services.close_audit(
        audit=audit, next_due_on=TODAY - timedelta(days=1), by=manager, now=make.NOW - timedelta(days=89)
    )


def test_start_audit_reviews_every_account_in_use() -> None:
    brand = make.brand()
    accounts = {make.account(brand=brand).pk, make.account(brand=brand).pk}
    make.account(brand=brand, closed_at=make.NOW)
    make.account()

    audit = start(brand)

    assert set(audit.reviews.values_list("account", flat=True)) == accounts
    event = Event.objects.get()
    assert (event.verb, event.after["accounts"]) == ("audits.audit_started", 2)


def test_start_audit_begins_with_what_the_last_closed_one_found() -> None:
    brand = make.brand()
    account = make.account(brand=brand)
    closed(brand, audience="People at work", is_on_brand=False, notes="New logo", followers=1200, last_post_on=TODAY)
    newcomer = make.account(brand=brand)

    audit = start(brand)

    review = audit.reviews.get(account=account)
    assert (review.audience, review.is_on_brand, review.notes) == ("People at work", False, "New logo")
    assert (review.followers, review.last_post_on, review.decision, review.reason) == (None, None, "", "")
    last = {row.review.account_id: row.last for row in queries.review_rows(audit)}
    assert last[account.pk].followers == 1200
    assert last[newcomer.pk] is None


def test_start_audit_refuses_a_second_open_one_and_an_empty_inventory() -> None:
    brand = make.brand()

    with pytest.raises(services.AuditError):
        start(brand)
    make.account(brand=brand)
    start(brand)
    with pytest.raises(services.AuditError):
        start(brand)

    assert Audit.objects.count() == 1


def test_start_audit_refuses_a_next_one_before_it() -> None:
    brand = make.account().brand

    with pytest.raises(services.AuditError) as refusal:
        start(brand, next_due_on=TODAY)

    assert refusal.value.field == "next_due_on"
    assert Audit.objects.count() == 0


def test_review_account_says_who_found_what_and_when() -> None:
    review = make.review()
    editor = make.person(brand=review.audit.brand)

    services.review_account(
        review=review, by=editor, now=make.NOW, version=1, followers=0, decision="improve", reason="No bio."
    )

    review.refresh_from_db()
    assert (review.followers, review.decision, review.version) == (0, "improve", 2)
    assert (review.reviewed_by, review.reviewed_at) == (editor, make.NOW)
    event = Event.objects.get()
    assert event.after == {"followers": 0, "decision": "improve", "reason": "No bio."}
    assert event.about == f"audit:{review.audit_id}"


@pytest.mark.parametrize("reason", ["", "  "])
def test_review_account_wants_a_reason_with_a_decision(reason: str) -> None:
    review = make.review()

    with pytest.raises(services.AuditError) as refusal:
        services.review_account(
            review=review, by=make.person(brand=review.audit.brand), now=make.NOW, decision="keep", reason=reason
        )

    assert refusal.value.field == "reason"


def test_review_account_knows_today_of_the_brand() -> None:
    """At 23:30 in UTC it is tomorrow already in Paris."""
    review = make.review()
    editor = make.person(brand=review.audit.brand)
    late = make.NOW.replace(hour=23, minute=30)

    services.review_account(review=review, by=editor, now=late, last_post_on=TODAY + timedelta(days=1))
    with pytest.raises(services.AuditError) as refusal:
        services.review_account(review=review, by=editor, now=late, last_post_on=TODAY + timedelta(days=2))

    assert refusal.value.field == "last_post_on"


def test_review_account_refuses_an_older_version() -> None:
    review = make.review(version=2)

    with pytest.raises(StaleError):
        services.review_account(
            review=review, by=make.person(brand=review.audit.brand), now=make.NOW, version=1, notes="Mine"
        )


def test_close_audit_waits_until_every_account_is_decided() -> None:
    brand = make.brand()
    for _ in range(2):
        make.account(brand=brand)
    audit = start(brand)
    manager = make.person(Role.MANAGER, brand=brand)
    services.review_account(review=audit.reviews.first(), by=manager, now=make.NOW, decision="keep", reason="It works.")

    with pytest.raises(services.AuditError, match="1 account is not decided yet"):
        services.close_audit(audit=audit, next_due_on=LATER, by=manager, now=make.NOW)

    audit.refresh_from_db()
    assert audit.is_open


@pytest.mark.parametrize("due", [TODAY, TODAY - timedelta(days=1)])
def test_close_audit_wants_the_next_one_on_a_day_to_come(due: date) -> None:
    review = make.review(decision="keep", reason="It works.")

    with pytest.raises(services.AuditError) as refusal:
        services.close_audit(
            audit=review.audit, next_due_on=due, by=make.person(Role.MANAGER, brand=review.audit.brand), now=make.NOW
        )

    assert refusal.value.field == "next_due_on"


def test_closed_audit_stays_as_it_was_whatever_becomes_of_the_account() -> None:
    brand = make.brand()
    account = make.account(brand=brand, handle="lumen", mission="Show how we roast.", owner=make.person(brand=brand))
    owner = str(account.owner)
    audit = closed(brand)
    admin = make.person(Role.ADMIN, brand=brand)

    services.edit_account(account=account, by=admin, handle="newname", mission="Sell.", owner=None)

    facts = audit.reviews.get().facts
    assert (facts["handle"], facts["mission"], facts["owner"]) == ("lumen", "Show how we roast.", owner)


def test_closed_audit_refuses_every_later_change() -> None:
    brand = make.brand()
    make.account(brand=brand)
    audit = closed(brand)
    manager = make.person(Role.MANAGER, brand=brand)

    for verb, values in [
        (services.edit_audit, {"audit": audit, "title": "x", "started_on": TODAY, "next_due_on": None}),
        (services.close_audit, {"audit": audit, "next_due_on": LATER, "now": make.NOW}),
        (services.review_account, {"review": audit.reviews.get(), "now": make.NOW, "notes": "x"}),
    ]:
        with pytest.raises(services.AuditError):
            verb(by=manager, **values)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.GUEST, None])
def test_who_may_not_close_audits_is_refused(role: Role | None) -> None:
    review = make.review(decision="keep", reason="It works.")
    brand = review.audit.brand
    by = make.person(role, brand=brand) if role else make.person(Role.ADMIN)

    for verb, values in [
        (services.start_audit, {"brand": brand, "title": "x", "started_on": TODAY, "now": make.NOW}),
        (services.edit_audit, {"audit": review.audit, "title": "x", "started_on": TODAY, "next_due_on": None}),
        (services.close_audit, {"audit": review.audit, "next_due_on": LATER, "now": make.NOW}),
    ]:
        with pytest.raises(PermissionDenied):
            verb(by=by, **values)


@pytest.mark.parametrize("role", [Role.GUEST, None])
def test_who_may_not_review_is_refused(role: Role | None) -> None:
    review = make.review()
    by = make.person(role, brand=review.audit.brand) if role else make.person(Role.ADMIN)

    with pytest.raises(PermissionDenied):
        services.review_account(review=review, by=by, now=make.NOW, notes="x")


# -- what the database refuses --------------------------------------------------------------------------------------


def test_database_refuses_two_open_audits() -> None:
    audit = make.audit()

    with pytest.raises(IntegrityError, match="audit_one_open"), transaction.atomic():
        make.audit(brand=audit.brand)


def test_database_refuses_a_next_audit_before_this_one() -> None:
    with pytest.raises(IntegrityError, match="audit_next_after_start"), transaction.atomic():
        make.audit(started_on=TODAY, next_due_on=TODAY)


def test_database_refuses_a_closed_audit_without_a_next_one() -> None:
    with pytest.raises(IntegrityError, match="audit_closed_names_next"), transaction.atomic():
        make.audit(closed_at=make.NOW)


def test_database_refuses_a_decision_without_a_reason() -> None:
    with pytest.raises(IntegrityError, match="account_review_decision_has_reason"), transaction.atomic():
        make.review(decision="keep")


def test_database_refuses_an_account_twice_in_an_audit() -> None:
    review = make.review()

    with pytest.raises(IntegrityError, match="account_review_unique"), transaction.atomic():
        make.review(audit=review.audit, account=review.account)


def test_database_refuses_the_account_of_another_brand() -> None:
    review = make.review()
    foreign, reviews = make.account(), AccountReview.objects.all()

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for change in (lambda: make.review(audit=review.audit, account=foreign), lambda: reviews.update(account=foreign)):
        with pytest.raises(IntegrityError, match="account_review_account_same_brand"), transaction.atomic():
            change()


def test_database_freezes_a_closed_audit() -> None:
    brand = make.brand()
    make.account(brand=brand)
    audit = closed(brand)
    late = make.account(brand=brand)

    for change in [
        lambda: Audit.objects.filter(pk=audit.pk).update(title="x"),
        lambda: Audit.objects.filter(pk=audit.pk).update(closed_at=None),
        lambda: Audit.objects.filter(pk=audit.pk).delete(),
        lambda: audit.reviews.update(notes="x"),
        lambda: audit.reviews.update(audit=make.audit(brand=brand)),
        lambda: audit.reviews.all().delete(),
        lambda: AccountReview.objects.create(audit=audit, account=late),
    ]:
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()

    assert Audit.objects.get(pk=audit.pk).title == "Autumn"
    assert audit.reviews.get().notes == ""


def test_deleting_a_person_leaves_a_closed_audit_without_their_name() -> None:
    brand = make.brand()
    make.account(brand=brand)
    audit = closed(brand)

    audit.closed_by.delete()

    audit.refresh_from_db()
    assert audit.closed_by is None
