"""Connecting an account, against a Mastodon server and against servers that are none."""

import functools
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection as database

from activity.models import Event
from audits import services
from audits.models import Connection, SocialAccount
from networks import connectors
from networks.connectors.mastodon import MastodonConnector
from teams.models import Membership, User
from teams.rules import Role
from tests import make
from tests.core.servers import answer, serving
from tests.mastodon import MastodonServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> SocialAccount:
    return make.account(network="mastodon", handle="brulerie")


@pytest.fixture
def admin(account: SocialAccount) -> User:
    return make.person(Role.ADMIN, brand=account.brand)


def connect(account: SocialAccount, by: User, server: str, token: str = "brulerie_token") -> Connection:
    return services.connect_account(account=account, server=server, token=token, by=by, now=make.NOW)


def refusal(account: SocialAccount, by: User, server: str, token: str = "brulerie_token") -> services.ConnectError:
    with pytest.raises(services.ConnectError) as refused:
        connect(account, by, server, token)
    assert Connection.objects.count() == 0
    return refused.value


def stored_token() -> str:
    with database.cursor() as cursor:
        cursor.execute("SELECT token FROM audits_connection")
        return str(cursor.fetchone()[0])


def test_connect_account_keeps_checked_credentials_encrypted(
    account: SocialAccount, admin: User, mastodon: MastodonServer
) -> None:
    connect(account, admin, mastodon.url + "/")

    connection = Connection.objects.get()
    assert (connection.account, connection.server, connection.state) == (account, mastodon.url, "working")
    assert (connection.connected_by, connection.connected_at) == (admin, make.NOW)
    assert connection.remote_id == MastodonConnector(mastodon.credentials()).identity().remote_id
    assert connection.token == mastodon.token
    assert mastodon.token not in stored_token()
    event = Event.objects.get()
    assert (event.verb, event.after) == ("audits.account_connected", {"server": mastodon.url})


def test_connect_account_again_replaces_what_was_refused(
    account: SocialAccount, admin: User, mastodon: MastodonServer
) -> None:
    make.connection(
        account=account,
        token="old",
        state="refused",
        last_error="no",
        not_before=make.NOW,
        connected_at=make.NOW - timedelta(days=1),
    )

    connect(account, admin, mastodon.url)

    connection = Connection.objects.get()
    assert (connection.token, connection.state, connection.last_error) == (mastodon.token, "working", "")
    assert (connection.not_before, connection.connected_at) == (None, make.NOW)


def test_connect_account_refuses_a_wrong_token(account: SocialAccount, admin: User, mastodon: MastodonServer) -> None:
    assert refusal(account, admin, mastodon.url, "wrong").field == "token"


def test_connect_account_refuses_a_token_with_characters_that_none_holds(
    account: SocialAccount, admin: User, mastodon: MastodonServer
) -> None:
    refusal(account, admin, mastodon.url, "tok\nen: x")


def test_connect_account_refuses_the_token_of_another_account(
    account: SocialAccount, admin: User, mastodon: MastodonServer
) -> None:
    refused = refusal(account, admin, mastodon.url, "cliente_token")

    assert refused.field == "token"
    assert "@cliente" in str(refused)
    assert "@brulerie" in str(refused)


def test_connect_account_refuses_the_same_name_on_another_server(admin: User, mastodon: MastodonServer) -> None:
    account = make.account(
        brand=Membership.objects.get().workspace.brands.get(), network="mastodon", handle="brulerie@piaille.fr"
    )

    assert refusal(account, admin, mastodon.url).field == "token"


def test_connect_account_refuses_a_private_address(account: SocialAccount, admin: User) -> None:
    with serving(answer(b"{}")) as server:
        refused = refusal(account, admin, server.url.replace("http:", "https:"))

    assert (refused.field, server.heads) == ("server", [])


def test_connect_account_never_sends_the_token_in_the_open(account: SocialAccount, admin: User) -> None:
    with serving(answer(b"{}")) as server:
        refused = refusal(account, admin, server.url)

    assert (refused.field, server.heads) == ("server", [])
    assert "https://" in str(refused)


@pytest.mark.parametrize("typed", ["", "my server", "ftp://mastodon.social"])
def test_connect_account_refuses_what_is_no_address(account: SocialAccount, admin: User, typed: str) -> None:
    assert refusal(account, admin, typed).field == "server"


