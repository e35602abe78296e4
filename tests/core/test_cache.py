"""While Redis is away, the cache goes on in each process."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.test import Client
from django.urls import reverse

from core.cache import CalmRedisCache
from tests import make


@pytest.fixture
def redis_is_away(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.CACHES = {
        "default": {"BACKEND": "core.cache.CalmRedisCache", "LOCATION": f"unix://{tmp_path}/nobody.sock?db=1"}
    }
    CalmRedisCache._silent_until = 0.0
    caches["default"]._own.clear()
    yield
    CalmRedisCache._silent_until = 0.0


def test_cache_is_kept_in_redis_while_it_is_there() -> None:
    cache.set("a", 1)

    assert cache.get_many(["a", "b"]) == {"a": 1}
    assert cache.incr("a") == 2
    assert caches["default"]._own.get("a") is None


def test_cache_goes_on_without_redis_and_asks_it_once(redis_is_away: None, caplog: pytest.LogCaptureFixture) -> None:
    started = time.monotonic()

    cache.set("a", 1)
    answers = [cache.add("a", 5), cache.incr("a"), cache.get("a"), cache.get("b", 7), cache.has_key("a")]
    cache.delete("a")

    assert answers == [False, 2, 2, 7, True]
    assert cache.get("a") is None
    assert len(caplog.records) == 1
    assert time.monotonic() - started < 1


@pytest.mark.django_db
def test_people_sign_in_without_redis_and_guesses_are_limited_still(redis_is_away: None, client: Client) -> None:
    user, guessed = make.user(), make.user()

    client.post(reverse("account_login"), {"login": user.email, "password": make.PASSWORD})
    other = Client()
    for _ in range(5):
        other.post(reverse("account_login"), {"login": guessed.email, "password": "wrong"})
    other.post(reverse("account_login"), {"login": guessed.email, "password": make.PASSWORD})

    assert client.session["_auth_user_id"] == str(user.pk)
    assert "_auth_user_id" not in other.session
