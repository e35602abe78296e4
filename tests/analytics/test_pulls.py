"""Pulls against a real Mastodon server over HTTP, with its faults."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection as database
from django.utils import timezone

from activity.models import Event, Heartbeat, Kind, Message
from analytics import pulls, services
from analytics.models import Observation, Pull, Source
from analytics.services import PullError
from audits.models import Connection, ConnectionState, SocialAccount
from calendar_app.models import Delivery
from core.duework import DueState
from networks.connectors import MastodonConnector
from networks.connectors import mastodon as mastodon_module
from networks.models import Subject
from teams.rules import Role
from tests import make
from tests.mastodon import MastodonServer

pytestmark = pytest.mark.django_db
Total = list[tuple[int | None, int | None, str, int]]


@pytest.fixture
def account(mastodon: MastodonServer) -> SocialAccount:
    """The brand's account on the server, connected; an admin to tell."""
    for metric in ("followers", "following", "posts_total"):
        make.given("mastodon", Subject.ACCOUNT, metric)
    make.given("mastodon", Subject.DELIVERY, "likes", "comments", "shares")
    account = make.account(network="mastodon", handle="brulerie", brand=make.brand())
    identity = MastodonConnector(mastodon.credentials()).identity()
    make.connection(account=account, server=mastodon.url, token=mastodon.token, remote_id=identity.remote_id)
    make.member(Role.ADMIN, brand=account.brand)
    return account


def publish(mastodon: MastodonServer, account: SocialAccount, text: str = "Fresh", **values: Any) -> Delivery:
    """A post on the server, and the delivery that knows its id."""
    remote_id = mastodon.post(text)
    fields = {"published_at": timezone.now() - timedelta(minutes=5), "remote_id": remote_id, **values}
    return make.delivery(account=account, post=make.post(brand=account.brand), **fields)


def pull(account: SocialAccount, **values: Any) -> Pull:
    at = timezone.now() - timedelta(seconds=5)
    return Pull.objects.create(**{"account": account, "due_at": at, "next_attempt_at": at, **values})


def totals() -> Total:
    rows = Observation.objects.order_by("account", "delivery", "metric")
    return list(rows.values_list("account", "delivery", "metric", "value"))


def run(now: datetime | None = None) -> int:
    return services.run_pulls(now=now or timezone.now())


# -- what is fetched --------------------------------------------------------------------------------------------------


def test_pull_fetches_the_accounts_counts_and_those_of_its_posts(
    mastodon: MastodonServer, account: SocialAccount
) -> None:
    one, other = publish(mastodon, account, "One"), publish(mastodon, account, "Two")
    mastodon.post("Not planned in Sextant")
    mastodon.react(one.remote_id, likes=True, boosts=True, reply="Bravo")
    claimed = pull(account)

    assert run() == 1

    claimed.refresh_from_db()
    assert claimed.state == DueState.DONE
    assert totals() == [
        (account.pk, None, "followers", 1),
        (account.pk, None, "following", 0),
        (account.pk, None, "posts_total", 3),
        (None, one.pk, "comments", 1), (None, one.pk, "likes", 1), (None, one.pk, "shares", 1),
        (None, other.pk, "comments", 0), (None, other.pk, "likes", 0), (None, other.pk, "shares", 0),
    ]  # fmt: skip
    assert set(Observation.objects.values_list("source", flat=True)) == {Source.API}


def test_pull_finds_a_post_by_its_address_when_its_id_is_not_known(
    mastodon: MastodonServer, account: SocialAccount
) -> None:
    delivery = publish(mastodon, account)
    address = mastodon.call("GET", f"/api/v1/statuses/{delivery.remote_id}")["url"]
    Delivery.objects.filter(pk=delivery.pk).update(remote_id="", permalink=address)
    pull(account)

    run()

    assert Observation.objects.filter(delivery=delivery).count() == 3


def test_pull_leaves_alone_what_is_not_published_or_too_old(mastodon: MastodonServer, account: SocialAccount) -> None:
    publish(mastodon, account, published_at=timezone.now() - timedelta(days=91))
    binned = publish(mastodon, account)
    binned.post.deleted_at = timezone.now()
    binned.post.save()
    pull(account)

    run()

    assert not Observation.objects.filter(delivery__isnull=False).exists()


