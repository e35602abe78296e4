"""Who did what, and how each person gets to know."""

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.constraints import SameBorder, border_key
from core.duework import DueQuerySet, DueWork, due_constraints, due_indexes
from core.fields import EncryptedTextField
from teams.models import ERASED_WORKSPACE, FORGOTTEN_PERSON, Brand, User, Workspace

_GONE_WITH_ITS_WORKSPACE = f"""
    IF OLD.workspace_id::text = current_setting('{ERASED_WORKSPACE}', true) THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'the history loses no line';
"""
_FORGETS_A_PERSON = f"""
    IF current_setting('{FORGOTTEN_PERSON}', true) <> '' THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'the history is not rewritten';
"""


class Event(models.Model):
    """One thing that somebody did: a line of the history.

    The database refuses to change or delete it. Only a person who is deleted leaves their deeds, and loses their name
    in the words of others (`activity.forgetting`); and a workspace that is deleted takes its history with it.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="events")
    brand = models.ForeignKey(Brand, models.CASCADE, null=True, related_name="events")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # null: Sextant, or somebody who left
    is_automatic = models.BooleanField(default=False)  # by Sextant itself
    verb = models.CharField(max_length=60)  # "<room>.<noun>_<participle>", for example "calendar.delivery_scheduled"
    target = models.CharField(max_length=80)  # "<model>:<id>", for example "delivery:17"
    about = models.CharField(max_length=80)  # the thing with a page of its own whose history it stands in: "post:3"
    label = models.CharField(max_length=200)  # what the thing was called then
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["brand", "-at", "-id"], name="event_brand_at"),
            models.Index(fields=["workspace", "-at", "-id"], name="event_workspace_at"),
            models.Index(fields=["about", "-at", "-id"], name="event_about_at"),
        ]
        constraints = [SameBorder("workspace", "brand", name="event_brand_same_workspace")]
        triggers = [
            pgtrigger.Protect(
                name="no_update",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["by", "label", "before", "after"]),
            ),
            pgtrigger.Protect(
                name="by_is_only_forgotten",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__by__df=pgtrigger.F("new__by"), new__by__isnull=False),
            ),
            pgtrigger.Trigger(
                name="words_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("label", "before", "after"),
                func=_FORGETS_A_PERSON,
            ),
            pgtrigger.Trigger(
                name="no_delete", when=pgtrigger.Before, operation=pgtrigger.Delete, func=_GONE_WITH_ITS_WORKSPACE
            ),
            pgtrigger.Trigger(
                name="no_truncate",
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'the history loses no line';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"


class Kind(models.TextChoices):
    """What a notification is about; a person chooses per kind how to get it."""

    REMINDER = "reminder", _("posts to publish")
    MISSED = "missed", _("posts that were missed")
    GOAL = "goal", _("goals that changed status")
    PULL = "pull", _("figures that could not be fetched")
    TEAM = "team", _("members and invitations")


class Channel(models.TextChoices):
    IN_APP = "in_app", _("in Sextant")
    EMAIL = "email", _("by e-mail")


class Preference(models.Model):
    """How one person wants one kind of notification. Without a row: in Sextant and by e-mail."""

    user = models.ForeignKey(User, models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=10, choices=Kind)
    in_app = models.BooleanField(_("in Sextant"), default=True)
    email = models.BooleanField(_("by e-mail"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="preference_unique")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"


def _brand_in_workspace(prefix: str) -> list[models.BaseConstraint]:
    """For rows that may belong to no workspace: then they are of no brand either."""
    return [
        SameBorder("workspace", "brand", name=f"{prefix}_brand_same_workspace"),
        models.CheckConstraint(
            condition=models.Q(brand__isnull=True) | models.Q(workspace__isnull=False),
            name=f"{prefix}_brand_names_workspace",
        ),
    ]


class Message(DueWork):
    """One message to one person by one channel, due at a time.

    It is rendered when it is sent, in the recipient's language and zone, from `template` (a folder of
    `templates/`, with subject.txt, body.txt, body.html and notice.txt) and `context` (plain data). `key` makes it
    unique: kind, object, schedule version, recipient and channel. `about` names the object, so that moving or
    canceling that object cancels its messages in the same transaction.
    """

    key = models.CharField(max_length=250, unique=True)
    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, related_name="messages", db_index=False)
    brand = models.ForeignKey(Brand, models.CASCADE, null=True, related_name="messages")
    recipient = models.ForeignKey(User, models.CASCADE, null=True, related_name="messages")
    address = models.EmailField(blank=True)  # an invitation goes to an address that may be nobody's yet
    language = models.CharField(max_length=5, blank=True)  # of a mail to an address; a person has their own
    channel = models.CharField(max_length=6, choices=Channel)
    kind = models.CharField(max_length=10, choices=Kind)
    about = models.CharField(max_length=80, db_index=True)
    template = models.CharField(max_length=100)
    context = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)  # path in Sextant
    sealed = EncryptedTextField(bound_to="key", blank=True)  # context with links that let somebody in, until it is sent
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    most_attempts = 20  # some hours: a mail server may be away for an evening
    objects = DueQuerySet.as_manager()

    class Meta:
        indexes = [*due_indexes("message", "channel")]
        constraints = [
            *due_constraints("message"),
            border_key("workspace", name="message_border"),
            *_brand_in_workspace("message"),
            models.CheckConstraint(
                condition=models.Q(recipient__isnull=False, address="")
                | (models.Q(recipient__isnull=True, channel="email") & ~models.Q(address="")),
                name="message_has_one_recipient",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Notification(models.Model):
    """A message as it stands in a person's list in Sextant."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, related_name="notifications")
    brand = models.ForeignKey(Brand, models.CASCADE, null=True, related_name="notifications")
    message = models.OneToOneField(Message, models.CASCADE, related_name="notification")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_list"),
            models.Index(fields=["user"], name="notification_unread", condition=models.Q(read_at__isnull=True)),
        ]
        constraints = [
            *_brand_in_workspace("notification"),
            SameBorder("workspace", "message", name="notification_message_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.title


class Heartbeat(models.Model):
    """When a drain of due work last ran to its end."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
