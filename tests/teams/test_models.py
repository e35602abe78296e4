"""What the database refuses."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from teams.models import Membership, User
from teams.rules import Role
from tests import make

pytestmark = pytest.mark.django_db


def refused(constraint: str, act: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()


def test_address_is_kept_in_lower_case() -> None:
    user = make.user()

    refused("user_email_is_lower_case", lambda: User.objects.filter(pk=user.pk).update(email="Ann@Example.com"))


def test_address_belongs_to_one_person() -> None:
    refused("email", lambda: User.objects.create_user(make.user().email))


def test_brand_name_is_unique_in_its_workspace_whatever_the_case() -> None:
    brand = make.brand(name="North")
    make.brand(name="North")

    refused("brand_name_unique", lambda: make.brand(workspace=brand.workspace, name="NORTH"))


def test_brand_slug_is_unique_in_its_workspace() -> None:
    brand = make.brand()

    refused("brand_slug_unique", lambda: make.brand(workspace=brand.workspace, slug=brand.slug))


def test_brand_is_not_its_own_parent() -> None:
    brand = make.brand()
    brand.parent = brand

    refused("brand_not_own_parent", brand.save)


def test_person_is_member_once() -> None:
    member = make.member()

    refused("membership_unique", lambda: make.member(workspace=member.workspace, user=member.user))


def test_address_has_one_open_invitation() -> None:
    invitation = make.invitation()
    make.invitation(workspace=invitation.workspace, email="b@example.com", canceled_at=make.NOW)
    make.invitation(workspace=invitation.workspace, email="b@example.com")

    upper = invitation.email.upper()
    refused("invitation_one_open", lambda: make.invitation(workspace=invitation.workspace, email=upper))


def test_invitation_is_not_both_accepted_and_canceled() -> None:
    refused("not_both", lambda: make.invitation(accepted_at=make.NOW, canceled_at=make.NOW))


def test_only_guests_are_limited() -> None:
    member, invitation = make.member(Role.EDITOR), make.invitation(role=Role.EDITOR)

    for name, row in (("membership", member), ("invitation", invitation)):
        row.is_limited = True
        refused(f"{name}_only_guests_are_limited", row.save)


def test_brand_is_open_to_all_but_guests_limited_to_others() -> None:
    brand = make.brand()
    other = make.brand(workspace=brand.workspace)
    editor = make.member(Role.EDITOR, brand=brand)
    free = make.member(Role.GUEST, brand=brand)
    here = make.member(Role.GUEST, brand=brand, brands=(brand, other))
    make.member(Role.GUEST, brand=brand, brands=(other,))
    make.member(Role.ADMIN)

    assert set(Membership.objects.for_brand(brand)) == {editor, free, here}
