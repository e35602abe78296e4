"""The invitation by whose link somebody came, kept in the session until they have signed up or in."""

from django.http import HttpRequest
from django.utils import timezone

from teams.models import Invitation
from teams.services import find_invitation

KEY = "invitation"


def keep_token(request: HttpRequest, token: str) -> None:
    request.session[KEY] = token


def drop_token(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def kept_token(request: HttpRequest) -> str:
    return str(request.session.get(KEY, ""))


def kept_invitation(request: HttpRequest) -> Invitation | None:
    """The invitation, while it is open."""
    token = kept_token(request)
    invitation = find_invitation(token) if token else None
    return invitation if invitation and invitation.is_open(timezone.now()) else None


def invited_address(request: HttpRequest) -> str:
    """The address for which that invitation is; empty without one."""
    invitation = kept_invitation(request)
    return invitation.email if invitation else ""
