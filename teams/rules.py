"""Who may do what. Pure: no database."""

import enum
from zoneinfo import available_timezones

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
    WRITE_PLAN = (Role.MANAGER, "write goals and the plan")
    CLOSE_AUDIT = (Role.MANAGER, "open and close audits")
    APPROVE = (Role.MANAGER, "approve posts")
    MANAGE_ACCOUNTS = (Role.ADMIN, "add and connect social accounts")
    MANAGE_MEMBERS = (Role.ADMIN, "invite and remove members")
    MANAGE_BRANDS = (Role.ADMIN, "create and change brands")

    @property
    def role(self) -> Role:
        return self.value[0]


ZONES = tuple(sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))) + ("UTC",)
