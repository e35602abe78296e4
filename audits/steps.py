"""Steps 2 and 3: how complete the audit and the accounts are, and what is missing."""

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from audits import queries
from audits.models import Audit
from core.checklist import Check, Checklist
from core.localtime import local_day
from teams.models import Brand


def audit_checklist(brand: Brand) -> Checklist:
    """Step 2: an inventory with owners and purposes, an audit of it, closed, and the next one due. Two queries."""
    counts = queries.inventory_counts(brand)
    audit = queries.latest_audit(brand)
    accounts = _url(brand, "account_list")
    checks = [
        _has_accounts(counts, accounts),
        _each(counts.owned, counts.accounts, _("Every account has an owner"), _lacking_owner, accounts),
        _each(counts.with_purpose, counts.accounts, _("Every account has a purpose"), _lacking_purpose, accounts),
    ]
    return Checklist.of([*checks, *_audit_checks(brand, audit)])


def accounts_checklist(brand: Brand) -> Checklist:
    """Step 3: a mission and an address for every account in use, and what the audit decided carried out."""
    counts = queries.inventory_counts(brand)
    audit = queries.latest_audit(brand)
    accounts = _url(brand, "account_list")
    checks = [
        _has_accounts(counts, accounts),
        _each(
            counts.with_mission, counts.accounts, _("Every account has a mission statement"), _lacking_mission, accounts
        ),
        _each(counts.with_url, counts.accounts, _("Every account has its address"), _lacking_url, accounts),
    ]
    if audit and not audit.is_open:
        left = queries.left_open(audit)
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


def _has_accounts(counts: queries.Inventory, url: str) -> Check:
    return Check(label=_("The accounts of the brand are listed"), is_met=counts.accounts > 0, url=url)


def _each(done: int, total: int, met: Promise, lacking: Promise, url: str) -> Check:
    """Met when all are; the label says how many are not. Nothing to count is not met: nothing was checked."""
    left = total - done
    return Check(label=lacking % {"left": left} if left else met, is_met=total > 0 and not left, url=url)


def _audit_checks(brand: Brand, audit: Audit | None) -> list[Check]:
    if audit is None:
        url = _url(brand, "audit_create")
        words = (_("An audit was started"), _("Every account was reviewed and decided"), _AUDIT_CLOSED)
        return [Check(label=label, is_met=False, url=url) for label in words]
    url = _url(brand, "audit_detail", pk=audit.pk)
    total, decided = audit.reviews_count, audit.decided_count  # type: ignore[attr-defined]  # from with_counts
    return [
        Check(label=_("An audit was started"), is_met=True, url=url),
        _each(decided, total, _("Every account was reviewed and decided"), _undecided, url),
        _closed_check(brand, audit, url),
    ]


_AUDIT_CLOSED = _("The audit is closed, and the next one is due on a day to come")


def _closed_check(brand: Brand, audit: Audit, url: str) -> Check:
    today = local_day(timezone.now(), brand.time_zone)
    if audit.is_open:
        return Check(label=_("The audit is to be closed"), is_met=False, url=url)
    if audit.next_due_on is None or audit.next_due_on <= today:
        return Check(label=_("The next audit is due"), is_met=False, url=_url(brand, "audit_create"))
    return Check(label=_AUDIT_CLOSED, is_met=True, url=url)
