"""Verbs of places and members: who may, what is refused, what is written down."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from activity.frame import frame
from activity.models import Event
from activity.queries import notifications_for, split_by_wish
from core.errors import StaleError
from teams import services
from teams.access import may, require, visible_brands
from teams.models import Brand, Invitation, Membership
from teams.rules import Permission, Role
from tests import make

pytestmark = pytest.mark.django_db
PLACE: dict[str, Any] = {"language": "en", "time_zone": "Europe/Paris"}


def events() -> list[tuple[str, str]]:
    return list(Event.objects.order_by("pk").values_list("verb", "label"))


# -- rights -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_permission_matrix(role: Role, permission: Permission) -> None:
    brand = make.brand()
    person = make.person(role, brand=brand)

    expected = role.covers(permission.role)

    assert (may(person, permission, brand), may(person, permission, brand.workspace)) == (expected, expected)


def test_stranger_may_nothing() -> None:
    brand = make.brand()
    stranger = make.person(Role.ADMIN)

    with pytest.raises(PermissionDenied):
        require(stranger, Permission.READ, brand)


def test_limited_guest_may_read_their_brand_only() -> None:
    brand = make.brand()
    other = make.brand(workspace=brand.workspace)
    guest = make.member(Role.GUEST, brand=brand, brands=(brand,)).user

    assert (may(guest, Permission.READ, brand), may(guest, Permission.READ, other)) == (True, False)


@pytest.mark.parametrize("role", [Role.GUEST, Role.EDITOR, Role.MANAGER])
def test_only_admins_change_places_and_members(role: Role) -> None:
    member = make.member(role)
    other = make.member(Role.EDITOR, workspace=member.workspace)
    brand, by = make.brand(workspace=member.workspace), member.user
    acts = [
        lambda: services.create_brand(workspace=member.workspace, name="X", by=by, **PLACE),
        lambda: services.edit_brand(brand=brand, name="X", by=by),
        lambda: services.edit_workspace(workspace=member.workspace, name="X", by=by),
        lambda: services.change_member(membership=other, role=Role.ADMIN, by=by),
        lambda: services.remove_member(membership=other, by=by),
        lambda: services.invite(
            workspace=member.workspace, email="a@example.com", role=Role.GUEST, by=by, now=make.NOW
        ),
        lambda: services.cancel_invitation(invitation=make.invitation(workspace=member.workspace), by=by, now=make.NOW),
    ]

    for act in acts:
        with pytest.raises(PermissionDenied):
            act()

    assert events() == []


# -- workspaces and brands --------------------------------------------------------------------------------------------


def test_workspace_comes_with_a_brand_and_an_admin() -> None:
    user = make.user()

    brand = services.create_workspace(name="Acme", brand_name="North", by=user, **PLACE)

    assert (brand.workspace.slug, brand.slug) == ("acme", "north")
    assert Membership.objects.get(workspace=brand.workspace, user=user).role == Role.ADMIN
    assert events() == [("teams.workspace_created", "Acme"), ("teams.brand_created", "North")]


def test_workspaces_of_the_same_name_have_their_own_addresses() -> None:
    slugs = [
        services.create_workspace(name=name, brand_name="X", by=make.user(), **PLACE).workspace.slug
        for name in ("Acme", "ACME", "東京", "大阪")
    ]

    assert slugs == ["acme", "acme-2", "workspace", "workspace-2"]


def test_brand_change_is_written_down_with_what_stood_before() -> None:
    admin = make.member(Role.ADMIN)
    brand = make.brand(workspace=admin.workspace, name="North", time_zone="Europe/Paris")

    changed = services.edit_brand(brand=brand, version=1, by=admin.user, name="North", time_zone="Asia/Tokyo")

    event = Event.objects.get()
    assert (changed.time_zone, changed.version, changed.slug) == ("Asia/Tokyo", 2, brand.slug)
    assert (event.before, event.after) == ({"time_zone": "Europe/Paris"}, {"time_zone": "Asia/Tokyo"})


def test_brand_that_stays_the_same_leaves_no_line() -> None:
    admin = make.member(Role.ADMIN)
    brand = make.brand(workspace=admin.workspace)

    services.edit_brand(brand=brand, version=1, by=admin.user, name=brand.name)

    brand.refresh_from_db()
    assert (events(), brand.version) == ([], 1)


def test_brand_refuses_an_older_version() -> None:
    admin = make.member(Role.ADMIN)
    brand = make.brand(workspace=admin.workspace, version=3)

    with pytest.raises(StaleError):
        services.edit_brand(brand=brand, version=2, by=admin.user, name="X")


def test_brand_refuses_a_parent_from_below_or_elsewhere() -> None:
    admin = make.member(Role.ADMIN)
    top = make.brand(workspace=admin.workspace)
    branch = make.brand(workspace=admin.workspace, parent=top)
    leaf = make.brand(workspace=admin.workspace, parent=branch)

    for parent in (top, branch, leaf, make.brand()):
        with pytest.raises(services.BrandError) as refusal:
            services.edit_brand(brand=top, by=admin.user, parent=parent)
        assert refusal.value.field == "parent"
    services.edit_brand(brand=leaf, by=admin.user, parent=top)

    assert Brand.objects.get(pk=leaf.pk).parent == top


def test_brand_refuses_a_taken_name() -> None:
    admin = make.member(Role.ADMIN)
    make.brand(workspace=admin.workspace, name="North")

    with pytest.raises(services.BrandError) as refusal:
        services.create_brand(workspace=admin.workspace, name="NORTH", by=admin.user, **PLACE)

    assert refusal.value.field == "name"


# -- members ----------------------------------------------------------------------------------------------------------


def test_member_change_is_written_down() -> None:
    admin = make.member(Role.ADMIN)
    brand = make.brand(workspace=admin.workspace, name="North")
    member = make.member(Role.EDITOR, workspace=admin.workspace)

    services.change_member(membership=member, role=Role.GUEST, brands=[brand], by=admin.user)

    event = Event.objects.get()
    assert event.label == str(member.user)
    assert event.before == {"role": "editor", "brands": None}
    assert event.after == {"role": "guest", "brands": ["North"]}


def test_limits_are_for_guests_only() -> None:
    admin = make.member(Role.ADMIN)
    brand = make.brand(workspace=admin.workspace)
    member = make.member(Role.GUEST, workspace=admin.workspace, brands=(brand,))

    services.change_member(membership=member, role=Role.EDITOR, brands=[brand], by=admin.user)

    member = Membership.objects.get(pk=member.pk)
    assert (member.is_limited, list(member.brands.all())) == (False, [])


def test_limit_to_a_foreign_brand_or_to_nothing_is_refused() -> None:
    admin = make.member(Role.ADMIN)
    member = make.member(Role.GUEST, workspace=admin.workspace)

    for brands in ([make.brand()], []):
        with pytest.raises(services.MemberError):
            services.change_member(membership=member, role=Role.GUEST, brands=brands, by=admin.user)


def test_limited_guest_whose_brands_are_gone_sees_nothing(client: Client) -> None:
    """The last brand that a guest was limited to is deleted: nothing opens by that."""
    brand, other = (make.brand(workspace=place) for place in [make.workspace()] * 2)
    guest = make.member(Role.GUEST, workspace=brand.workspace, brands=(brand,))
    make.notification(user=guest.user, workspace=other.workspace, brand=other)
    message = make.message(to=guest.user, workspace=other.workspace, brand=other)
    brand.delete()
    guest = Membership.objects.get(pk=guest.pk)
    client.force_login(guest.user)

    assert list(visible_brands(guest)) == []
    assert not may(guest.user, Permission.READ, other)
    assert client.get(f"/w/{other.workspace.slug}/b/{other.slug}/").status_code == 404
    assert list(Membership.objects.for_brand(other)) == []
    assert list(notifications_for(guest.user)) == []
    assert frame(user_id=guest.user.pk, workspace_id=other.workspace_id, brand_id=other.pk).unread == 0
    assert split_by_wish([message], now=make.NOW).unwanted == [(message, "The person may not open the brand.")]


def test_invitation_whose_brands_are_gone_opens_nothing() -> None:
    admin = make.member(Role.ADMIN)
    brand, other = make.brand(workspace=admin.workspace), make.brand(workspace=admin.workspace)
    services.invite(
        workspace=admin.workspace, email="b@example.com", role=Role.GUEST, brands=[brand], by=admin.user, now=make.NOW
    )
    invitation = Invitation.objects.get(email="b@example.com")
    brand.delete()

    guest = services.accept_invitation(invitation=invitation, by=make.user(email="b@example.com"), now=make.NOW)

    assert other.workspace_id == guest.workspace_id
    assert list(visible_brands(guest)) == []


def test_last_admin_stays() -> None:
    admin = make.member(Role.ADMIN)
    make.member(Role.MANAGER, workspace=admin.workspace)

    with pytest.raises(services.MemberError):
        services.remove_member(membership=admin, by=admin.user)
    with pytest.raises(services.MemberError):
        services.change_member(membership=admin, role=Role.MANAGER, by=admin.user)

    assert Membership.objects.get(pk=admin.pk).role == Role.ADMIN


def test_one_of_two_admins_may_leave() -> None:
    admin = make.member(Role.ADMIN)
    make.member(Role.ADMIN, workspace=admin.workspace)

    services.remove_member(membership=admin, by=admin.user)

    assert not Membership.objects.filter(pk=admin.pk).exists()
    assert events() == [("teams.member_left", str(admin.user))]


def test_removed_member_is_told_nothing_any_more_and_invites_nobody() -> None:
    admin, leaver = (make.member(Role.ADMIN, workspace=place) for place in [make.workspace()] * 2)
    message = make.message(to=leaver.user, workspace=admin.workspace)
    invitation = services.invite(
        workspace=admin.workspace, email="a@example.com", role=Role.ADMIN, by=leaver.user, now=make.NOW
    )

    services.remove_member(membership=leaver, by=admin.user)

    message.refresh_from_db()
    invitation.refresh_from_db()
    assert message.state == "canceled"
    assert invitation.canceled_at is not None
