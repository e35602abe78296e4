"""What the frame around every page needs to know of a person."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from activity.frame import Frame, frame
from teams.access import visible_brands
from teams.models import Membership, User
from teams.rules import Role

SAFE = ("GET", "HEAD")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Marks and unread notifications, the person's workspaces, the brands of this one; asked only where they show."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    workspace, brand = getattr(request, "workspace", None), getattr(request, "brand", None)
    places = {"workspace_id": workspace.pk if workspace else None, "brand_id": brand.pk if brand else None}
    # What was asked beside the brand holds as long as this request changes nothing.
    beside = getattr(request, "beside", None) if request.method in SAFE else None
    is_admin = getattr(request, "role", None) == Role.ADMIN
    return {
        "frame": Frame(**beside)
        if beside
        else SimpleLazyObject(lambda: frame(user_id=user.pk, is_admin=is_admin, **places)),
        "memberships": SimpleLazyObject(
            lambda: list(Membership.objects.filter(user=user).select_related("workspace").order_by("workspace__name"))
        ),
        "switchable_brands": SimpleLazyObject(lambda: _brands(request)),
    }


def _brands(request: HttpRequest) -> list[Any]:
    membership = getattr(request, "membership", None)
    return list(visible_brands(membership).order_by("name")) if membership else []
