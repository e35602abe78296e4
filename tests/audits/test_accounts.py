"""The inventory: what is cleaned, what is refused, what the history keeps."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from activity.models import Event
from audits import queries, services
from audits.models import AccountReview, Connection, SocialAccount
from core.errors import StaleError
from teams.models import Brand, Membership
from teams.rules import Role
from tests import make
from tests.audits.standing import standing

pytestmark = pytest.mark.django_db


def create(brand: Brand, **facts: Any) -> SocialAccount:
    values = {"network": make.network("instagram"), "handle": "lumen", **facts}
    return services.create_account(brand=brand, by=make.person(Role.ADMIN, brand=brand), now=make.NOW, **values)


def test_create_account_cleans_the_handle_and_fills_the_address() -> None:
    account = create(make.brand(), handle=" @brulerie.lumen ")

    assert (account.handle, account.url) == ("brulerie.lumen", "https://www.instagram.com/brulerie.lumen/")
    event = Event.objects.get()
    assert (event.verb, event.after["handle"], event.after["network"]) == (
        "audits.account_created",
        "brulerie.lumen",
        "Instagram",
    )


def test_create_account_keeps_the_address_that_was_pasted_for_a_handle() -> None:
    account = create(make.brand(), handle="instagram.com/lumen?hl=fr")

    assert (account.handle, account.url) == ("lumen", "https://instagram.com/lumen?hl=fr")


def test_create_account_keeps_the_address_that_was_given() -> None:
    assert create(make.brand(), url="https://lumen.example/insta").url == "https://lumen.example/insta"


@pytest.mark.parametrize("handle", ["", "two words", "https://www.instagram.com/"])
def test_create_account_refuses_what_holds_no_handle(handle: str) -> None:
    with pytest.raises(services.AccountError) as refusal:
        create(make.brand(), handle=handle)

    assert refusal.value.field == "handle"
    assert SocialAccount.objects.count() == 0


def test_create_account_refuses_the_same_account_in_any_case() -> None:
    brand = make.brand()
    make.account(brand=brand, handle="Lumen")

    with pytest.raises(services.AccountError) as refusal:
        create(brand, handle="@lumen")

    assert refusal.value.field == "handle"


def test_create_account_refuses_an_owner_from_elsewhere() -> None:
    brand = make.brand()
    sister = make.brand(workspace=brand.workspace)
    limited = make.member(Role.GUEST, brand=brand, brands=(sister,)).user

    for owner in (make.person(Role.ADMIN), limited):
        with pytest.raises(services.AccountError) as refusal:
            create(brand, owner=owner)
        assert refusal.value.field == "owner"
    assert SocialAccount.objects.count() == 0


def test_create_account_goes_into_the_open_audit() -> None:
    audit = make.audit()

    account = create(audit.brand)

    assert list(audit.reviews.values_list("account", flat=True)) == [account.pk]


def test_edit_account_records_only_what_changed() -> None:
    brand = make.brand()
    account = make.account(brand=brand, handle="lumen", purpose="Meet baristas", url="https://x.example")

    services.edit_account(
        account=account, by=make.person(Role.ADMIN, brand=brand), version=1, purpose="Meet offices", handle="lumen"
    )

    event = Event.objects.get()
    assert (event.before, event.after) == ({"purpose": "Meet baristas"}, {"purpose": "Meet offices"})
    account.refresh_from_db()
    assert (account.version, account.purpose) == (2, "Meet offices")


def test_edit_account_lets_the_address_follow_the_handle_unless_it_was_given() -> None:
    brand = make.brand()
    admin = make.person(Role.ADMIN, brand=brand)
    follows = create(brand, handle="lumen")
    given = make.account(brand=brand, url="https://lumen.example")

    for account in (follows, given):
        services.edit_account(account=account, by=admin, handle=f"{account.handle}2", url=account.url)
        account.refresh_from_db()

    assert (follows.url, given.url) == ("https://www.instagram.com/lumen2/", "https://lumen.example")


def test_edit_account_refuses_an_older_version() -> None:
    account = make.account(version=2)

    with pytest.raises(StaleError):
        services.edit_account(account=account, by=make.person(Role.ADMIN, brand=account.brand), version=1, purpose="x")

    account.refresh_from_db()
    assert account.purpose == ""


def test_edit_account_refuses_another_handle_while_connected() -> None:
    account = make.account(network="mastodon", handle="lumen@mastodon.example")
    make.connection(account=account)

    with pytest.raises(services.AccountError) as refusal:
        services.edit_account(
            account=account, by=make.person(Role.ADMIN, brand=account.brand), handle="other@a.example"
        )

    assert refusal.value.field == "handle"
    account.refresh_from_db()
    assert account.handle == "lumen@mastodon.example"


def test_close_account_forgets_the_token_and_reopen_brings_the_account_back() -> None:
    audit = make.audit()
    account = make.account(brand=audit.brand, network="mastodon")
    make.connection(account=account)
    admin = make.person(Role.ADMIN, brand=audit.brand)

    services.close_account(account=account, by=admin, now=make.NOW)
    services.close_account(account=account, by=admin, now=make.NOW + timedelta(hours=1))

    account.refresh_from_db()
    assert (account.closed_at, Connection.objects.count(), Event.objects.count()) == (make.NOW, 0, 1)

    services.reopen_account(account=account, by=admin)

    account.refresh_from_db()
    assert account.is_open
    assert AccountReview.objects.get().account == account
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == [
        "audits.account_closed",
        "audits.account_reopened",
    ]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.EDITOR, Role.GUEST, None])
def test_only_admins_of_the_workspace_manage_accounts(role: Role | None) -> None:
    account = make.account(network="mastodon")
    by = make.person(role, brand=account.brand) if role else make.person(Role.ADMIN)
    network = make.network("mastodon")

    for verb, values in [
        (services.create_account, {"brand": account.brand, "now": make.NOW, "network": network, "handle": "b"}),
        (services.edit_account, {"account": account, "purpose": "x"}),
        (services.close_account, {"account": account, "now": make.NOW}),
        (services.reopen_account, {"account": account}),
        (services.connect_account, {"account": account, "server": "a.example", "token": "t", "now": make.NOW}),
        (services.disconnect_account, {"account": account}),
    ]:
        with pytest.raises(PermissionDenied):
            verb(by=by, **values)

    assert (SocialAccount.objects.count(), Event.objects.count()) == (1, 0)


def test_members_are_those_who_may_open_the_brand() -> None:
    brand = make.brand()
    sister = make.brand(workspace=brand.workspace)
    here = {make.person(Role.EDITOR, brand=brand), make.member(Role.GUEST, brand=brand, brands=(brand,)).user}
    make.member(Role.GUEST, brand=brand, brands=(sister,))
    make.person(Role.ADMIN)

    assert set(queries.members(brand)) == here


def test_inventory_counts_an_owner_who_has_left_as_nobody() -> None:
    brand = make.brand()
    owner = make.person(brand=brand)
    make.account(brand=brand, owner=owner, purpose="Meet offices", url="https://a.example")
    make.account(brand=brand)
    make.account(brand=brand, owner=owner, closed_at=make.NOW)

    before = standing(brand).inventory
    Membership.objects.all().delete()
    after = standing(brand).inventory

    assert (before.accounts, before.owned, before.with_purpose, before.with_url, before.with_mission) == (2, 1, 1, 1, 2)
    assert (after.accounts, after.owned) == (2, 0)


def test_free_color_is_the_first_that_no_open_account_has() -> None:
    brand = make.brand()
    make.account(brand=brand, color=0)
    make.account(brand=brand, color=2)
    make.account(brand=brand, color=1, closed_at=make.NOW)

    assert queries.free_color(brand) == 1


# -- what the database refuses --------------------------------------------------------------------------------------


def test_database_refuses_an_account_twice() -> None:
    account = make.account(handle="Lumen")

    with pytest.raises(IntegrityError, match="social_account_unique"), transaction.atomic():
        make.account(brand=account.brand, handle="lumen")


def test_database_refuses_a_color_outside_the_palette() -> None:
    with pytest.raises(IntegrityError, match="social_account_color_in_palette"), transaction.atomic():
        make.account(color=10)


@pytest.mark.parametrize(("state", "error"), [("refused", ""), ("working", "no")])
def test_database_wants_a_refused_connection_to_say_why(state: str, error: str) -> None:
    with pytest.raises(IntegrityError, match="connection_refused_says_why"), transaction.atomic():
        make.connection(state=state, last_error=error)