def test_pull_again_corrects_the_day_and_adds_nothing(mastodon: MastodonServer, account: SocialAccount) -> None:
    delivery = publish(mastodon, account)
    pull(account)
    run()
    before = totals()
    mastodon.react(delivery.remote_id, likes=True)
    pull(account)

    run()

    assert len(totals()) == len(before)
    assert Observation.objects.get(delivery=delivery, metric="likes").value == 1


def test_pull_judges_the_brands_goals_at_its_end(mastodon: MastodonServer, account: SocialAccount) -> None:
    delivery = publish(mastodon, account)
    mastodon.react(delivery.remote_id, likes=True)
    today = timezone.now().date()
    goal = make.goal(brand=account.brand, starts_on=today - timedelta(days=3), due_on=today + timedelta(days=30))
    make.target(goal=goal, metric="likes", per="delivery", value=1)
    pull(account)

    run()

    goal.refresh_from_db()
    assert goal.status == "on_track"


# -- killed, twice, slow ----------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process was killed here."""


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mastodon_module, "PAGE", 2)


@pytest.fixture
def killed_before(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """killed_before(3): the process dies as it asks for its third page of posts."""
    posts = MastodonConnector.posts

    def arm(page: int) -> None:
        asked = iter(range(1, 1000))

        def dying(self: MastodonConnector, **what: Any) -> Any:
            if next(asked) == page:
                raise Killed
            return posts(self, **what)

        monkeypatch.setattr(MastodonConnector, "posts", dying)

    return arm


def test_pull_killed_between_pages_goes_on_from_there(
    mastodon: MastodonServer, account: SocialAccount, pages_of_two: None, killed_before: Callable[[int], None]
) -> None:
    for number in range(7):
        publish(mastodon, account, f"Post {number}")
    claimed = pull(account)
    killed_before(3)
    with pytest.raises(Killed):
        run()
    claimed.refresh_from_db()
    assert (claimed.state, claimed.cursor["pages"], claimed.cursor["matched"]) == (DueState.CLAIMED, 2, 4)
    assert len(totals()) == 3 + 4 * 3

    Pull.objects.update(lease_until=timezone.now() - timedelta(seconds=1))  # the lease of the dead runs out
    killed_before(0)
    run()

    claimed.refresh_from_db()
    assert (claimed.state, claimed.cursor["pages"], claimed.cursor["matched"]) == (DueState.DONE, 4, 7)
    assert len(totals()) == 3 + 7 * 3


def test_pull_that_lost_its_lease_writes_nothing_more(
    mastodon: MastodonServer, account: SocialAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(mastodon, account)
    claimed = pull(account)
    posts = MastodonConnector.posts

    def slow(self: MastodonConnector, **what: Any) -> Any:
        Pull.objects.filter(pk=claimed.pk).cancel()
        return posts(self, **what)

    monkeypatch.setattr(MastodonConnector, "posts", slow)
    run()

    claimed.refresh_from_db()
    assert claimed.state == DueState.CANCELED
    assert not Observation.objects.filter(delivery__isnull=False).exists()


def test_pull_that_is_interrupted_is_continued(
    mastodon: MastodonServer, account: SocialAccount, pages_of_two: None
) -> None:
    for number in range(5):
        publish(mastodon, account, f"Post {number}")
    claimed = pull(account)
    turns = iter([False, False, True, True])

    services.run_pulls(now=timezone.now(), is_over=lambda: next(turns))
    claimed.refresh_from_db()
    assert (claimed.state, claimed.attempts, claimed.cursor["pages"]) == (DueState.WAITING, 0, 1)
    run()

    claimed.refresh_from_db()
    assert (claimed.state, len(totals())) == (DueState.DONE, 3 + 5 * 3)


@pytest.mark.django_db(transaction=True)
def test_pulls_drained_by_several_at_once_are_each_done_once(
    mastodon: MastodonServer, account: SocialAccount, pages_of_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        publish(mastodon, account, f"Post {number}")
    pull(account)
    asked: list[str | None] = []
    posts = MastodonConnector.posts

    def counted(self: MastodonConnector, *, before: str | None = None, **what: Any) -> Any:
        asked.append(before)
        return posts(self, before=before, **what)

    monkeypatch.setattr(MastodonConnector, "posts", counted)
    start, failures = threading.Barrier(4), []

    def drain() -> None:
        try:
            start.wait()
            pulls.drain(now=timezone.now())
        except Exception as error:
            failures.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=drain) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert len(asked) == len(set(asked)) == 3
    assert len(totals()) == 3 + 5 * 3
    assert list(Pull.objects.values_list("state", "attempts")) == [(DueState.DONE, 1)]


# -- when the network does not answer ---------------------------------------------------------------------------------


def test_network_that_asks_to_wait_is_left_alone_until_then(mastodon: MastodonServer, account: SocialAccount) -> None:
    mastodon.fault(type="ratelimit", headers={"Retry-After": "600"})
    claimed = pull(account)
    now = timezone.now()

    run(now)

    claimed.refresh_from_db()
    assert (claimed.state, claimed.last_error.partition(":")[0]) == (DueState.WAITING, "RateLimited")
    assert claimed.next_attempt_at >= now + timedelta(minutes=9)
    assert Connection.objects.get().not_before == now + timedelta(seconds=600)
    assert services.plan_pulls(now=now) == 0


def test_network_that_asks_to_wait_in_the_middle_keeps_what_came(
    mastodon: MastodonServer, account: SocialAccount
) -> None:
    publish(mastodon, account)
    mastodon.fault(type="ratelimit", path="*/statuses", headers={"Retry-After": "60"})
    claimed = pull(account)

    run()

    claimed.refresh_from_db()
    assert claimed.cursor["has_account"] is True
    assert len(totals()) == 3


def test_refused_token_ends_the_connection_and_tells_the_admins(
    mastodon: MastodonServer, account: SocialAccount
) -> None:
    make.member(Role.EDITOR, brand=account.brand)
    Connection.objects.filter(account=account).delete()
    make.connection(account=account, server=mastodon.url, token="withdrawn", remote_id="1")
    claimed = pull(account)

    mastodon.fault(type="status", status=401)
    run()

    claimed.refresh_from_db()
    assert claimed.state == DueState.DEAD
    assert Connection.objects.get().state == ConnectionState.REFUSED
    told = Message.objects.filter(kind=Kind.PULL).values_list("recipient__memberships__role", flat=True)
    assert set(told) == {Role.ADMIN}
    assert services.plan_pulls(now=timezone.now() + timedelta(days=1)) == 0


@pytest.mark.parametrize(
    ("effect", "name"),
    [
        ({"type": "status", "status": 503}, "Unavailable"),
        ({"type": "malformed", "body": "{]"}, "Malformed"),
    ],
)
def test_network_in_trouble_is_asked_again_later(
    mastodon: MastodonServer, account: SocialAccount, effect: dict[str, Any], name: str
) -> None:
    claimed = pull(account)
    mastodon.fault(count=1, **effect)

    run()
    claimed.refresh_from_db()
    assert (claimed.state, claimed.last_error.partition(":")[0]) == (DueState.WAITING, name)
    assert claimed.next_attempt_at > timezone.now()

    Pull.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    run()
    claimed.refresh_from_db()
    assert (claimed.state, len(totals())) == (DueState.DONE, 3)
    assert not Message.objects.exists()


def test_network_that_stays_silent_is_given_up_and_the_admins_are_told_once(
    mastodon: MastodonServer, account: SocialAccount
) -> None:
    mastodon.fault(type="status", status=500)
    claimed = pull(account, attempts=Pull.most_attempts - 1)

    run()

    claimed.refresh_from_db()
    assert claimed.state == DueState.DEAD
    assert Message.objects.filter(kind=Kind.PULL).count() == 2  # in Sextant and by e-mail
    assert Connection.objects.get().state == ConnectionState.WORKING


def test_pull_of_an_account_that_was_disconnected_is_dropped(account: SocialAccount) -> None:
    claimed = pull(account)
    Connection.objects.all().delete()

    run()

    claimed.refresh_from_db()
    assert claimed.state == DueState.CANCELED


# -- planning and asking ----------------------------------------------------------------------------------------------


def test_pulls_are_planned_every_six_hours_for_working_connections(account: SocialAccount) -> None:
    now = timezone.now()
    make.connection(account=make.account(network="mastodon", closed_at=now))
    make.connection(state=ConnectionState.REFUSED, last_error="no")
    make.connection(not_before=now + timedelta(minutes=1))

    assert services.plan_pulls(now=now) == 1
    assert services.plan_pulls(now=now) == 0
    Pull.objects.update(state=DueState.DONE)
    Connection.objects.update(not_before=None)
    Connection.objects.exclude(account=account).delete()
    assert services.plan_pulls(now=now + timedelta(hours=5, minutes=59)) == 0
    assert services.plan_pulls(now=now + timedelta(hours=6)) == 1
    assert set(Pull.objects.values_list("account", flat=True)) == {account.pk}


def test_old_pulls_are_forgotten(account: SocialAccount) -> None:
    now = timezone.now()
    pull(account, state=DueState.DONE, created_at=now - timedelta(days=31))

    services.plan_pulls(now=now)

    assert Pull.objects.filter(state=DueState.DONE).count() == 0


def test_fetch_asked_for_twice_is_one_pull(account: SocialAccount) -> None:
    editor = make.person(Role.EDITOR, brand=account.brand)
    now = timezone.now()

    first = services.request_pull(account=account, by=editor, now=now)
    second = services.request_pull(account=account, by=editor, now=now + timedelta(seconds=1))

    assert first == second
    assert Event.objects.filter(verb="analytics.pull_requested").count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": ConnectionState.REFUSED, "last_error": "no"}, "Connect the account again"),
        (None, "is not connected"),
        ("closed", "is closed"),
    ],
)
def test_fetch_that_cannot_be_is_refused(account: SocialAccount, change: Any, words: str) -> None:
    editor = make.person(Role.EDITOR, brand=account.brand)
    if change is None:
        Connection.objects.all().delete()
    elif change == "closed":
        account.closed_at = timezone.now()
    else:
        Connection.objects.update(**change)

    with pytest.raises(PullError, match=words):
        services.request_pull(account=account, by=editor, now=timezone.now())
    assert not Pull.objects.exists()


