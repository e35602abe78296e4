"""Every address names who may open it, and answers everybody else as it should."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from teams.access import Access
from teams.models import Brand, Membership
from teams.rules import Role
from tests import make

# What guards itself: allauth's pages, the admin, and the local inbox and gallery that only a developer has.
OTHERS = ("allauth.", "django.contrib.admin", "config.inbox", "core.gallery", "django.views.static", "config.views")
SAMPLE = {"int": 1, "str": "x", "slug": "x", "uuid": "00000000-0000-4000-8000-000000000000", "path": "x"}


class Door:
    """One address of ours."""

    def __init__(self, pattern: URLPattern, route: str, converters: dict[str, str]) -> None:
        self.view = pattern.callback
        self.name = pattern.name or route
        self.route, self.converters = route, converters
        self.access: Access | None = getattr(self.view, "access", None)

    def path(self, *, workspace: str, brand: str) -> str:
        """The address in a workspace and brand, with some value for whatever else it takes."""
        path = "/" + self.route
        for name, kind in self.converters.items():
            value = {"workspace": workspace, "brand": brand}.get(name, SAMPLE[kind])
            path = path.replace(f"<{kind}:{name}>", str(value)).replace(f"<{name}>", str(value))
        return path


def walk(patterns: Any, route: str = "", converters: dict[str, str] | None = None) -> Iterator[Door]:
    for pattern in patterns:
        assert isinstance(pattern.pattern, RoutePattern) or is_other(pattern), f"{pattern} is a regular expression"
        known = {**(converters or {}), **kinds(pattern.pattern)}
        if isinstance(pattern, URLResolver):
            if not is_other(pattern):
                yield from walk(pattern.url_patterns, route + str(pattern.pattern), known)
        elif not is_other(pattern):
            yield Door(pattern, route + str(pattern.pattern), known)


def is_other(pattern: Any) -> bool:
    if isinstance(pattern, URLResolver):
        return pattern.app_name == "admin" or str(pattern.urlconf_name).find("allauth") >= 0
    return str(pattern.callback.__module__).startswith(OTHERS)


def kinds(pattern: Any) -> dict[str, str]:
    names = {type(converter).__name__.removesuffix("Converter").lower() for converter in pattern.converters.values()}
    assert {name.replace("string", "str") for name in names} <= set(SAMPLE), names
    return {
        name: type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        for name, converter in pattern.converters.items()
    }


DOORS = list(walk(get_resolver().url_patterns))
INSIDE = [door for door in DOORS if door.access and door.access.border in ("workspace", "brand")]
GUARDED = [door for door in INSIDE if door.access and door.access.role != Role.GUEST]


def named(doors: list[Door]) -> Any:
    return pytest.mark.parametrize("door", doors, ids=[door.name for door in doors])


@pytest.fixture
def brand(db: None) -> Brand:
    return make.brand()


def path(door: Door, brand: Brand) -> str:
    return door.path(workspace=brand.workspace.slug, brand=brand.slug)


def below(role: Role) -> Role:
    return list(Role)[role.rank - 1]


def answers(client: Client, address: str) -> set[int]:
    """What a look and a change are answered with; a method that the address does not know (405) says nothing."""
    return {client.get(address).status_code, client.post(address).status_code} - {405}


def test_doors_are_found() -> None:
    names = {door.name for door in DOORS}

    assert {"home", "invitation", "profile", "member_list", "brand_edit", "history", "goal_list", "calendar"} <= names


@named(DOORS)
def test_every_door_names_its_role(door: Door) -> None:
    assert door.access is not None, f"{door.route} has no access decorator"
    assert (door.access.role is not None) == (door.access.border in ("workspace", "brand"))
    assert door.route.startswith("w/") == (door.access.border in ("workspace", "brand"))


@named([door for door in DOORS if door.access and door.access.border != "public"])
def test_stranger_is_asked_to_sign_in(door: Door, brand: Brand, client: Client) -> None:
    address = path(door, brand)

    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/me/login/")


@named(INSIDE)
def test_member_of_another_workspace_finds_nothing(door: Door, brand: Brand, client: Client) -> None:
    client.force_login(make.member(Role.ADMIN).user)

    assert answers(client, path(door, brand)) == {404}


@named(INSIDE)
def test_absent_place_answers_like_a_foreign_one(door: Door, client: Client, db: None) -> None:
    client.force_login(make.member(Role.ADMIN).user)

    assert answers(client, door.path(workspace="absent", brand="absent")) == {404}


@named(GUARDED)
def test_role_below_is_forbidden(door: Door, brand: Brand, client: Client) -> None:
    assert door.access is not None
    assert door.access.role is not None
    client.force_login(make.member(below(door.access.role), brand=brand).user)

    assert answers(client, path(door, brand)) == {403}


@named([door for door in INSIDE if door.access and door.access.border == "brand"])
def test_limited_guest_finds_no_other_brand(door: Door, brand: Brand, client: Client) -> None:
    own = make.brand(workspace=brand.workspace)
    client.force_login(make.member(Role.GUEST, brand=brand, brands=(own,)).user)

    assert answers(client, path(door, brand)) == {404}


@named(INSIDE)
def test_former_member_finds_nothing(door: Door, brand: Brand, client: Client) -> None:
    membership = make.member(Role.ADMIN, brand=brand)
    client.force_login(membership.user)
    Membership.objects.filter(pk=membership.pk).delete()

    assert answers(client, path(door, brand)) == {404}
