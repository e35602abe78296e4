"""A furnished brand, everybody who may stand at its doors, and another workspace whose every text is a canary."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.db import DatabaseError, connection, models, transaction
from django.test import Client

from activity.models import Message
from core import outbound
from teams.models import Membership
from teams.rules import Role
from tests import make
from tests.doors.table import ANYBODY, PERSON, TABLE, Row
from tests.doors.walk import Door
from tests.furnished import Furnished, House, whole
from tests.make import NOW

CANARY = "Kanarienvogel"
FOREIGN = 7_000_001  # the number of the other workspace's first row in every table
OURS = 8_000_000  # all other rows have higher numbers


@dataclass
class Person:
    """Somebody at the door, with a browser."""

    role: Role | None = None  # in the workspace
    is_limited: bool = False  # to another brand of the workspace
    is_site_admin: bool = False
    user: Any = None
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))
    cookies: Any = None

    def sign_in(self, user: Any) -> "Person":
        self.user = user
        self.client.force_login(user)
        make.confirmed(self.client)
        self.cookies = self.client.cookies.copy()
        return self

    def ask(self, method: str, path: str, data: Any = None, **more: Any) -> Any:
        """One request, without whatever an earlier answer did to the browser."""
        self.client.cookies.clear()
        self.client.cookies.update(self.cookies or {})
        kwargs = {"data": data or {}} if method in ("GET", "HEAD", "POST") else {}
        answer = getattr(self.client, method.lower())(path, **kwargs, **more)
        answer.whole = whole(answer)
        return answer

    def expects(self, row: Row, door: Door, method: str, owner: Any) -> int | None:
        if self.user is None and row.needs != ANYBODY:
            return 302
        if method not in row.methods:
            return 405
        if row.needs not in (ANYBODY, PERSON):
            if self.role is None or (self.is_limited and "brand" in door.converters):
                return 404
            if not self.role.covers(Role(row.role(method))):
                return 403
        if row.found == 302 and self.user is None:
            return None  # a page of its own for strangers
        return 404 if row.own and self.user != owner else row.found


class Border(House):
    """The house, whoever stands at its doors, and the other workspace."""

    def __init__(self) -> None:
        start_numbers_at(FOREIGN)
        self.other = Furnished()
        paint(self.other)
        start_numbers_at(OURS)
        super().__init__()
        self.brand.parent, self.brand.website = None, "https://example.com"
        former = make.member(Role.ADMIN, brand=self.brand)
        self.people = {
            "anonymous": Person(),
            "guest": self.member(Role.GUEST),
            "limited guest": self.member(Role.GUEST, self.sister.brand),
            "editor": self.member(Role.EDITOR),
            "manager": self.member(Role.MANAGER),
            "admin": Person(Role.ADMIN).sign_in(self.admin),
            "removed member": Person().sign_in(former.user),
            "admin of another workspace": Person().sign_in(self.other.admin),
            "site admin": Person(is_site_admin=True).sign_in(make.user(is_staff=True, is_superuser=True)),
        }
        Membership.objects.filter(pk=former.pk).delete()

    def member(self, role: Role, *only: Any) -> Person:
        membership = make.member(role, brand=self.brand, brands=only)
        return Person(role, is_limited=bool(only)).sign_in(membership.user)

    def expects(self, door: Door, name: str, method: str) -> int | None:
        """What the answer must be; None for whatever whoever is let in is answered."""
        return self.people[name].expects(TABLE[door.name], door, method, self.admin)

    def path(self, door: Door, of: Furnished | None = None, **values: Any) -> str:
        """The address of something in this workspace and brand; the numbers may be of others."""
        about = of or self
        places = {"workspace": self.brand.workspace.slug, "brand": self.brand.slug}
        numbers = {"pk": about.row(door.name).pk, "review": about.review.pk, "step": "goals"}
        return door.path(**{**places, **numbers, **values})


# -- numbers and canaries ---------------------------------------------------------------------------------------------


def numbered_tables() -> list[str]:
    """The tables whose rows have numbers of their own."""
    automatic = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return sorted({m._meta.db_table for m in automatic if isinstance(m._meta.pk, models.AutoField)})


def start_numbers_at(number: int) -> None:
    tables = numbered_tables()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT "
            + ", ".join(f"setval(pg_get_serial_sequence('{table}', 'id'), {number}, false)" for table in tables)
        )


def paint(furnished: Furnished) -> None:
    """Put the canary into every text that people write."""
    for row in [value for value in vars(furnished).values() if isinstance(value, models.Model)]:
        for one in (row, getattr(row, "workspace", None), getattr(row, "user", None), getattr(row, "post", None)):
            if one is not None:
                _paint(one, {column.attname: _canary(column, one) for column in one._meta.concrete_fields})
        row.refresh_from_db()


def _canary(column: models.Field, row: models.Model) -> str:
    """What a text column is painted with; nothing where people do not write."""
    is_text = isinstance(column, models.CharField | models.TextField) and column.editable and not column.choices
    if not is_text or column.primary_key or isinstance(column, models.SlugField):
        return ""
    if isinstance(column, models.EmailField):
        return f"{CANARY}{row.pk}@example.org"
    return f"https://{CANARY}.example/{row.pk}" if isinstance(column, models.URLField) else f"{CANARY}{row.pk}"


def _paint(row: models.Model, words: dict[str, str]) -> None:
    """All columns at once, or else those that the database lets have such a text."""
    kept = {name: word for name, word in words.items() if word and name not in ("password", "time_zone")}
    for values in (kept, *({name: word} for name, word in kept.items())):
        try:
            with transaction.atomic():
                type(row)._base_manager.filter(pk=row.pk).update(**values)
        except (DatabaseError, ValueError):
            continue
        if values is kept:
            return


# -- what must not happen ---------------------------------------------------------------------------------------------


def foreign_rows() -> dict[str, str]:
    """A checksum over the other workspace's rows of each table, in one query."""
    one = (
        "SELECT '{0}', md5(coalesce(string_agg(t::text, '|' ORDER BY id), '')) FROM {0} t "
        f"WHERE id BETWEEN {FOREIGN} AND {OURS - 1}"
    )
    return dict(_rows(" UNION ALL ".join(one.format(table) for table in numbered_tables())))


