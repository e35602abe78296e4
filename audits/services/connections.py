"""Connections: the credentials with which Sextant reads the figures of a social account."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activity.services import record
from audits.models import Connection, ConnectionState, SocialAccount
from audits.rules import handles, servers
from core.errors import Refusal
from networks.connectors import (
    AuthRefused,
    ConnectorError,
    Credentials,
    Gone,
    Identity,
    Malformed,
    NotSecure,
    RateLimited,
    Rejected,
    TimedOut,
    connectable,
    for_network,
)
from teams.access import require
from teams.models import User
from teams.rules import Permission


class ConnectError(Refusal):
    """An account cannot be connected with this."""


LONGEST_ASKED = 30  # seconds; no server is waited for so long


_NOT_MASTODON = _("This server does not answer as a Mastodon server does. Check its address.")
_REFUSALS: dict[type[ConnectorError], tuple[str | Promise, str]] = {
    AuthRefused: (_("The server refused this token. Copy it again, and give it the right to read."), "token"),
    NotSecure: (_("The server's address must begin with https://: the token would travel in the open."), "server"),
    TimedOut: (_("The server took too long to answer. Try again later."), "server"),
    Gone: (_NOT_MASTODON, "server"),
    Malformed: (_NOT_MASTODON, "server"),
    Rejected: (_NOT_MASTODON, "server"),
    RateLimited: (_("The server asks us to wait. Try again in a few minutes."), "server"),
}
_UNREACHABLE = (_("No server can be reached at this address. Check it."), "server")


def connect_account(*, account: SocialAccount, server: str, token: str, by: User, now: datetime) -> Connection:
    """Check the credentials with the network, then keep them encrypted. A second time replaces the first.

    Asks the network before anything is written, so this takes as long as its server does. Raises ConnectError, with
    the field that is wrong.
    """
    require(by, Permission.MANAGE_ACCOUNTS, account.brand)
    _require_connectable(account)
    address = _server(server)
    with _one_at_a_time(by):
        identity = _identity(account, address, token)
    _require_same(account, address, identity)
    return _store(account=account, server=address, token=token, remote_id=identity.remote_id, by=by, now=now)


@transaction.atomic
def disconnect_account(*, account: SocialAccount, by: User) -> None:
    """Forget an account's credentials. Figures read so far stay."""
    require(by, Permission.MANAGE_ACCOUNTS, account.brand)
    connection = Connection.objects.select_for_update().filter(account=account).first()
    if connection is None:
        return
    record(
        by=by,
        verb="audits.account_disconnected",
        target=account,
        brand=account.brand,
        before={"server": connection.server},
    )
    connection.delete()


@transaction.atomic
def refuse_connection(*, connection: Connection, error: str) -> bool:
    """The network no longer takes the credentials: nothing is asked of it until somebody connects again.

    Does nothing, and answers False, when the account was connected anew since `connection` was read.
    """
    current = _current(connection)
    if current is None or current.state == ConnectionState.REFUSED:
        return False
    current.state = ConnectionState.REFUSED
    current.last_error = error[:300] or str(_("The network refused the credentials."))
    current.save(update_fields=["state", "last_error"])
    account = current.account
    record(
        by=None,
        verb="audits.connection_refused",
        target=account,
        brand=account.brand,
        after={"error": current.last_error},
    )
    return True


@transaction.atomic
def postpone_connection(*, connection: Connection, until: datetime) -> bool:
    """The network asked us to wait: nothing is asked of it before `until`. Never shortens an earlier wait."""
    current = _current(connection)
    if current is None or (current.not_before is not None and current.not_before >= until):
        return False
    current.not_before = until
    current.save(update_fields=["not_before"])
    return True


def _require_connectable(account: SocialAccount) -> None:
    if account.network_id not in connectable():
        raise ConnectError(_("This network cannot be connected: its figures are typed in or imported."))
    if not account.is_open:
        raise ConnectError(_("This account is closed. Reopen it first."))


@contextmanager
def _one_at_a_time(by: User) -> Iterator[None]:
    """A page waits while a server is asked: one person holds up one page, however slow the servers they name."""
    key = f"connecting:{by.pk}"
    if not cache.add(key, True, timeout=LONGEST_ASKED):
        raise ConnectError(_("You are connecting an account already. Try again when that is done."))
    try:
        yield
    finally:
        cache.delete(key)


def _server(typed: str) -> str:
    try:
        return servers.clean_server(typed)
    except servers.ServerError:
        raise ConnectError(_("Give the address of the server, for example mastodon.social."), field="server") from None


def _identity(account: SocialAccount, server: str, token: str) -> Identity:
    try:
        return for_network(account.network_id, Credentials(server=server, token=token)).identity()
    except ConnectorError as error:
        words, field = _REFUSALS.get(type(error), _UNREACHABLE)
        raise ConnectError(words, field=field) from error


def _require_same(account: SocialAccount, server: str, identity: Identity) -> None:
    hosts = {urlsplit(server).netloc, urlsplit(identity.url).netloc}
    if not handles.same_account(account.handle, name=identity.handle, hosts=hosts):
        words = _(
            "This token belongs to @%(theirs)s on %(server)s, not to @%(ours)s. "
            "Create one while signed in to that account."
        )
        values = {"theirs": identity.handle, "server": urlsplit(server).netloc, "ours": account.handle}
        raise ConnectError(words % values, field="token")


@transaction.atomic
def _store(*, account: SocialAccount, server: str, token: str, remote_id: str, by: User, now: datetime) -> Connection:
    account = (
        SocialAccount.objects.select_for_update(of=("self",)).select_related("brand", "network").get(pk=account.pk)
    )
    require(by, Permission.MANAGE_ACCOUNTS, account.brand)
    _require_connectable(account)
    connection = Connection.objects.filter(account=account).first() or Connection(account=account)
    connection.server, connection.token, connection.remote_id = server, token, remote_id
    connection.state, connection.last_error, connection.not_before = ConnectionState.WORKING, "", None
    connection.connected_by, connection.connected_at = by, now
    connection.save()
    record(by=by, verb="audits.account_connected", target=account, brand=account.brand, after={"server": server})
    return connection


def _current(connection: Connection) -> Connection | None:
    """The row as it stands, locked; None when it is gone or holds other credentials than those that were used."""
    return (
        Connection.objects.select_for_update(of=("self",))
        .select_related("account__brand", "account__network")
        .filter(pk=connection.pk, connected_at=connection.connected_at)
        .first()
    )
