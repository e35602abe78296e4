"""Who belongs to a workspace, and what they may do there."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from activity.models import Message
from activity.services import Values, changes, record
from teams.access import require
from teams.models import Brand, Membership, User, Workspace
from teams.rules import Permission, Role
from teams.services.invitations import cancel_invitations_by
from teams.services.limits import MemberError, checked_limits


@transaction.atomic
def change_member(
    *, membership: Membership, role: Role, brands: Collection[Brand] | None = None, by: User
) -> Membership:  # fmt: skip
    """Another role; a guest may be limited to some brands of the workspace. None: to none of them, all are open.

    Raises MemberError when the last admin would lose the role, a brand is of elsewhere, or none is left.
    """
    membership = _locked(membership)
    require(by, Permission.MANAGE_MEMBERS, membership.workspace)
    limits = checked_limits(membership.workspace, role, brands)
    if role != Role.ADMIN:
        _keep_an_admin(membership, field="role")
    names = None if limits is None else [brand.name for brand in limits]
    before, after = changes(_state(membership), {"role": role.value, "brands": names})
    if after:
        membership.role, membership.is_limited = role, limits is not None
        membership.save(update_fields=["role", "is_limited"])
        membership.brands.set(limits or (), through_defaults={"workspace": membership.workspace})
        _record(membership, "teams.member_changed", by, before=before, after=after)
        _withdraw_invitations(membership)
    return membership


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """Ends a membership: an admin anybody's, everybody their own. It holds from the person's next request on.

    Raises MemberError for the last admin.
    """
    membership = _locked(membership)
    is_leaving = by.pk == membership.user_id
    if not is_leaving:
        require(by, Permission.MANAGE_MEMBERS, membership.workspace)
    _keep_an_admin(membership)
    _record(membership, "teams.member_left" if is_leaving else "teams.member_removed", by, before=_state(membership))
    Message.objects.filter(recipient_id=membership.user_id, workspace_id=membership.workspace_id).cancel()
    cancel_invitations_by(membership.user, workspace=membership.workspace)
    membership.delete()


def _locked(membership: Membership) -> Membership:
    """The member as it is now. Two changes of one workspace's members stand in line, so that an admin is left."""
    Workspace.objects.select_for_update().get(pk=membership.workspace_id)
    return Membership.objects.select_related("workspace", "user").get(pk=membership.pk)


def _keep_an_admin(membership: Membership, field: str | None = None) -> None:
    admins = Membership.objects.filter(workspace=membership.workspace, role=Role.ADMIN)
    if membership.role == Role.ADMIN and not admins.exclude(pk=membership.pk).exists():
        raise MemberError(_("A workspace needs an admin: make somebody else admin first."), field=field)


def _state(membership: Membership) -> dict[str, object]:
    names = [brand.name for brand in membership.brands.order_by("pk")] if membership.is_limited else None
    return {"role": membership.role, "brands": names}


def _record(membership: Membership, verb: str, by: User, *, before: Values, after: Values | None = None) -> None:
    label = str(membership.user)
    place = membership.workspace
    record(by=by, verb=verb, target=membership, workspace=place, label=label, before=before, after=after)


def _withdraw_invitations(membership: Membership) -> None:
    if not Role(membership.role).covers(Permission.MANAGE_MEMBERS.role):
        cancel_invitations_by(membership.user, workspace=membership.workspace)
