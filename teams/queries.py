"""What the pages of a team show."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Prefetch, QuerySet

from teams.models import Brand, Invitation, Membership, User, Workspace


def members(workspace: Workspace) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(workspace=workspace)
        .select_related("user")
        .prefetch_related(Prefetch("brands", Brand.objects.order_by("name")))
        .order_by("user__name", "user__email")
    )


def unanswered_invitations(workspace: Workspace) -> QuerySet[Invitation]:
    """Those that were not accepted or canceled, also when they have expired: they can be sent again."""
    open_ones = Invitation.objects.filter(workspace=workspace, accepted_at=None, canceled_at=None)
    return open_ones.select_related("invited_by").order_by("-created_at")


def invitations_for(user: User, now: datetime) -> QuerySet[Invitation]:
    """Open invitations of the person's confirmed addresses."""
    addresses = EmailAddress.objects.filter(user=user, verified=True).values("email")
    return Invitation.objects.pending(now).filter(email__in=addresses).select_related("workspace", "invited_by")


def workspaces_of(user: User) -> QuerySet[Membership]:
    """The person's memberships, the oldest first."""
    return Membership.objects.filter(user=user).select_related("workspace").order_by("joined_at", "pk")
