"""A brand with one person for each role, at a moment of our choosing."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from teams.models import Brand, User
from teams.rules import Role
from tests import make
from tests.make import NOW


class Place:
    """A brand, and browsers in which its members are signed in."""

    def __init__(self) -> None:
        self.brand: Brand = make.brand()
        self.clients: dict[Role, Client] = {}
        self.people = {role: make.person(role, brand=self.brand) for role in Role}

    def client(self, role: Role = Role.EDITOR) -> Client:
        if role not in self.clients:
            self.clients[role] = Client()
            self.clients[role].force_login(self.people[role])
        return self.clients[role]

    @property
    def editor(self) -> Any:
        return self.people[Role.EDITOR]

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(name, kwargs={"workspace": self.brand.workspace.slug, "brand": self.brand.slug, **kwargs})

    def get(self, name: str, data: Any = None, role: Role = Role.EDITOR, **kwargs: Any) -> Any:
        return self.client(role).get(self.url(name, **kwargs), data)

    def post(self, name: str, data: Any = None, role: Role = Role.EDITOR, headers: Any = None, **kwargs: Any) -> Any:
        return self.client(role).post(self.url(name, **kwargs), data, headers=headers)


@pytest.fixture
def clock() -> Iterator[Any]:
    """It is NOW: Monday 23 November 2026, 10:00 in Paris."""
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def place(db: None, clock: Any) -> Place:
    return Place()


@pytest.fixture
def brand(db: None) -> Brand:
    return make.brand()


@pytest.fixture
def editor(brand: Brand) -> User:
    return make.person(Role.EDITOR, brand=brand)
