"""Check-ins: how a goal goes in its owner's words, beside what the figures say."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.constraints import SameBorder
from plans.models.goals import Goal, GoalStatus
from teams.models import Brand, User


class Confidence(models.TextChoices):
    """How sure somebody is that the goal will be reached."""

    HIGH = "high", _("confident")
    MEDIUM = "medium", _("unsure")
    LOW = "low", _("doubtful")


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def for_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand)


class CheckIn(models.Model):
    """What the owner of a goal, or a manager, noted on how it goes, and where the goal stood at that time."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="check_ins", db_index=False)
    by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    note = models.TextField(_("how it goes"), max_length=2000)
    confidence = models.CharField(_("will it be reached?"), max_length=6, choices=Confidence)
    status = models.CharField(max_length=9, choices=GoalStatus, editable=False)
    percent = models.PositiveSmallIntegerField(null=True, editable=False)  # of its target that had come least far
    at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        indexes = [models.Index(fields=["goal", "-at"], name="check_in_goal_at")]
        constraints = [
            SameBorder("brand", "goal", name="check_in_goal_same_brand"),
            models.CheckConstraint(
                condition=~models.Q(note=""), name="check_in_note_not_empty",
                violation_error_message=_("Write how it goes."),
            ),
            models.CheckConstraint(
                condition=models.Q(percent__isnull=True) | models.Q(percent__lte=100), name="check_in_percent_max"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.goal_id} · {self.at:%Y-%m-%d}"
