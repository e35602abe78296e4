"""What the pages of a team show."""

from collections.abc import Iterable, Iterator
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


def branches_below(brand: Brand) -> list[tuple[Brand, int]]:
    """All branches below a brand, branches of branches too, and how deep each stands (0: its own). One query."""
    brands = Brand.objects.filter(workspace=brand.workspace_id).order_by("name")
    return list(with_branches(brands, below=brand.pk))


def with_branches(brands: Iterable[Brand], below: int | None = None) -> Iterator[tuple[Brand, int]]:
    """Each of these brands, its branches after it, and how deep it stands; only those below one brand when that is
    named. A brand whose parent is not among them stands at the top."""
    listed = list(brands)
    known = {brand.pk for brand in listed}
    children: dict[int | None, list[Brand]] = {}
    for brand in listed:
        children.setdefault(brand.parent_id if brand.parent_id in known | {below} else None, []).append(brand)
    waiting = [(brand, 0) for brand in reversed(children.get(below, []))]
    while waiting:
        brand, depth = waiting.pop()
        yield brand, depth
        waiting += [(branch, depth + 1) for branch in reversed(children.get(brand.pk, []))]
