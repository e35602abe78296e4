"""What people may be told of, and how and when each of them wants to be."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from activity.rules.rhythm import MORNING
from teams.models import User


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
