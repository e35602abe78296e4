"""Pulls that are killed between pages, meet trouble, or are run twice at once end as one clean run would."""

from datetime import timedelta

import pytest
from django.utils import timezone

from analytics import services
from analytics.models import Observation, Pull
from audits.models import Connection, SocialAccount
from core.duework import DueState
from networks.connectors import MastodonConnector
from networks.models import Subject
from teams.rules import Role
from tests import make
from tests.faults.processes import Crew, until
from tests.mastodon import MastodonServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
POSTS = 90  # three pages


@pytest.fixture
def account(mastodon: MastodonServer, transactional_db: None) -> SocialAccount:
    """Connected, with posts of which some are liked."""
    make.given("mastodon", Subject.DELIVERY, "likes", "comments", "shares")
    make.given("mastodon", Subject.ACCOUNT, "followers", "following", "posts_total")
    account = make.account(network="mastodon", handle="brulerie", brand=make.brand())
    make.member(Role.ADMIN, brand=account.brand)
    remote_id = MastodonConnector(mastodon.credentials()).identity().remote_id
    make.connection(account=account, server=mastodon.url, token=mastodon.token, remote_id=remote_id)
    for number in range(POSTS):
        remote_id = mastodon.post(f"Post {number}")
        if number % 10 == 0:
            mastodon.react(remote_id, likes=True, boosts=number % 20 == 0)
        make.delivery(
            account=account, post=make.post(brand=account.brand), remote_id=remote_id,
            published_at=timezone.now() - timedelta(minutes=1),
        )  # fmt: skip
    return account


def ask(account: SocialAccount) -> Pull:
    now = timezone.now() - timedelta(seconds=1)
    return Pull.objects.create(account=account, due_at=now, next_attempt_at=now)


def totals() -> list[tuple[int | None, int | None, str, int]]:
    rows = Observation.objects.order_by("account", "delivery", "metric")
    return list(rows.values_list("account", "delivery", "metric", "value"))


@pytest.fixture
def clean(account: SocialAccount) -> list[tuple[int | None, int | None, str, int]]:
    """What one run that nothing disturbs finds; it is forgotten again."""
    ask(account)
    services.run_pulls(now=timezone.now())
    found = totals()
    assert len(found) == 3 + 3 * POSTS
    Observation.objects.all().delete()
    return found


def test_pull_killed_between_pages_ends_as_one_clean_run(
    mastodon: MastodonServer, account: SocialAccount, clean: object, crew: Crew
) -> None:
    crew.environment["OUTBOUND_ALLOWED_HOSTS"] = mastodon.host
    pull = ask(account)
    mastodon.fault(path="*/statuses", type="latency", delay_ms=700)

    for page in (1, 2):
        process = crew.loop()
        until(lambda page=page: Pull.objects.get(pk=pull.pk).cursor.get("pages", 0) >= page)  # type: ignore[misc]
        process.kill()
        assert Pull.objects.get(pk=pull.pk).state == DueState.CLAIMED
        Pull.objects.filter(pk=pull.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    crew.loop()
    until(lambda: Pull.objects.get(pk=pull.pk).state == DueState.DONE)

    done = Pull.objects.get(pk=pull.pk)
    assert (done.cursor["pages"], done.cursor["matched"], done.attempts) == (3, POSTS, 3)
    assert totals() == clean


def test_pull_through_trouble_by_two_at_once_ends_as_one_clean_run(
    mastodon: MastodonServer, account: SocialAccount, clean: object, crew: Crew
) -> None:
    crew.environment["OUTBOUND_ALLOWED_HOSTS"] = mastodon.host
    mastodon.fault(path="*/statuses", type="ratelimit", headers={"Retry-After": "1"}, count=2)
    mastodon.fault(path="*/statuses", type="status", status=500, count=2)
    pull = ask(account)

    def hurry() -> bool:
        """No need to wait longer than the network asked for."""
        soon = Connection.objects.get().not_before or timezone.now()
        Pull.objects.filter(state=DueState.WAITING, next_attempt_at__gt=soon).update(next_attempt_at=soon)
        return Pull.objects.get(pk=pull.pk).state == DueState.DONE

    for _ in range(2):
        crew.loop()
    until(hurry)

    assert Pull.objects.get(pk=pull.pk).attempts >= 3
    assert totals() == clean
