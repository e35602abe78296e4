"""A pull whose process is killed between pages ends as one clean run would."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from analytics.models import Observation, Pull
from core.duework import DueState
from networks.connectors import MastodonConnector
from networks.models import Subject
from teams.rules import Role
from tests import make
from tests.mastodon import MastodonServer, mastodon, mastodon_process

__all__ = ["mastodon", "mastodon_process"]
pytestmark = pytest.mark.django_db(transaction=True)
POSTS = 130  # four pages


def until(happened: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"not after {seconds} s"
        time.sleep(0.02)


@pytest.fixture
def deliver(mastodon: MastodonServer) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts `manage.py deliver --loop` on this test's database."""
    started: list[subprocess.Popen[bytes]] = []
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "deliver", "--loop", "--interval", "0.1"],
            cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "DATABASE_URL": url, "OUTBOUND_ALLOWED_HOSTS": mastodon.host},
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_pull_killed_between_pages_ends_as_one_clean_run(
    mastodon: MastodonServer, deliver: Callable[[], subprocess.Popen[bytes]]
) -> None:
    make.given("mastodon", Subject.DELIVERY, "likes", "comments", "shares")
    make.given("mastodon", Subject.ACCOUNT, "followers", "following", "posts_total")
    account = make.account(network="mastodon", handle="brulerie", brand=make.brand())
    make.member(Role.ADMIN, brand=account.brand)
    remote_id = MastodonConnector(mastodon.credentials()).identity().remote_id
    make.connection(account=account, server=mastodon.url, token=mastodon.token, remote_id=remote_id)
    now = timezone.now()
    for number in range(POSTS):
        make.delivery(
            account=account, post=make.post(brand=account.brand), published_at=now - timedelta(minutes=1),
            remote_id=mastodon.post(f"Post {number}"),
        )  # fmt: skip
    pull = Pull.objects.create(account=account, due_at=now, next_attempt_at=now)
    mastodon.fault(path="*/statuses", type="latency", delay_ms=700)

    def pages() -> int:
        return int(Pull.objects.get(pk=pull.pk).cursor.get("pages", 0))

    for page in (1, 2):
        process = deliver()
        until(lambda page=page: pages() >= page)  # type: ignore[misc]
        process.kill()
        process.wait()
        assert Pull.objects.get(pk=pull.pk).state == DueState.CLAIMED
        Pull.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    deliver()
    until(lambda: Pull.objects.get(pk=pull.pk).state == DueState.DONE)

    done = Pull.objects.get(pk=pull.pk)
    assert (done.cursor["pages"], done.cursor["matched"], done.attempts) == (4, POSTS, 3)
    assert Observation.objects.count() == 3 + 3 * POSTS
