"""What is done to people and places. Each verb asks for the right itself, so that no path goes around a button."""

from teams.services.erasure import ErasureError, delete_person, delete_workspace
from teams.services.invitations import InvitationError, accept_invitation, cancel_invitation, find_invitation, invite
from teams.services.limits import MemberError
from teams.services.members import change_member, remove_member
from teams.services.people import edit_profile, set_language
from teams.services.places import BrandError, create_brand, create_workspace, edit_brand, edit_workspace

__all__ = [
    "BrandError",
    "ErasureError",
    "InvitationError",
    "MemberError",
    "accept_invitation",
    "cancel_invitation",
    "change_member",
    "create_brand",
    "create_workspace",
    "delete_person",
    "delete_workspace",
    "edit_brand",
    "edit_profile",
    "edit_workspace",
    "find_invitation",
    "invite",
    "remove_member",
    "set_language",
]
