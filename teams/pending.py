"""The invitation by whose link somebody came, remembered in the session until they have signed up or in.

The session holds its number, not its token: whoever reads the table of sessions cannot open the link.
"""

from django.http import HttpRequest
from django.utils import timezone

from teams.models import Invitation

KEY = "invitation"


def keep_invitation(request: HttpRequest, invitation: Invitation) -> None:
    request.session[KEY] = invitation.pk


def drop_invitation(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def kept_invitation(request: HttpRequest) -> Invitation | None:
    """The invitation, while it is open."""
    number = request.session.get(KEY)
    rows = Invitation.objects.select_related("workspace", "invited_by")
    invitation = rows.filter(pk=number).first() if isinstance(number, int) else None
    return invitation if invitation and invitation.is_open(timezone.now()) else None


def invited_address(request: HttpRequest) -> str:
    """The address for which that invitation is; empty without one."""
    invitation = kept_invitation(request)
    return invitation.email if invitation else ""