def test_guest_may_not_ask_for_figures(account: SocialAccount) -> None:
    with pytest.raises(PermissionDenied):
        services.request_pull(account=account, by=make.person(Role.GUEST, brand=account.brand), now=timezone.now())


def test_drain_leaves_a_heartbeat() -> None:
    pulls.drain(now=timezone.now())

    assert Heartbeat.objects.filter(name="pulls").exists()


# -- through a real worker --------------------------------------------------------------------------------------------


@pytest.fixture
def waiting_for() -> Callable[..., None]:
    def wait(condition: Callable[[], bool], seconds: float = 20) -> None:
        end = timezone.now() + timedelta(seconds=seconds)
        while not condition():
            assert timezone.now() < end, "nothing happened"
            threading.Event().wait(0.05)

    return wait


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_fetch_asked_for_is_done_by_a_worker(
    worker: Any, mastodon: MastodonServer, account: SocialAccount, waiting_for: Callable[..., None]
) -> None:
    publish(mastodon, account)
    editor = make.person(Role.EDITOR, brand=account.brand)

    asked = services.request_pull(account=account, by=editor, now=timezone.now())

    waiting_for(lambda: Pull.objects.get(pk=asked.pk).state == DueState.DONE)
    assert len(totals()) == 3 + 3


def test_server_that_never_comes_to_an_end_is_left(
    mastodon: MastodonServer, account: SocialAccount, pages_of_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analytics.services.pulls.MOST_PAGES", 2)
    for number in range(7):
        publish(mastodon, account, f"Post {number}")
    endless = pull(account)

    run()

    endless.refresh_from_db()
    assert (endless.state, endless.cursor["pages"]) == (DueState.DONE, 2)
