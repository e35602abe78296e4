"""Every address, asked by everybody, with every method: each is answered exactly as the table says, and looking changes
nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.doors.conftest import Border, foreign_rows, leaks, undone
from tests.doors.table import ANYBODY, METHODS, PERSON, SITE_ADMIN, TABLE
from tests.doors.walk import DOORS, EVERY, Door
from tests.furnished import database, touched

pytestmark = pytest.mark.django_db
FEW = ("anonymous", "guest", "admin", "removed member")  # stand for all where GET and POST said who is who
TAKEN = {200, 204, 302, 422}  # how a POST is answered by whoever may send one


def fits(status: int, expected: int | None, method: str) -> bool:
    if expected is not None:
        return status == expected
    return status in TAKEN if method == "POST" else status == 200


@pytest.mark.parametrize("door", DOORS, ids=repr)
def test_everybody_is_answered_as_the_table_says(door: Door, border: Border) -> None:
    before, elsewhere, wrong = database(), foreign_rows(), []
    row = TABLE[door.name]
    asked = [(name, method) for name in border.people for method in METHODS if method in ("GET", "POST") or name in FEW]
    taken = [one for one in asked if one[1] == "POST" and row.changes and border.expects(door, *one) is None]

    with undone():
        for one in asked:
            if one not in taken:
                wrong += [(*one, fault) for fault in faults(door, border, *one)]
        wrong += touched(before)
    for one in taken:
        with undone():
            wrong += [(*one, fault) for fault in faults(door, border, *one)]
            if one[0] != "admin of another workspace" and foreign_rows() != elsewhere:
                wrong.append((*one, "changed another workspace"))

    assert wrong == []


def faults(door: Door, border: Border, name: str, method: str) -> Iterator[Any]:
    row, person = TABLE[door.name], border.people[name]
    answer = person.ask(method, border.path(door), None if method == "POST" else row.query)
    expected = border.expects(door, name, method)
    if not fits(answer.status_code, expected, method):
        yield answer.status_code, expected
    if row.needs != ANYBODY and expected == 302 and not answer.headers["Location"].startswith("/me/login/?next="):
        yield answer.headers["Location"]
    if name != "admin of another workspace":
        yield from leaks(answer)


@pytest.mark.parametrize("door", [door for door in EVERY if not door.is_ours], ids=repr)
def test_pages_of_libraries_change_nothing_by_looking(door: Door, border: Border) -> None:
    """And what is for site admins asks everybody else to sign in as one."""
    before, row = database(), TABLE[door.name]

    for person in border.people.values():
        for method in ("GET", "HEAD", "OPTIONS", *(["POST"] if row.needs == SITE_ADMIN else [])):
            if method == "POST" and person.is_site_admin:
                continue
            answer = person.ask(method, border.path(door))
            if (row.needs == SITE_ADMIN and not person.is_site_admin) or (row.needs == PERSON and not person.user):
                assert answer.status_code == 302
                assert "/login/" in answer.headers["Location"]

    assert touched(before) == []
