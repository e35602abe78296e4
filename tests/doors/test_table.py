"""The table knows every address, and says what the code says."""

from collections import Counter

import pytest

from teams.access import Access
from teams.rules import Role
from tests.doors.table import ANYBODY, BRAND, PERSON, SITE, TABLE, WORKSPACE
from tests.doors.walk import DOORS, EVERY, Door


def border(name: str) -> str:
    if name in SITE:
        return "public" if SITE[name].needs == ANYBODY else "person"
    return "workspace" if name in WORKSPACE else "brand"


def test_table_and_addresses_are_the_same() -> None:
    found = {door.name for door in EVERY}

    assert sorted(found - set(TABLE)) == [], "without a line in tests/doors/table.py"
    assert sorted(set(TABLE) - found) == [], "in tests/doors/table.py, but nowhere else"
    assert Counter([*SITE, *WORKSPACE, *BRAND]).most_common(1)[0][1] == 1


@pytest.mark.parametrize("door", DOORS, ids=repr)
def test_view_asks_for_what_the_table_says(door: Door) -> None:
    row = TABLE[door.name]

    assert row.is_ours
    role = row.needs if isinstance(row.needs, Role) else None
    assert door.access == Access(border(door.name), role)
    assert door.route.startswith("w/") == (role is not None)
    assert ("brand" in door.converters) == (door.name in BRAND)
    assert row.needs in (ANYBODY, PERSON) or role
