"""Social accounts: the inventory."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from activity.services import changes, record
from audits.models import AccountReview, Audit, Connection, SocialAccount
from audits.rules import handles
from core.errors import Refusal
from core.models import same_words
from networks.models import Network
from teams.access import require
from teams.models import Brand, Membership, User
from teams.rules import Permission


class AccountError(Refusal):
    """A social account cannot be written like this."""


class AccountFacts(TypedDict, total=False):
    """What the inventory says of an account."""

    network: Network
    handle: str
    url: str
    owner: User | None
    purpose: str
    mission: str
    is_verified: bool
    color: int


FACTS = tuple(AccountFacts.__annotations__)
LONGEST_HANDLE = SocialAccount._meta.get_field("handle").max_length or 0


@transaction.atomic
def create_account(*, brand: Brand, by: User, now: datetime, **facts: Unpack[AccountFacts]) -> SocialAccount:
    """Add an account to the inventory, and to the open audit if there is one. Raises AccountError."""
    require(by, Permission.MANAGE_ACCOUNTS, brand)
    account = SocialAccount(brand=locked(brand), created_at=now, **facts)
    _tidy(account)
    _check(account)
    account.save()
    _into_open_audit(account)
    after = {name: value for name, value in _facts(account).items() if value not in ("", None, False)}
    record(by=by, verb="audits.account_created", target=account, brand=brand, after=after)
    return account


@transaction.atomic
def edit_account(
    *, account: SocialAccount, by: User, version: int | None = None, **facts: Unpack[AccountFacts]
) -> SocialAccount:
    """Change what is given. Raises AccountError, and StaleError when somebody else was faster."""
    require(by, Permission.MANAGE_ACCOUNTS, account.brand)
    account = _lock(account)
    account.require_version(version)
    before = _facts(account)
    derived = handles.profile_url(account.network_id, account.handle)
    for name, value in facts.items():
        setattr(account, name, value)
    if account.url == derived:
        account.url = ""  # it follows the handle
    _tidy(account)
    _check(account)
    old, new = changes(before, _facts(account))
    if {"network", "handle"} & new.keys() and Connection.objects.filter(account=account).exists():
        raise AccountError(_("Disconnect this account before it becomes another one."), field="handle")
    if new:
        account.version += 1
        account.save(update_fields=["version", *new])
        record(by=by, verb="audits.account_edited", target=account, brand=account.brand, before=old, after=new)
    return account


@transaction.atomic
def close_account(*, account: SocialAccount, by: User, now: datetime) -> SocialAccount:
    """Take an account out of use. Its posts and figures stay; its credentials are forgotten. Can be reopened."""
    require(by, Permission.MANAGE_ACCOUNTS, account.brand)
    account = _lock(account)
    if not account.is_open:
        return account
    Connection.objects.filter(account=account).delete()
    account.closed_at = now
    account.version += 1
    account.save(update_fields=["closed_at", "version"])
    record(by=by, verb="audits.account_closed", target=account, brand=account.brand, after={"closed_at": now})
    return account


@transaction.atomic
def reopen_account(*, account: SocialAccount, by: User) -> SocialAccount:
    """Take a closed account into use again, and into the open audit if there is one."""
    require(by, Permission.MANAGE_ACCOUNTS, account.brand)
    account = _lock(account)
    if account.is_open:
        return account
    closed_at, account.closed_at = account.closed_at, None
    account.version += 1
    account.save(update_fields=["closed_at", "version"])
    _into_open_audit(account)
    record(by=by, verb="audits.account_reopened", target=account, brand=account.brand, before={"closed_at": closed_at})
    return account


def locked(brand: Brand) -> Brand:
    """One writer of a brand's accounts and audits at a time."""
    return Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)


def _lock(account: SocialAccount) -> SocialAccount:
    brand = locked(account.brand)
    account = SocialAccount.objects.select_for_update(of=("self",)).select_related("network").get(pk=account.pk)
    account.brand = brand
    return account


def _tidy(account: SocialAccount) -> None:
    """The handle as the network shows it; an address that was given with it, or follows from it, is kept."""
    typed = account.handle
    try:
        account.handle = handles.clean_handle(account.network_id, typed)
    except handles.HandleError:
        raise AccountError(_("Give the handle, or the address of the profile."), field="handle") from None
    if len(account.handle) > LONGEST_HANDLE:  # a host in lower case may be longer than it was typed
        raise AccountError(_("Give the handle, or the address of the profile."), field="handle")
    account.url = account.url or handles.full_url(typed) or handles.profile_url(account.network_id, account.handle)


def _check(account: SocialAccount) -> None:
    same = SocialAccount.objects.filter(
        same_words("handle", account.handle), brand=account.brand, network=account.network_id
    ).exclude(pk=account.pk)
    if same.exists():
        raise AccountError(_("This brand already has that account."), field="handle")
    if account.owner_id and not Membership.objects.for_brand(account.brand).filter(user=account.owner_id).exists():
        raise AccountError(_("The owner must be a member who may open this brand."), field="owner")


def _into_open_audit(account: SocialAccount) -> None:
    audit = Audit.objects.for_brand(account.brand).open().first()
    if audit is not None:
        AccountReview.objects.get_or_create(audit=audit, account=account, defaults={"brand": account.brand})


def _facts(account: SocialAccount) -> Mapping[str, Any]:
    return {name: getattr(account, name) for name in FACTS}
