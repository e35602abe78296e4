"""Audits: started, reviewed account by account, closed for good."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from activity.services import changes, record
from audits import queries
from audits.models import AccountReview, Audit, SocialAccount, account_facts
from audits.services.accounts import locked
from core.errors import Refusal
from core.localtime import local_day
from teams.access import require
from teams.models import Brand, User
from teams.rules import Permission


class AuditError(Refusal):
    """An audit cannot be changed like this."""


class ReviewFacts(TypedDict, total=False):
    """What an audit finds out about an account, and decides."""

    followers: int | None
    last_post_on: date | None
    audience: str
    is_on_brand: bool | None
    decision: str
    reason: str
    notes: str


FACTS = tuple(ReviewFacts.__annotations__)
CARRIED_OVER = ("audience", "is_on_brand", "notes")  # what lasts; followers and dates are looked up anew


@transaction.atomic
def start_audit(
    *, brand: Brand, title: str, started_on: date, by: User, now: datetime, next_due_on: date | None = None
) -> Audit:
    """Start an audit with a review for each open account, from what the last closed audit found. Raises AuditError."""
    require(by, Permission.CLOSE_AUDIT, brand)
    brand = locked(brand)
    if Audit.objects.for_brand(brand).open().exists():
        raise AuditError(_("Close the open audit before you start another."))
    accounts = list(SocialAccount.objects.for_brand(brand).open())
    if not accounts:
        raise AuditError(_("There is no account to review yet. Add the accounts of this brand first."))
    _check_next(started_on, next_due_on)
    audit = Audit.objects.create(
        brand=brand, title=title, started_on=started_on, next_due_on=next_due_on, created_at=now
    )
    found = queries.last_found(audit)
    AccountReview.objects.bulk_create(
        AccountReview(brand=brand, audit=audit, account=account, **_carried(found.get(account.pk)))
        for account in accounts
    )
    after = {"title": title, "started_on": started_on, "accounts": len(accounts)}
    record(by=by, verb="audits.audit_started", target=audit, brand=brand, after=after)
    return audit


@transaction.atomic
def edit_audit(
    *, audit: Audit, title: str, started_on: date, next_due_on: date | None, by: User, version: int | None = None
) -> Audit:
    """Change an open audit's title and dates. Raises AuditError when it is closed, and StaleError."""
    require(by, Permission.CLOSE_AUDIT, audit.brand)
    audit = _open(audit)
    audit.require_version(version)
    _check_next(started_on, next_due_on)
    names = ("title", "started_on", "next_due_on")
    before = {name: getattr(audit, name) for name in names}
    audit.title, audit.started_on, audit.next_due_on = title, started_on, next_due_on
    old, new = changes(before, {name: getattr(audit, name) for name in names})
    if new:
        audit.version += 1
        audit.save(update_fields=["version", *names])
        record(by=by, verb="audits.audit_edited", target=audit, brand=audit.brand, before=old, after=new)
    return audit


@transaction.atomic
def review_account(
    *, review: AccountReview, by: User, now: datetime, version: int | None = None, **facts: Unpack[ReviewFacts]
) -> AccountReview:
    """Note what was found about an account, and decide. Raises AuditError, and StaleError."""
    audit = review.audit
    require(by, Permission.REVIEW_ACCOUNT, audit.brand)
    audit = _open(audit)
    review = AccountReview.objects.select_for_update(of=("self",)).select_related("account__network").get(pk=review.pk)
    review.require_version(version)
    before = _facts(review)
    for name, value in facts.items():
        setattr(review, name, value)
    _check_review(review, local_day(now, audit.brand.time_zone))
    old, new = changes(before, _facts(review))
    if new:
        review.version += 1
        review.reviewed_by, review.reviewed_at = by, now
        review.save(update_fields=["version", "reviewed_by", "reviewed_at", *new])
        record(
            by=by,
            verb="audits.account_reviewed",
            target=review,
            part_of=audit,
            brand=audit.brand,
            label=str(review.account),
            before=old,
            after=new,
        )
    return review


@transaction.atomic
def close_audit(*, audit: Audit, next_due_on: date, by: User, now: datetime, version: int | None = None) -> Audit:
    """Close an audit for good, once every account is decided, and say when the next is due. Raises AuditError.

    What each account says of itself is written into its review, so that the sheet stays as it was.
    """
    require(by, Permission.CLOSE_AUDIT, audit.brand)
    audit = _open(audit)
    audit.require_version(version)
    _check_decided(audit)
    if next_due_on <= local_day(now, audit.brand.time_zone):
        raise AuditError(_("The next audit must be due on a day to come."), field="next_due_on")
    _check_next(audit.started_on, next_due_on)
    reviews = list(audit.reviews.with_account())
    for review in reviews:
        review.frozen = account_facts(review.account)
    AccountReview.objects.bulk_update(reviews, ["frozen"])
    audit.next_due_on, audit.closed_at, audit.closed_by = next_due_on, now, by
    audit.version += 1
    audit.save(update_fields=["next_due_on", "closed_at", "closed_by", "version"])
    after = {"next_due_on": next_due_on, "decisions": {str(review.account): review.decision for review in reviews}}
    record(by=by, verb="audits.audit_closed", target=audit, brand=audit.brand, after=after)
    return audit


def _carried(review: AccountReview | None) -> Mapping[str, Any]:
    return {name: getattr(review, name) for name in CARRIED_OVER} if review else {}


def _open(audit: Audit) -> Audit:
    """The audit as it stands, locked against closing. Raises AuditError when it is closed."""
    audit = Audit.objects.select_for_update(of=("self",)).select_related("brand").get(pk=audit.pk)
    if not audit.is_open:
        raise AuditError(_("This audit is closed: it stays as it is."))
    return audit


def _check_next(started_on: date, next_due_on: date | None) -> None:
    if next_due_on is not None and next_due_on <= started_on:
        raise AuditError(_("The next audit must be due after this one started."), field="next_due_on")


def _check_review(review: AccountReview, today: date) -> None:
    if review.decision and not review.reason.strip():
        raise AuditError(_("Say why."), field="reason")
    if review.last_post_on and review.last_post_on > today:
        raise AuditError(_("The most recent post cannot lie in the future."), field="last_post_on")


def _check_decided(audit: Audit) -> None:
    left = audit.reviews.undecided().count()
    if left:
        words = ngettext("%(left)d account is not decided yet.", "%(left)d accounts are not decided yet.", left)
        raise AuditError(words % {"left": left})
    if not audit.reviews.exists():
        raise AuditError(_("There is no account to review yet. Add the accounts of this brand first."))


def _facts(review: AccountReview) -> dict[str, Any]:
    return {name: getattr(review, name) for name in FACTS}