def crossings() -> list[str]:
    """The columns by which a row of ours points at a row of the other workspace."""
    asked = []
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table not in numbered_tables():
            continue
        for column in model._meta.concrete_fields:
            if column.is_relation and isinstance(column.related_model._meta.pk, models.AutoField):  # type: ignore[union-attr]
                asked.append(
                    f"SELECT '{table}.{column.column}' FROM {table} WHERE id >= {OURS} "
                    f"AND {column.column} BETWEEN {FOREIGN} AND {OURS - 1}"
                )
    return [name for (name,) in _rows(" UNION ALL ".join(asked))]


def _rows(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def leaks(answer: Any) -> list[str]:
    """Where an answer, or a mail that it caused, shows a text of the other workspace."""
    letters = [f"{one.subject} {one.body} {one.message()}" for one in mail.outbox]
    places = {
        "body": (answer.whole if hasattr(answer, "whole") else whole(answer)).decode("utf-8", "replace"),
        "headers": str(answer.headers),
        "mail": " ".join(letters),
    }
    return [name for name, text in places.items() if CANARY.lower() in text.lower()]


def letter_leaks() -> list[str]:
    """The messages to our people that hold a text of the other workspace."""
    written = Message.objects.filter(pk__gte=OURS)
    texts = (f"{one.context} {one.sealed} {one.address}" for one in written)
    return [text for text in texts if CANARY.lower() in text.lower()]


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back."""
    kept = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(kept)


@pytest.fixture(scope="module")
def border(django_db_setup: None, django_db_blocker: Any) -> Iterator[Border]:
    """Made once for all tests of a module; each takes back what it does."""
    logging.disable()  # thousands of refusals are what is asked for here
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(outbound, "_within", lambda deadline, look_up: [])  # no name leads anywhere
        with time_machine.travel(NOW, tick=False), transaction.atomic():
            yield Border()
            transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
