"""Steps 2 and 3: how complete the audit and the accounts are, and what is missing."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from audits.models import AccountReview, Audit, Decision, SocialAccount
from audits.queries import Inventory, LatestAudit, Standing
from core.checklist import Check, Checklist
from core.localtime import local_day
from core.sections import Fact, Group, Item, facts
from teams.models import Brand, User, public_name


def audit_checklist(brand: Brand, standing: Standing) -> Checklist:
    """Step 2: an inventory with owners and purposes, an audit of it, closed, and the next one due."""
    counts, accounts = standing.inventory, _url(brand, "account_list")
    checks = [
        _has_accounts(counts, accounts),
        _each(counts.owned, counts.accounts, _("Every account has an owner"), _lacking_owner, accounts),
        _each(counts.with_purpose, counts.accounts, _("Every account has a purpose"), _lacking_purpose, accounts),
    ]
    return Checklist.of([*checks, *_audit_checks(brand, standing.audit)])


def accounts_checklist(brand: Brand, standing: Standing) -> Checklist:
    """Step 3: a mission and an address for every account in use, and what the audit decided carried out."""
    counts, accounts = standing.inventory, _url(brand, "account_list")
    checks = [
        _has_accounts(counts, accounts),
        _each(
            counts.with_mission, counts.accounts, _("Every account has a mission statement"), _lacking_mission, accounts
        ),
        _each(counts.with_url, counts.accounts, _("Every account has its address"), _lacking_url, accounts),
    ]
    if standing.audit and not standing.audit.is_open:
        left = standing.audit.left_open
        label = _left_open % {"left": left} if left else _("What the audit decided to close is closed")
        checks.append(Check(label=label, is_met=not left, url=accounts))
    return Checklist.of(checks)


_lacking_owner = ngettext_lazy("%(left)d account has no owner", "%(left)d accounts have no owner", "left")
_lacking_purpose = ngettext_lazy("%(left)d account has no purpose", "%(left)d accounts have no purpose", "left")
_lacking_mission = ngettext_lazy(
    "%(left)d account has no mission statement", "%(left)d accounts have no mission statement", "left"
)
_lacking_url = ngettext_lazy("%(left)d account has no address", "%(left)d accounts have no address", "left")
_left_open = ngettext_lazy(
    "%(left)d account should have been closed", "%(left)d accounts should have been closed", "left"
)
_undecided = ngettext_lazy("%(left)d account is not decided yet", "%(left)d accounts are not decided yet", "left")


def _url(brand: Brand, name: str, **kwargs: int) -> str:
    return reverse(name, kwargs={"workspace": brand.workspace.slug, "brand": brand.slug, **kwargs})


def _has_accounts(counts: Inventory, url: str) -> Check:
    return Check(label=_("The accounts of the brand are listed"), is_met=counts.accounts > 0, url=url)


def _each(done: int, total: int, met: Promise, lacking: Promise, url: str) -> Check:
    """Met when all are; the label says how many are not. Nothing to count is not met: nothing was checked."""
    left = total - done
    return Check(label=lacking % {"left": left} if left else met, is_met=total > 0 and not left, url=url)


def _audit_checks(brand: Brand, audit: LatestAudit | None) -> list[Check]:
    if audit is None:
        url = _url(brand, "audit_create")
        words = (_("An audit was started"), _("Every account was reviewed and decided"), _AUDIT_CLOSED)
        return [Check(label=label, is_met=False, url=url) for label in words]
    url = _url(brand, "audit_detail", pk=audit.id)
    return [
        Check(label=_("An audit was started"), is_met=True, url=url),
        _each(audit.decided, audit.reviews, _("Every account was reviewed and decided"), _undecided, url),
        _closed_check(brand, audit, url),
    ]


_AUDIT_CLOSED = _("The audit is closed, and the next one is due on a day to come")


def _closed_check(brand: Brand, audit: LatestAudit, url: str) -> Check:
    today = local_day(timezone.now(), brand.time_zone)
    if audit.is_open:
        return Check(label=_("The audit is to be closed"), is_met=False, url=url)
    if audit.next_due_on is None or audit.next_due_on <= today:
        return Check(label=_("The next audit is due"), is_met=False, url=_url(brand, "audit_create"))
    return Check(label=_AUDIT_CLOSED, is_met=True, url=url)


# -- what the steps say -----------------------------------------------------------------------------------------------


def audit_summary(brand: Brand) -> Mapping[str, Any]:
    """Every account in use and its owner; what the last closed audit decided. Three queries."""
    accounts = SocialAccount.objects.for_brand(brand).open().select_related("network")
    audit = Audit.objects.for_brand(brand).closed().order_by("-closed_at").first()
    reviews = AccountReview.objects.filter(audit=audit).select_related("account__network").order_by("pk")
    return {
        "accounts": [
            {"id": one.pk, "account": str(one), "purpose": one.purpose, "owner": one.owner_id} for one in accounts
        ],
        "audit": None if audit is None else {
            "title": audit.title, "started_on": audit.started_on.isoformat(),
            "next_due_on": audit.next_due_on.isoformat() if audit.next_due_on else None,
            "decisions": [
                {"id": review.account_id, "account": str(review.account), "decision": review.decision,
                 "reason": review.reason}
                for review in reviews
            ],
        },
    }  # fmt: skip


def audit_groups(data: Mapping[str, Any]) -> Sequence[Group]:
    people = User.objects.in_bulk([row["owner"] for row in data["accounts"] if row["owner"]])
    inventory = [
        Item(key=f"account:{row['id']}", title=row["account"], facts=facts(
            (_now("Purpose"), row["purpose"]), (_now("Owner"), _owner(row["owner"], people)),
        ))
        for row in data["accounts"]
    ]  # fmt: skip
    groups = [Group(title=_now("Accounts"), items=inventory)]
    return groups if data["audit"] is None else [*groups, _decisions(data["audit"])]


def _owner(pk: int | None, people: Mapping[int, User]) -> str:
    if pk is None:
        return ""
    return public_name(people[pk]) if pk in people else _now("a former member")


def _decisions(audit: Mapping[str, Any]) -> Group:
    title = _now("Audit “%(title)s” of %(day)s") % {"title": audit["title"], "day": _date(audit["started_on"])}
    items = [
        Item(key=f"decision:{row['id']}", title=row["account"], facts=facts(
            (_now("Decision"), Decision(row["decision"]).label if row["decision"] else ""),
            (_now("Reason"), row["reason"]),
        ))
        for row in audit["decisions"]
    ]  # fmt: skip
    due = [Item(key="next", title=_now("Next audit"), facts=[Fact(text=_date(audit["next_due_on"]))])]
    return Group(title=title, items=items + (due if audit["next_due_on"] else []))


def _date(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")


def accounts_summary(brand: Brand) -> Mapping[str, Any]:
    """What each account in use is for, and where it stands. One query."""
    accounts = SocialAccount.objects.for_brand(brand).open().select_related("network")
    return {
        "accounts": [
            {"id": one.pk, "account": str(one), "mission": one.mission, "url": one.url, "is_verified": one.is_verified}
            for one in accounts
        ]
    }


def account_groups(data: Mapping[str, Any]) -> Sequence[Group]:
    items = [
        Item(key=f"account:{row['id']}", title=row["account"], facts=facts(
            (_now("Mission statement"), row["mission"]), (_now("Address"), row["url"]),
            (_now("Verified"), _now("yes") if row["is_verified"] else ""),
        ))
        for row in data["accounts"]
    ]  # fmt: skip
    return [Group(title=_now("Accounts and their missions"), items=items)]
