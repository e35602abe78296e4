"""Who did what, and how each person, and each service that listens, gets to know."""

import uuid
from datetime import datetime

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activity.rules.rhythm import MORNING
from core.constraints import SameBorder, border_key
from core.duework import DueQuerySet, DueWork, due_constraints, due_indexes
from core.fields import EncryptedTextField
from core.logs import request_id
from core.models import Versioned
from teams.models import ERASED_WORKSPACE, FORGOTTEN_PERSON, Brand, Language, User, Workspace

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
    PLAN = "plan", _("plans that were published or should be")
    PULL = "pull", _("figures that could not be fetched")
    TEAM = "team", _("members and invitations")
    WEBHOOK = "webhook", _("webhooks that were switched off")


class Channel(models.TextChoices):
    IN_APP = "in_app", _("in Sextant")
    EMAIL = "email", _("by e-mail")
    WEBHOOK = "webhook", _("by webhook")


TO_PEOPLE = (Channel.IN_APP, Channel.EMAIL)


class Way(models.TextChoices):
    """How soon a person wants to be told."""

    NOW = "now", _("at once")
    DAILY = "daily", _("once a day")
    NEVER = "never", _("not at all")


class Preference(models.Model):
    """How one person wants one kind of notification. Without a row: in Sextant and by e-mail, at once.

    Reminders of posts are never kept for the day's summary: they would come after the time they are about.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=10, choices=Kind)
    in_app = models.CharField(_("in Sextant"), max_length=5, choices=Way, default=Way.NOW)
    email = models.CharField(_("by e-mail"), max_length=5, choices=Way, default=Way.NOW)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="preference_unique"),
            models.CheckConstraint(
                condition=~models.Q(kind="reminder") | ~(models.Q(in_app="daily") | models.Q(email="daily")),
                name="preference_reminders_not_daily",
                violation_error_message=_("Reminders come at their time or not at all."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"


class Hours(models.Model):
    """When a person wants to be told, by their own clock: not in quiet hours, and once a day at `daily_at` of what they
    want daily. Without a row there are no quiet hours, and the day is summed up in the morning."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="hours")
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    lets_reminders = models.BooleanField(default=True)  # come in quiet hours all the same
    daily_at = models.TimeField(default=MORNING)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | (
                    models.Q(quiet_from__isnull=False, quiet_until__isnull=False)
                    & ~models.Q(quiet_from=models.F("quiet_until"))
                ),
                name="hours_quiet_have_two_ends",
                violation_error_message=_("Quiet hours need a beginning and another end."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.quiet_from}-{self.quiet_until}, {self.daily_at}"


# -- webhooks ---------------------------------------------------------------------------------------------------------


class Format(models.TextChoices):
    """In which shape a service wants to be told."""

    SEXTANT = "sextant", _("Sextant’s own, signed")
    SLACK = "slack", _("Slack")
    DISCORD = "discord", _("Discord")
    TEAMS = "teams", _("Microsoft Teams")


class OffReason(models.TextChoices):
    """Why an endpoint is told nothing."""

    PERSON = "person", _("somebody switched it off")
    GONE = "gone", _("the service says that it is gone for good")
    FAILING = "failing", _("nothing has got through for days")


class Endpoint(Versioned):
    """Another service that a workspace has told of what happens: a channel in Slack, a program of their own.

    Its address lets whoever knows it write there, so it is kept encrypted like the secret; `host` is what pages show.
    For a day after a rotation, `old_secret` signs beside the new one. `failing_since` is when the first of an unbroken
    line of failures happened, `quiet_until` the moment before which nothing is tried again.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="endpoints", db_index=False)
    number = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=80)
    format = models.CharField(_("format"), max_length=8, choices=Format, default=Format.SEXTANT)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.ENGLISH)
    kinds = ArrayField(models.CharField(max_length=10, choices=Kind), verbose_name=_("about"))
    is_limited = models.BooleanField(_("limited to some brands"), default=False)  # also when the last of them is gone
    brands = models.ManyToManyField(Brand, through="EndpointBrand", related_name="+")
    url = EncryptedTextField(bound_to="number")
    host = models.CharField(max_length=260)
    secret = EncryptedTextField(bound_to="number")
    old_secret = EncryptedTextField(bound_to="number", blank=True)
    old_secret_until = models.DateTimeField(null=True, editable=False)
    off_reason = models.CharField(max_length=8, choices=OffReason, blank=True)  # empty: it is on
    off_at = models.DateTimeField(null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(default=0)  # in a row
    quiet_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            border_key("workspace", name="endpoint_border"),
            models.UniqueConstraint(
                "workspace",
                Lower("name"),
                name="endpoint_name_unique",
                violation_error_message=_("This workspace already has a webhook of that name."),
            ),
            models.CheckConstraint(
                condition=models.Q(kinds__len__gt=0),
                name="endpoint_has_kinds",
                violation_error_message=_("Choose what it is told about."),
            ),
            models.CheckConstraint(
                condition=models.Q(off_reason="", off_at__isnull=True)
                | (~models.Q(off_reason="") & models.Q(off_at__isnull=False)),
                name="endpoint_off_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        return not self.off_reason


class EndpointBrand(models.Model):
    """An endpoint that hears of some brands only hears of this one."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="limits")
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "brand"], name="endpoint_brand_unique"),
            SameBorder("workspace", "endpoint", name="endpoint_brand_endpoint_same_workspace"),
            SameBorder("workspace", "brand", name="endpoint_brand_brand_same_workspace"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.endpoint}: {self.brand}"


class Attempt(models.Model):
    """One call of an endpoint, as it went: a line of its log, kept for a month."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="attempts", db_index=False)
    number = models.CharField(max_length=60)  # webhook-id: the same for each try of one message
    kind = models.CharField(max_length=10, choices=Kind, blank=True)  # empty: a test
    at = models.DateTimeField(default=timezone.now)
    status = models.PositiveSmallIntegerField(null=True)  # of the answer; null: there was none
    milliseconds = models.PositiveIntegerField()
    answer = models.CharField(max_length=200, blank=True)  # its first characters
    error = models.CharField(max_length=300, blank=True)  # empty: it got through

    class Meta:
        indexes = [
            models.Index(fields=["endpoint", "-at", "-id"], name="attempt_list"),
            models.Index(fields=["at"], name="attempt_old"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.status or self.error}"


# -- messages ---------------------------------------------------------------------------------------------------------


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


class Visit(models.Model):
    """When a person last looked at the home of a brand: `seen_at` in this sitting, `before_at` at the end of the one
    before. What changed since then is told there; nothing else is made of it."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="visits")
    seen_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)  # null: this is the first

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "user"], name="visit_unique"),
            models.CheckConstraint(
                condition=models.Q(before_at__lt=models.F("seen_at")), name="visit_before_is_earlier"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.brand_id}"
