"""Who may do what. Pure: no database."""

import enum
import re
import unicodedata
from collections.abc import Collection
from itertools import chain, count

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member may do in a workspace. Each role may do all that the ones below it may."""

    GUEST = "guest", _("guest")
    EDITOR = "editor", _("editor")
    MANAGER = "manager", _("manager")
    ADMIN = "admin", _("admin")

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    def covers(self, other: "Role") -> bool:
        return self.rank >= other.rank


class Permission(enum.Enum):
    """One thing a person may be allowed to do, with the lowest role that may."""

    READ = (Role.GUEST, "read")
    COMMENT = (Role.GUEST, "comment")
    WRITE_POST = (Role.EDITOR, "write posts")
    SCHEDULE = (Role.EDITOR, "schedule")
    MARK_PUBLISHED = (Role.EDITOR, "mark published")
    ENTER_FIGURES = (Role.EDITOR, "enter figures")
    WRITE_PERSONA = (Role.EDITOR, "write personas")
    REVIEW_ACCOUNT = (Role.EDITOR, "review accounts in an audit")
    RUN_SURVEY = (Role.EDITOR, "write surveys, open and close them, enter answers")
    DELETE_RESPONSE = (Role.MANAGER, "delete what somebody answered to a survey")
    WRITE_PLAN = (Role.MANAGER, "write goals and the plan")
    PUBLISH_PLAN = (Role.MANAGER, "publish the plan")
    SHARE_PLAN = (Role.MANAGER, "share the published plan by a link")
    CLOSE_AUDIT = (Role.MANAGER, "open and close audits")
    APPROVE = (Role.MANAGER, "approve posts")
    MANAGE_ACCOUNTS = (Role.ADMIN, "add and connect social accounts")
    MANAGE_MEMBERS = (Role.ADMIN, "invite and remove members")
    MANAGE_BRANDS = (Role.ADMIN, "create and change brands")
    EXPORT_WORKSPACE = (Role.ADMIN, "take a copy of everything in the workspace")
    DELETE_WORKSPACE = (Role.ADMIN, "delete the workspace")
    MANAGE_MESSAGES = (Role.ADMIN, "set up webhooks, and deal with what could not be sent")

    @property
    def role(self) -> Role:
        return self.value[0]


# -- addresses of workspaces and brands -------------------------------------------------------------------------------

LONGEST_SLUG = 50  # leaves room for a number
_LETTERS = str.maketrans({"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def slug_of(name: str) -> str:
    """A name as it stands in an address: "Brûlerie d'Œuvre" becomes "brulerie-d-oeuvre". Empty when no letter of it
    has a Latin form."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-")


def numbered(slug: str, taken: Collection[str]) -> str:
    """The slug, or the first of slug-2, slug-3 … that is free."""
    tries = chain([slug], (f"{slug}-{number}" for number in count(2)))
    return next(one for one in tries if one not in taken)
