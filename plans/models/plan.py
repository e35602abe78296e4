"""The plan of a brand for a period."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.constraints import SameBorder, border_key
from core.models import Versioned
from teams.models import Brand, User


class PlanQuerySet(models.QuerySet["Plan"]):
    def for_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand)

    def nearest(self, today: date) -> Self:
        """The plan that runs on a day first, then the next one, then the one that ended last."""
        runs = models.Q(starts_on__lte=today, ends_on__gte=today)
        rank = models.Case(models.When(runs, then=0), models.When(starts_on__gt=today, then=1), default=2)
        ahead = models.Case(models.When(starts_on__gt=today, then=models.F("starts_on")))
        return self.order_by(rank, ahead, "-ends_on")


class Plan(Versioned):
    """The social media marketing plan of a brand for a period."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="plans", db_index=False)
    title = models.CharField(_("title"), max_length=120)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    known: dict[str, Any]  # what the six steps count of it: `plans.steps.read`

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            border_key("brand", name="plan_border"),
            models.UniqueConstraint(
                fields=["brand", "starts_on"],
                name="plan_period_unique",
                violation_error_message=_("This brand already has a plan that starts on that day."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")),
                name="plan_ends_after_start",
                violation_error_message=_("A plan must end after the day it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlanSection(Versioned):
    """What the team writes about one of the six steps, beside what Sextant knows of it.

    `text` stands in the plan document. `private_note` is for members alone: no share link, print or PDF of it shows it.
    """

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sections")
    number = models.PositiveSmallIntegerField(_("step"))
    text = models.TextField(_("what the plan says"), max_length=8000, blank=True)
    private_note = models.TextField(_("note for the team alone"), max_length=4000, blank=True)
    edited_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    edited_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            SameBorder("brand", "plan", name="plan_section_plan_same_brand"),
            models.UniqueConstraint(fields=["plan", "number"], name="plan_section_unique"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=6), name="plan_section_is_one_of_six_steps"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} · {self.number}"
