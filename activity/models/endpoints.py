"""Other services that a workspace has told of what happens."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activity.models.preferences import Kind
from core.constraints import SameBorder, border_key
from core.fields import EncryptedTextField
from core.models import Versioned
from teams.models import Brand, Language, Workspace


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
