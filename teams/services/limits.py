"""To which brands a guest is limited: the same rule for members and for invitations."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from teams.models import Brand, Workspace
from teams.rules import Role


class MemberError(Refusal):
    """A member cannot be invited, changed or removed as asked."""


def checked_limits(workspace: Workspace, role: Role, brands: Collection[Brand] | None) -> list[Brand] | None:
    """The brands in order, or None when there is no limit: for a guest who may open all, and for everybody else.

    Raises MemberError when a brand is of elsewhere, or a guest would be limited to nothing.
    """
    if brands is None or role != Role.GUEST:
        return None
    if any(brand.workspace_id != workspace.pk for brand in brands):
        raise MemberError(_("Choose brands of this workspace."), field="brands")
    if not brands:
        raise MemberError(_("Choose at least one brand, or open all of them."), field="brands")
    return sorted(brands, key=lambda brand: brand.pk)
