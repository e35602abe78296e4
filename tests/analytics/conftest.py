"""A brand with figures, one person for each role, and the pages read as words."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from audits.models import SocialAccount
from calendar_app.models import Delivery
from networks.models import Subject
from teams.rules import Role
from tests import make
from tests.make import NOW
from tests.mastodon import mastodon, mastodon_process

__all__ = ["mastodon", "mastodon_process"]
TODAY = "2026-11-23"
GOOD = f"date;network;account;post;followers;likes\n{TODAY};instagram;maison.roche;;5210;\n"


class Place:
    """A brand with an account on Instagram, and browsers in which its members are signed in."""

    def __init__(self) -> None:
        make.given("instagram", Subject.DELIVERY, "likes", "comments")
        make.given("instagram", Subject.ACCOUNT, "followers")
        make.given("mastodon", Subject.DELIVERY, "likes", "shares")
        make.given("mastodon", Subject.ACCOUNT, "followers")
        self.brand = make.brand()
        self.people = {role: make.person(role, brand=self.brand) for role in Role}
        self.account = make.account(brand=self.brand, handle="maison.roche")

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(name, kwargs={"workspace": self.brand.workspace.slug, "brand": self.brand.slug, **kwargs})

    def client(self, role: Role = Role.EDITOR) -> Client:
        client = Client()
        client.force_login(self.people[role])
        return client

    def get(self, name: str, data: Any = None, role: Role = Role.EDITOR, **kwargs: Any) -> Any:
        return self.client(role).get(self.url(name, **kwargs), data)

    def post(self, name: str, data: Any = None, role: Role = Role.EDITOR, **kwargs: Any) -> Any:
        return self.client(role).post(self.url(name, **kwargs), data)

    def published(self, account: SocialAccount | None = None, *, days: int = 3, **post: Any) -> Delivery:
        words = make.post(brand=self.brand, **post)
        return make.delivery(post=words, account=account or self.account, published_at=NOW - timedelta(days=days))


@pytest.fixture
def place(db: None) -> Iterator[Place]:
    """It is NOW: Monday 23 November 2026, 10:00 in Paris."""
    with time_machine.travel(NOW, tick=False):
        yield Place()


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def text(answer: Any) -> str:
    return " ".join(soup(answer).get_text(" ").split())


def cells(answer: Any, table: int) -> list[list[str]]:
    """The words in each row of a table of the page."""
    rows = soup(answer).select("main .table-wrap:not([data-chart-table]) tbody")[table].select("tr")
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in rows]