@pytest.mark.parametrize(
    "behavior",
    [
        answer(b"<html>Welcome</html>"),
        answer(b"{}"),
        answer(b"[1]"),
        answer(b"no such page", status="404 Not Found"),
        answer(b"{", status="422 Unprocessable Entity"),
    ],
)
def test_connect_account_refuses_a_server_that_is_no_mastodon(
    account: SocialAccount, admin: User, settings: Any, behavior: Any
) -> None:
    with serving(behavior) as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.host]
        refused = refusal(account, admin, server.url)

    assert refused.field == "server"
    assert "Mastodon" in str(refused)


def test_connect_account_says_when_nobody_answers(account: SocialAccount, admin: User, settings: Any) -> None:
    with serving(answer()) as server:
        pass
    settings.OUTBOUND_ALLOWED_HOSTS = [server.host]

    assert refusal(account, admin, server.url).field == "server"


def test_connect_account_does_not_wait_for_ever(
    account: SocialAccount, admin: User, mastodon: MastodonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connectors._CONNECTORS, "mastodon", functools.partial(MastodonConnector, seconds=0.3))
    mastodon.fault(type="latency", delay_ms=3000)

    refused = refusal(account, admin, mastodon.url)

    assert refused.field == "server"
    assert "too long" in str(refused)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_connect_account_says_when_the_server_is_busy(
    account: SocialAccount, admin: User, mastodon: MastodonServer, status: int
) -> None:
    mastodon.fault(type="status", status=status)

    assert refusal(account, admin, mastodon.url).field == "server"


def test_connect_account_refuses_a_network_without_a_connector_and_a_closed_account(mastodon: MastodonServer) -> None:
    brand = make.brand()
    admin = make.person(Role.ADMIN, brand=brand)

    refusal(make.account(brand=brand, network="instagram"), admin, mastodon.url)
    refusal(make.account(brand=brand, network="mastodon", handle="brulerie", closed_at=make.NOW), admin, mastodon.url)


def test_disconnect_account_forgets_the_token(account: SocialAccount, admin: User) -> None:
    make.connection(account=account)

    services.disconnect_account(account=account, by=admin)
    services.disconnect_account(account=account, by=admin)

    assert Connection.objects.count() == 0
    assert Event.objects.get().verb == "audits.account_disconnected"


def test_refuse_connection_says_why_once(account: SocialAccount) -> None:
    connection = make.connection(account=account)

    first = services.refuse_connection(connection=connection, error="The token was withdrawn.")
    second = services.refuse_connection(connection=connection, error="Again.")

    connection.refresh_from_db()
    assert (first, second) == (True, False)
    assert (connection.state, connection.last_error) == ("refused", "The token was withdrawn.")
    event = Event.objects.get()
    assert (event.by, event.verb) == (None, "audits.connection_refused")


def test_refuse_connection_leaves_newer_credentials_alone(account: SocialAccount) -> None:
    connection = make.connection(account=account)
    newer = Connection.objects.get()
    newer.connected_at += timedelta(seconds=1)
    newer.save(update_fields=["connected_at"])

    assert services.refuse_connection(connection=connection, error="The token was withdrawn.") is False
    assert Connection.objects.get().state == "working"


def test_postpone_connection_never_shortens_a_wait(account: SocialAccount) -> None:
    connection = make.connection(account=account)

    services.postpone_connection(connection=connection, until=make.NOW + timedelta(minutes=5))
    services.postpone_connection(connection=connection, until=make.NOW)

    connection.refresh_from_db()
    assert connection.not_before == make.NOW + timedelta(minutes=5)


def test_connect_account_asks_again_who_may_when_the_network_has_answered(
    account: SocialAccount, admin: User, mastodon: MastodonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member who is removed while the server answers connects nothing."""

    def slow(credentials: connectors.Credentials) -> MastodonConnector:
        Membership.objects.all().delete()
        return MastodonConnector(credentials)

    monkeypatch.setitem(connectors._CONNECTORS, "mastodon", slow)

    with pytest.raises(PermissionDenied):
        connect(account, admin, mastodon.url)

    assert Connection.objects.count() == 0


def test_person_keeps_one_page_waiting_at_a_time(
    account: SocialAccount, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile: list[str] = []

    class Slow:
        def identity(self) -> None:
            meanwhile.append(str(refusal(account, admin, "mastodon.social")))
            raise connectors.TimedOut

    monkeypatch.setattr("audits.services.connections.for_network", lambda *_: Slow())

    fields = [refusal(account, admin, "mastodon.social").field for _ in range(2)]

    assert fields == ["server", "server"]
    assert meanwhile == ["You are connecting an account already. Try again when that is done."] * 2
