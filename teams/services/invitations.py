"""Invitations: sent to one address, good once and for seven days, for a role no higher than the inviter's own."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activity.messages import cancel_messages, post_mail, post_messages
from activity.models import Kind
from activity.services import record
from core.errors import Refusal
from teams.access import require
from teams.models import INVITATION_LIFE, Brand, Invitation, InvitationQuerySet, Membership, User, Workspace
from teams.rules import Permission, Role
from teams.services.limits import checked_limits

TOKEN_BYTES = 32  # 256 bits
MOST_AN_HOUR = 60  # by one workspace, or by one person in all of theirs
MOST_A_DAY = 5  # to one address, likewise


class InvitationError(Refusal):
    """An invitation cannot be sent, canceled or accepted; the message says what to do instead."""


@transaction.atomic
def invite(
    *,
    workspace: Workspace,
    email: str,
    role: Role,
    brands: Collection[Brand] | None = None,
    by: User,
    now: datetime,
) -> Invitation:
    """Invites the owner of an address by e-mail. An open invitation of the same address is replaced. `brands` limits a
    guest; None does not.

    Raises InvitationError when the address belongs to a member, the role is above the inviter's, or too many were
    sent, MemberError when a brand is of elsewhere, or none is left.
    """
    require(by, Permission.MANAGE_MEMBERS, workspace)
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    email = email.strip().lower()
    limits = checked_limits(workspace, role, brands)
    _check(workspace, email, role, by, now)
    _close(Invitation.objects.filter(workspace=workspace, email__iexact=email), now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        workspace=workspace, email=email, role=role, token_hash=hash_of(token), invited_by=by, created_at=now,
        expires_at=now + INVITATION_LIFE, is_limited=limits is not None,
    )  # fmt: skip
    invitation.brands.set(limits or (), through_defaults={"workspace": workspace})
    record(
        by=by, verb="teams.invitation_sent", target=invitation, workspace=workspace, label=email, after={"role": role}
    )
    _mail(invitation, token, by, now)
    return invitation


@transaction.atomic
def cancel_invitation(*, invitation: Invitation, by: User, now: datetime) -> None:
    """The link leads nowhere from now on. Raises InvitationError when it was accepted in the meantime."""
    require(by, Permission.MANAGE_MEMBERS, invitation.workspace)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at:
        raise InvitationError(_("This invitation was accepted in the meantime."))
    if _close(Invitation.objects.filter(pk=invitation.pk), now):
        record(
            by=by, verb="teams.invitation_canceled", target=invitation, workspace=invitation.workspace,
            label=invitation.email,
        )  # fmt: skip


def cancel_invitations_by(user: User, *, workspace: Workspace) -> None:
    """Whoever may not invite any more leaves no invitations behind."""
    _close(Invitation.objects.filter(workspace=workspace, invited_by=user), datetime.now(UTC))


def find_invitation(token: str) -> Invitation | None:
    """The invitation of a link, in whatever state it is."""
    return Invitation.objects.select_related("workspace", "invited_by").filter(token_hash=hash_of(token)).first()


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User, now: datetime) -> Membership:
    """Makes the person a member. Twice by the same person is once.

    Raises InvitationError when the invitation is used, canceled or expired, or is for another address than those that
    the person has confirmed.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    require_address(invitation, by)
    Workspace.objects.select_for_update().get(pk=invitation.workspace_id)
    membership = Membership.objects.filter(workspace=invitation.workspace_id, user=by).first()
    if membership and invitation.accepted_at:
        return membership
    require_open(invitation, now)
    membership = membership or _join(invitation, by, now)
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    return membership


def require_address(invitation: Invitation, user: User) -> None:
    """Raise InvitationError unless the invitation is for an address that the person has confirmed."""
    mine = EmailAddress.objects.filter(user=user, verified=True, email__iexact=invitation.email)
    if not mine.exists():
        raise InvitationError(
            _("This invitation is for another address than yours. Sign out, then open the link again.")
        )


def require_open(invitation: Invitation, now: datetime) -> None:
    """Raise InvitationError unless the invitation may still be accepted."""
    if invitation.accepted_at:
        raise InvitationError(_("This invitation was used already. Ask for a new one if it was not by you."))
    if invitation.canceled_at:
        raise InvitationError(_("This invitation was canceled or replaced. Use the newest one, or ask for another."))
    if not invitation.is_open(now):
        raise InvitationError(_("This invitation has expired: it was good for seven days. Ask for a new one."))


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# -- parts ------------------------------------------------------------------------------------------------------------


def _check(workspace: Workspace, email: str, role: Role, by: User, now: datetime) -> None:
    if EmailAddress.objects.filter(email__iexact=email, user__memberships__workspace=workspace).exists():
        raise InvitationError(_("This person is a member already."), field="email")
    own = Membership.objects.get(workspace=workspace, user=by)
    if not Role(own.role).covers(role):
        raise InvitationError(_("Choose a role that is not above your own."), field="role")
    sent = Invitation.objects.filter(Q(workspace=workspace) | Q(invited_by=by))
    if sent.filter(created_at__gt=now - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        raise InvitationError(_("Many invitations were sent in the last hour. Send the others later."))
    if sent.filter(email__iexact=email, created_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise InvitationError(_("This address was invited several times today. Try again tomorrow."), field="email")


def _close(invitations: InvitationQuerySet, now: datetime) -> int:
    """Cancels those of them that are open or merely expired, and their mails."""
    open_ones = list(invitations.filter(accepted_at=None, canceled_at=None))
    for invitation in open_ones:
        cancel_messages(about=invitation)
    return invitations.filter(pk__in=[one.pk for one in open_ones]).update(canceled_at=now)


def _join(invitation: Invitation, by: User, now: datetime) -> Membership:
    membership = Membership.objects.create(
        workspace=invitation.workspace, user=by, role=invitation.role, is_limited=invitation.is_limited, joined_at=now
    )
    membership.brands.set(invitation.brands.all(), through_defaults={"workspace": invitation.workspace})
    record(
        by=by, verb="teams.member_joined", target=membership, workspace=invitation.workspace, label=str(by),
        after={"role": invitation.role},
    )  # fmt: skip
    if invitation.invited_by:
        post_messages(
            to=[invitation.invited_by], kind=Kind.TEAM, about=membership, version=1, template="teams/messages/joined",
            context={"name": str(by)}, url=reverse("member_list", args=[invitation.workspace.slug]), due_at=now,
            brand=None, workspace=invitation.workspace,
        )  # fmt: skip
    return membership


def _mail(invitation: Invitation, token: str, by: User, now: datetime) -> None:
    reader = User.objects.filter(email=invitation.email).first()
    post_mail(
        address=invitation.email, language=(reader or by).language, kind=Kind.TEAM, about=invitation,
        template="teams/messages/invitation", url=reverse("invitation", args=[token]), due_at=now,
        workspace=invitation.workspace,
        context={
            "inviter": str(by), "workspace_name": invitation.workspace.name, "role": invitation.role,
            "expires_at": invitation.expires_at,
        },
    )  # fmt: skip
