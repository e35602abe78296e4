"""How often one person, or one address, may do what costs others something: send mails, make files, found places.

Counted in the cache, which goes on counting when Redis is away. Signing in and asking for a new password have limits of
allauth's own.
"""

import functools
import time
from collections.abc import Callable, Collection
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
View = Callable[Concatenate[R, P], HttpResponseBase]
HOUR = 3600
A_HOUSE = 5  # so many times as often for one address: a whole office may share it


def address_of(request: HttpRequest) -> str:
    """Whose request it is. What a client says of itself is not believed, only what our own proxies add at the end."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    proxies = settings.TRUSTED_PROXIES
    return hops[-proxies] if 0 < proxies <= len(hops) else str(request.META.get("REMOTE_ADDR", ""))


def limited(act: str, *, an_hour: int, methods: Collection[str] = ("POST",)) -> Callable[[View[R, P]], View[R, P]]:
    """A view that one person may ask so often in an hour by these methods; it stands below the access decorator. Then
    429."""

    def decorate(view: View[R, P]) -> View[R, P]:
        @functools.wraps(view)
        def inner(request: R, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method in methods and not take(request, act, an_hour=an_hour):
                response = render(request, "429.html", status=429)
                response.headers["Retry-After"] = str(HOUR)
                return response
            return view(request, *args, **kwargs)

        return cast(View[R, P], inner)

    return decorate


def take(request: HttpRequest, act: str, *, an_hour: int) -> bool:
    """Count one more for the person and for the address; whether both may still."""
    user: Any = getattr(request, "user", None)
    person = user.pk if user is not None and user.is_authenticated else None
    counts = [_count(act, "address", address_of(request)) <= an_hour * A_HOUSE]
    if person is not None:
        counts.append(_count(act, "person", person) <= an_hour)
    return all(counts)


def _count(act: str, kind: str, who: Any) -> int:
    key = f"limit:{act}:{kind}:{who}:{int(time.time()) // HOUR}"
    cache.add(key, 0, timeout=HOUR)
    try:
        return int(cache.incr(key))
    except ValueError:  # the cache has just lost it, with Redis
        return 1
