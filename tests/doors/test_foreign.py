"""Numbers of another workspace, wherever a number can be put: they are not found, not taken, and show nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from audits.models import Audit
from teams.rules import Role
from tests.doors.conftest import CANARY, FOREIGN, Border, Person, crossings, foreign_rows, leaks, letter_leaks, undone
from tests.doors.table import BRAND, TABLE, WORKSPACE
from tests.doors.walk import DOORS, Door
from tests.furnished import Sheet, database, filled, soup, touched
from tests.test_bad_input import BY_NAME
from tests.test_garbage import EXTRA, usual

pytestmark = pytest.mark.django_db
INSIDE = [door for door in DOORS if door.name in {**WORKSPACE, **BRAND}]
NUMBERED = [door for door in DOORS if "pk" in door.converters]
NOWHERE = 9_999_999
ASKED = (
    "account",
    "kind",
    "persona",
    "goal",
    "person",
    "after",
    "plan",
)  # what addresses are narrowed by, or begin with
AGAIN = re.compile(r"targets-([1-9]|__)")  # the same fields once more
TYPED = ("text", "textarea", "date", "time", "number", "email", "url", "password")
CHANGING = re.compile(rb'csrf\w* content="[^"]*"|csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|X-CSRFToken[^}]*}')


def test_the_other_workspace_is_full_of_canaries(border: Border) -> None:
    """Or nothing below could find one."""
    there = {"workspace": border.other.brand.workspace.slug, "brand": border.other.brand.slug}

    for name in ("persona_list", "goal_list", "account_list", "audit_list", "post_list", "calendar", "results"):
        door = next(one for one in DOORS if one.name == name)
        answer = border.people["admin of another workspace"].ask("GET", door.path(**there))
        assert CANARY in answer.content.decode(), name
    assert border.other.persona.pk == border.other.goal.pk == border.other.brand.workspace.pk == FOREIGN


def look(border: Border, name: str, method: str, path: str) -> tuple[int, bytes]:
    """An answer without what is new in each."""
    answer = border.people[name].ask(method, path)
    body = CHANGING.sub(b"", answer.content)
    for word in (path, border.other.brand.workspace.slug, border.other.brand.slug, "absent"):
        body = body.replace(word.encode(), b"")
    return answer.status_code, body


@pytest.mark.parametrize("door", INSIDE, ids=repr)
def test_place_of_others_looks_like_one_that_is_not_there(door: Door, border: Border) -> None:
    theirs = {"workspace": border.other.brand.workspace.slug, "brand": border.other.brand.slug}
    places = [(theirs, dict.fromkeys(theirs, "absent"))]
    if "brand" in door.converters:
        places.append(({"brand": theirs["brand"]}, {"brand": "absent"}))  # in a workspace of one's own

    for there, nowhere in places:
        for method in {"GET", "POST"} & set(TABLE[door.name].methods):
            found = look(border, "admin", method, border.path(door, border.other, **there))
            assert found[0] == 404
            assert found == look(border, "admin", method, border.path(door, border.other, **nowhere))


@pytest.mark.parametrize("door", NUMBERED, ids=repr)
def test_number_of_others_looks_like_one_that_is_not_there(door: Door, border: Border) -> None:
    """Numbers of another workspace, and in a brand those of a sister brand."""
    row, before = TABLE[door.name], database()
    paths = [border.path(door, border.other)]
    paths += [border.path(door, border.sister)] if door.name in BRAND else []
    paths += [border.path(door, review=border.other.review.pk)] if "review" in door.converters else []
    absent = border.path(door, pk=NOWHERE, review=NOWHERE)

    with undone():
        for method in row.methods:
            role = row.role(method)
            for name in ("guest", "admin"):
                not_there = look(border, name, method, absent)
                is_in = not isinstance(role, Role) or border.people[name].role.covers(row.needs)
                assert not_there[0] == (404 if is_in else 403)
                assert all(look(border, name, method, path) == not_there for path in paths), (name, method)
        assert touched(before) == []


# -- in what is asked and in what is sent -----------------------------------------------------------------------------


def names_on(answer: Any) -> set[str]:
    """All names that a page would put into an address: the fields of its forms, and the parts of its links."""
    page = soup(answer)
    fields = {str(tag["name"]) for tag in page.select("[name]")}
    return fields | {
        name for link in page.select("[href*='?']") for name in re.findall(r"[?&]([\w-]+)=", str(link["href"]))
    }


@pytest.mark.parametrize("door", [door for door in INSIDE if "GET" in TABLE[door.name].methods], ids=repr)
def test_number_of_others_in_a_query_shows_nothing(door: Door, border: Border) -> None:
    path, row = border.path(door), TABLE[door.name]
    usual = border.people["admin"].ask("GET", path, row.query)
    names = sorted({*names_on(usual), *ASKED})
    queries = [dict.fromkeys(names, str(FOREIGN)), *({name: str(FOREIGN)} for name in ASKED)]

    with undone():
        for query in queries if row.needs == Role.GUEST or "create" in door.name else queries[:1]:
            answer = border.people["admin"].ask("GET", path, {**(row.query or {}), **query})
            assert answer.status_code in (200, 400, 404, 422), query
            assert leaks(answer) == [], query


def sheet_of(door: Door, border: Border) -> tuple[dict[str, Any], Sheet | None]:
    """What a browser sends to the address when all is filled in well, and the form it fills in."""
    if form := BY_NAME.get(door.name):
        if door.name == "audit_create":
            Audit.objects.filter(pk=border.audit.pk).delete()
        page = form.read(border)
        return {**dict.fromkeys(EXTRA.get(door.name, []), ""), **filled(page, **form.extra)}, page
    return usual(border.people["admin"].client, door, border.path(door)), None


def sent(values: dict[str, Any], page: Sheet | None) -> Iterator[dict[str, Any]]:
    """The number of the other workspace's row in all that is typed; then in one choice after the other: after its
    own, and as its kin."""
    controls = page.controls if page else {}
    typed = [name for name in values if name in controls and controls[name].kind in TYPED]
    yield {**values, **dict.fromkeys(typed, str(FOREIGN))}
    for name, value in values.items():
        if name not in typed and not AGAIN.match(name):
            yield {**values, name: [value, str(FOREIGN)]}  # what takes one takes the last
            options = controls[name].options if name in controls else []
            kin = sorted({option.partition(":")[0] for option in options if ":" in option})
            yield from ({**values, name: f"{one}:{FOREIGN}"} for one in kin)


@pytest.mark.parametrize("door", [door for door in INSIDE if "POST" in TABLE[door.name].methods], ids=repr)
def test_number_of_others_is_not_taken(door: Door, border: Border) -> None:
    path, admin, elsewhere, wrong = border.path(door), border.people["admin"], foreign_rows(), []

    with undone():
        values, page = sheet_of(door, border)
        for data in sent(values, page):
            changed = {name: value for name, value in data.items() if values[name] != value}
            with undone():
                wrong += [(changed, fault) for fault in taken(admin, path, data)]
                wrong += [(changed, "changed another workspace")] * (foreign_rows() != elsewhere)

    assert wrong == []


def taken(person: Person, path: str, data: dict[str, Any]) -> Iterator[Any]:
    answer = person.ask("POST", path, data)
    yield from leaks(answer)
    if answer.status_code not in (200, 204, 302, 403, 404, 409, 422):
        yield answer.status_code
    if answer.status_code == 302:
        yield from leaks(person.client.get(answer.headers["Location"], follow=True))
        yield from crossings()
        yield from letter_leaks()
