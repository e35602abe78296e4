"""Since when a person has not looked at a brand, and what changed meanwhile."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from activity.models import Visit
from activity.news import MOST, lately, since
from activity.visits import visit
from teams.models import Brand, User
from teams.rules import Role
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    return make.brand()


def after(**passed: float) -> datetime:
    return NOW + timedelta(**passed)


def test_sitting_ends_after_an_hour_without_a_look(brand: Brand) -> None:
    person = make.person(brand=brand)
    looks = [0, 15, 74, 200, 215]  # minutes: the fourth comes after more than an hour

    found = [visit(brand=brand, user=person, now=after(minutes=minute)) for minute in looks]

    assert found == [None, None, None, after(minutes=74), after(minutes=74)]


def test_visit_is_written_every_ten_minutes_at_most(brand: Brand, django_assert_num_queries: Any) -> None:
    person = make.person(brand=brand)
    visit(brand=brand, user=person, now=NOW)

    with django_assert_num_queries(1):
        visit(brand=brand, user=person, now=after(minutes=9))
    seen = Visit.objects.get().seen_at
    visit(brand=brand, user=person, now=after(minutes=11))

    assert (seen, Visit.objects.get().seen_at) == (NOW, after(minutes=11))


def test_visits_are_of_one_person_and_one_brand(brand: Brand) -> None:
    person, other = make.person(brand=brand), make.person(brand=brand)
    sister = make.brand(workspace=brand.workspace)
    for place, who in ((brand, other), (sister, person)):
        visit(brand=place, user=who, now=NOW)

    assert visit(brand=brand, user=person, now=after(hours=2)) is None
    assert visit(brand=brand, user=other, now=after(hours=3)) == NOW


def test_database_refuses_a_visit_before_that_is_later(brand: Brand) -> None:
    with pytest.raises(IntegrityError, match="visit_before_is_earlier"), transaction.atomic():
        make.visit(brand=brand, seen_at=NOW, before_at=after(days=1))
    with pytest.raises(IntegrityError, match="visit_unique"), transaction.atomic():
        make.visit(brand=brand, user=make.visit(brand=brand).user)


def news(brand: Brand, person: User, role: Role = Role.EDITOR, before: datetime | None = NOW) -> list[tuple[str, int]]:
    found = since(brand=brand, user=person, role=role, before=before, now=after(days=1))
    return [(item.words, item.more) for item in found.news]


def test_since_tells_what_others_did_and_what_is_alike_once(brand: Brand) -> None:
    me, tom = make.person(brand=brand), make.user(name="Tom")
    deed = {"brand": brand, "verb": "calendar.post_edited", "at": after(hours=1)}
    make.event(**deed, by=tom, about="post:1", label="First")
    make.event(**deed, by=tom, about="post:1", label="First")
    make.event(**{**deed, "at": after(hours=2)}, by=tom, about="post:2", label="Second")
    make.event(**deed, by=me, about="post:3", label="Mine")
    make.event(**{**deed, "at": NOW - timedelta(hours=1)}, by=tom, about="post:4", label="Old")
    make.event(verb="calendar.post_edited", by=tom, at=after(hours=3), label="Elsewhere")

    assert news(brand, me) == [("Tom changed the post “Second”", 1)]
    assert news(brand, me, Role.GUEST) == []


def test_who_comes_for_the_first_time_is_told_of_a_week(brand: Brand) -> None:
    me = make.person(brand=brand)
    make.event(brand=brand, verb="plans.goal_created", at=NOW - timedelta(days=3), label="Young")
    make.event(brand=brand, verb="plans.goal_edited", at=NOW - timedelta(days=9), label="Old")

    assert news(brand, me, Role.GUEST, before=None) == [("Sextant created the goal “Young”", 0)]


def test_since_says_that_there_is_more(brand: Brand) -> None:
    me = make.person(brand=brand)
    for number in range(MOST + 1):
        make.event(brand=brand, verb=f"plans.goal_{number}", at=after(hours=1))

    found = since(brand=brand, user=me, role=Role.EDITOR, before=NOW, now=after(days=1))

    assert (len(found.news), found.has_more) == (MOST, True)


def test_lately_tells_of_all_brands_and_of_no_other_workspace(brand: Brand, django_assert_num_queries: Any) -> None:
    sister = make.brand(workspace=brand.workspace)
    make.event(brand=brand, at=NOW, label="a")
    make.event(brand=sister, at=after(hours=1), label="b")
    make.event(label="c")

    with django_assert_num_queries(1):
        found = lately(brand.workspace)

    assert [(item.words, item.brand) for item in found] == [
        ("Sextant changed the brand “b”", sister.name), ("Sextant changed the brand “a”", brand.name),
    ]  # fmt: skip
