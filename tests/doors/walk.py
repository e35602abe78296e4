"""The addresses of the URLconf, whoever wrote them."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from teams.access import Access

SAMPLE = {"int": 1, "str": "x", "slug": "x", "uuid": "00000000-0000-4000-8000-000000000000", "path": "1"}
GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


class Door:
    """One address."""

    def __init__(self, pattern: URLPattern, route: str, namespace: str, converters: dict[str, str]) -> None:
        self.view = pattern.callback
        self.name = f"{namespace}{pattern.name}" if pattern.name else route
        self.route, self.converters = route, converters
        self.access: Access | None = getattr(self.view, "access", None)
        self.is_ours = not (namespace or self.view.__module__.startswith("allauth."))

    def __repr__(self) -> str:
        return self.name

    def path(self, **values: Any) -> str:
        """The address with these values, and with some for whatever else it takes."""
        path = "/" + GROUP.sub(r"<\1>", self.route.replace("^", "").replace("$", ""))
        for name, kind in self.converters.items():
            value = str(values.get(name, SAMPLE[kind]))
            path = path.replace(f"<{kind}:{name}>", value).replace(f"<{name}>", value)
        return path


def walk(patterns: Any, route: str = "", namespace: str = "", known: dict[str, str] | None = None) -> Iterator[Door]:
    for pattern in patterns:
        converters = {**(known or {}), **kinds(pattern.pattern)}
        whole = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = namespace + (f"{pattern.namespace}:" if pattern.namespace else "")
            yield from walk(pattern.url_patterns, whole, inner, converters)
        else:
            yield Door(pattern, whole, namespace, converters)


def kinds(pattern: Any) -> dict[str, str]:
    """What an address takes, by name: the kind of converter; the groups of a regular expression are texts."""
    if not isinstance(pattern, RoutePattern):
        return dict.fromkeys(getattr(pattern, "regex", re.compile("")).groupindex, "str")
    names = {name: type(converter).__name__ for name, converter in pattern.converters.items()}
    return {name: kind.removesuffix("Converter").lower().replace("string", "str") for name, kind in names.items()}


EVERY = list(walk(get_resolver().url_patterns))
DOORS = [door for door in EVERY if door.is_ours]
