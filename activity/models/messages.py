"""What is to be sent, what was shown, and when somebody last looked for what is due."""

from datetime import datetime

from django.db import models
from django.utils import timezone

from activity.models.endpoints import Endpoint
from activity.models.preferences import Channel, Kind
from core.constraints import SameBorder, border_key
from core.duework import DueQuerySet, DueWork, due_constraints, due_indexes
from core.fields import EncryptedTextField
from core.logs import request_id
from teams.models import Brand, User, Workspace


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
    """One message to one person by one channel, or to one endpoint, due at a time.

    It is rendered when it is sent, in the recipient's language and zone, from `template` (a folder of
    `templates/`, see `letters`) and `context` (plain data). `key` makes it unique: kind, object, schedule version,
    recipient and channel (or endpoint). `about` names the object, so that moving or canceling that object cancels its
    messages in the same transaction.
    """

    key = models.CharField(max_length=250, unique=True)
    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, related_name="messages", db_index=False)
    brand = models.ForeignKey(Brand, models.CASCADE, null=True, related_name="messages")
    recipient = models.ForeignKey(User, models.CASCADE, null=True, related_name="messages")
    address = models.EmailField(blank=True)  # an invitation goes to an address that may be nobody's yet
    language = models.CharField(max_length=5, blank=True)  # of an address or endpoint; a person has their own
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, null=True, related_name="messages", db_index=False)
    channel = models.CharField(max_length=7, choices=Channel)
    kind = models.CharField(max_length=10, choices=Kind)
    about = models.CharField(max_length=80, db_index=True)
    template = models.CharField(max_length=100)
    context = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)  # path in Sextant
    sealed = EncryptedTextField(bound_to="key", blank=True)  # context with links that let somebody in, until it is sent
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    planned_at = models.DateTimeField(null=True)  # when it was due before the person's hours moved it
    is_daily = models.BooleanField(default=False)  # goes out with all else of the person's day
    request_id = models.CharField(max_length=36, blank=True, default=request_id, editable=False)  # that wrote it

    most_attempts = 20  # some hours: a mail server may be away for an evening
    objects = DueQuerySet.as_manager()

    class Meta:
        indexes = [
            *due_indexes("message", "channel", "is_daily"),
            models.Index(
                fields=["workspace", "due_at"],
                name="message_unsent",
                condition=models.Q(state__in=("waiting", "claimed", "dead")),
            ),
            models.Index(
                fields=["endpoint", "next_attempt_at"],
                name="message_endpoint_due",
                condition=models.Q(state="waiting", endpoint__isnull=False),
            ),
            models.Index(fields=["endpoint"], name="message_endpoint", condition=models.Q(endpoint__isnull=False)),
        ]
        constraints = [
            *due_constraints("message"),
            border_key("workspace", name="message_border"),
            *_brand_in_workspace("message"),
            models.CheckConstraint(
                condition=models.Q(recipient__isnull=False, address="", endpoint__isnull=True)
                & ~models.Q(channel="webhook")
                | models.Q(recipient__isnull=True, endpoint__isnull=True, channel="email") & ~models.Q(address="")
                | models.Q(
                    recipient__isnull=True, address="", endpoint__isnull=False, workspace__isnull=False,
                    channel="webhook",
                ),
                name="message_has_one_recipient",
            ),
            SameBorder("workspace", "endpoint", name="message_endpoint_same_workspace"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.key

    @property
    def wanted_at(self) -> datetime:
        """When it was due, whatever the person's hours made of that."""
        return self.planned_at or self.due_at


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
    """When a drain of due work last ran to its end; and, of one that only one process at a time may run, until when it
    is held."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
