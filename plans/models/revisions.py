"""The plan as it was published, who has read it, and what calls for writing it anew."""

from typing import Self

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.constraints import SameBorder, border_key
from plans.models.plan import Plan
from teams.models import ERASED_WORKSPACE, Brand, User

_PLACE = "(SELECT workspace_id::text FROM teams_brand WHERE id = OLD.brand_id)"
_GONE_WITH_ITS_WORKSPACE = f"""
    IF {_PLACE} = current_setting('{ERASED_WORKSPACE}', true) THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'a revision is kept';
"""


class PlanRevisionQuerySet(models.QuerySet["PlanRevision"]):
    def for_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand)

    def of_plan(self, plan: Plan) -> Self:
        return self.filter(plan=plan)

    def published(self) -> Self:
        """Those that everybody was told of, without what was only kept before an old one came back."""
        return self.filter(number__isnull=False)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class PlanRevision(models.Model):
    """The plan as it was published once, for good: what it said (`plans.snapshots`), what changed and why.

    Before an old revision comes back into the working plan, what stood there is kept as well: a row without a number,
    `kept_for` being the number of the revision that came back. Nobody is told of it; it can be read and compared.
    """

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField(null=True)
    kept_for = models.PositiveIntegerField(null=True)
    content = models.JSONField()
    what_changed = models.TextField(_("what changed"), max_length=4000, blank=True)
    why = models.TextField(_("why"), max_length=2000, blank=True)
    published_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = PlanRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        indexes = [models.Index(fields=["plan", "-created_at", "-id"], name="revision_list")]
        constraints = [
            border_key("brand", name="revision_border"),
            SameBorder("brand", "plan", name="revision_plan_same_brand"),
            models.UniqueConstraint(
                fields=["plan", "number"], name="revision_number_unique",
                violation_error_message=_("Somebody else published this plan in the meantime."),
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, published_at__isnull=False, kept_for__isnull=True)
                | models.Q(number__isnull=True, published_at__isnull=True, kept_for__isnull=False),
                name="revision_is_published_or_kept",
            ),
            models.CheckConstraint(
                condition=models.Q(number__isnull=True) | models.Q(number=1) | ~models.Q(why=""),
                name="revision_says_why", violation_error_message=_("Say why the plan changed."),
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Protect(
                name="frozen", operation=pgtrigger.Update, condition=pgtrigger.AnyChange(exclude=["published_by"])
            ),
            pgtrigger.Protect(
                name="publisher_is_only_forgotten",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__published_by__df=pgtrigger.F("new__published_by"))
                & pgtrigger.Q(new__published_by__isnull=False),
            ),
            pgtrigger.Trigger(
                name="kept", when=pgtrigger.Before, operation=pgtrigger.Delete, func=_GONE_WITH_ITS_WORKSPACE
            ),
        ]

    def __str__(self) -> str:
        if self.number is None:
            return str(_("kept before revision %(number)d came back") % {"number": self.kept_for or 0})
        return str(_("revision %(number)d") % {"number": self.number})
