"""Roles and addresses: no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teams.rules import LONGEST_SLUG, Permission, Role, numbered, slug_of


def test_each_role_may_what_the_ones_below_may() -> None:
    order = [Role.GUEST, Role.EDITOR, Role.MANAGER, Role.ADMIN]

    assert [[upper.covers(lower) for lower in order] for upper in order] == [
        [True, False, False, False],
        [True, True, False, False],
        [True, True, True, False],
        [True, True, True, True],
    ]


def test_every_permission_names_a_role() -> None:
    assert {permission.role for permission in Permission} == set(Role)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Brûlerie d'Œuvre", "brulerie-d-oeuvre"), ("Straße & Söhne", "strasse-sohne"), ("  --  ", ""),
        ("東京", ""), ("Ørsted Łódź", "orsted-lodz"), ("A" * 80, "a" * LONGEST_SLUG),
    ],
)  # fmt: skip
def test_slug_of_a_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(st.text(max_size=100))
def test_slug_holds_only_letters_digits_and_single_dashes(name: str) -> None:
    slug = slug_of(name)

    assert all(part.isalnum() and part.isascii() and part.islower() | part.isdigit() | (part == part.lower())
               for part in slug.split("-")) or slug == ""  # fmt: skip


def test_numbered_takes_the_first_free_number() -> None:
    assert numbered("acme", set()) == "acme"
    assert numbered("acme", {"acme", "acme-3"}) == "acme-2"
    assert numbered("acme", {"acme", "acme-2", "acme-3"}) == "acme-4"
