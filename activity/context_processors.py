"""What the frame around every page needs to know of a person."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from activity.queries import notifications_for
from teams.access import visible_brands
from teams.models import Membership, User


def shell(request: HttpRequest) -> dict[str, Any]:
    """Unread notifications, the person's workspaces and the brands of this one; asked only where a page shows them."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {
        "unread_count": SimpleLazyObject(lambda: notifications_for(user).filter(read_at=None).count()),
        "memberships": SimpleLazyObject(
            lambda: list(Membership.objects.filter(user=user).select_related("workspace").order_by("workspace__name"))
        ),
        "switchable_brands": SimpleLazyObject(lambda: _brands(request)),
    }


def _brands(request: HttpRequest) -> list[Any]:
    membership = getattr(request, "membership", None)
    return list(visible_brands(membership).order_by("name")) if membership else []
