"""A cache in Redis that nothing hangs on: while Redis is away, each process keeps its own.

What is cached here are counts that limit guesses of passwords and the like. They must go on counting when Redis is
away, if more roughly, and a page must neither fail nor wait for it.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
PATIENCE = {"socket_connect_timeout": 0.3, "socket_timeout": 0.5}  # seconds
SILENCE = 15.0  # seconds in which a Redis that did not answer is not asked again


class CalmRedisCache(RedisCache):
    """Redis, or this process's memory while Redis does not answer."""

    _silent_until = 0.0  # of all instances in this process: Django makes one for each thread

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        params = {**params, "OPTIONS": {**PATIENCE, **params.get("OPTIONS", {})}}
        super().__init__(server, params)
        self._own = LocMemCache("calm", {**params, "OPTIONS": {}})

    def _ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= CalmRedisCache._silent_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except RedisError as error:
                CalmRedisCache._silent_until = time.monotonic() + SILENCE
                logger.warning("Redis does not answer, each process keeps its own cache: %s", error)
        return getattr(self._own, name)(*args, **kwargs)


def _calm(name: str) -> Callable[..., Any]:
    def ask(self: CalmRedisCache, *args: Any, **kwargs: Any) -> Any:
        return self._ask(name, *args, **kwargs)

    return ask


ASKED = ("add", "get", "set", "touch", "delete", "has_key", "incr", "get_many", "set_many", "delete_many", "clear")
for _name in ASKED:
    setattr(CalmRedisCache, _name, _calm(_name))
