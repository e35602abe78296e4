"""The plan as one document: PDFs in the making, and links for people without a login."""

from datetime import date, datetime, timedelta
from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.constraints import SameBorder
from core.duework import LEASE, DueQuerySet, DueWork, due_constraints, due_indexes
from plans.models.plan import Plan
from teams.models import Brand, User

LONGEST_SHARE = timedelta(days=366)


class PdfQuerySet(DueQuerySet):
    def reach(self, row: "PlanPdf", progress: int) -> bool:
        """Note how far the PDF has come and keep it in hand. False: it is in other hands now, stop."""
        return bool(self._held(row).update(progress=progress, lease_until=Now() + LEASE))


class PlanPdf(DueWork):
    """A plan that is typeset as a PDF in the background, for one language and paper. The file is kept for a day."""

    most_attempts = 3

    class Language(models.TextChoices):
        EN = "en", "English"
        FR = "fr", "Français"

    class Paper(models.TextChoices):
        A4 = "a4", _("A4")
        LETTER = "us-letter", _("US Letter")

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="pdfs", db_index=False)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    revision_number = models.PositiveIntegerField(_("revision"), null=True)  # null: the plan as it stands, a draft
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.EN)
    paper = models.CharField(_("paper"), max_length=9, choices=Paper, default=Paper.A4)
    digest = models.CharField(max_length=64)  # of what it says: the same within minutes is not made twice
    progress = models.PositiveSmallIntegerField(default=0)  # percent
    content = models.BinaryField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PdfQuerySet.as_manager()

    class Meta:
        indexes = [
            *due_indexes("plan_pdf"),
            models.Index(fields=["plan", "-created_at"], name="plan_pdf_newest"),
        ]
        constraints = [
            *due_constraints("plan_pdf"),
            SameBorder("brand", "plan", name="plan_pdf_plan_same_brand"),
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="plan_pdf_progress_is_percent"),
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(content__isnull=False), name="plan_pdf_done_has_content"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} · {self.language} · {self.paper}"

    @property
    def is_open(self) -> bool:
        """Somebody works on it, or will."""
        return self.state in ("waiting", "claimed")


class ShareQuerySet(models.QuerySet["PlanShare"]):
    def for_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand)

    def good(self, now: datetime) -> Self:
        return self.filter(revoked_at__isnull=True, expires_at__gt=now)


class PlanShare(models.Model):
    """A link by which somebody without a login reads the published plan, until it expires or is revoked.

    The link itself is shown once and kept nowhere: `token_hash` finds the share again when the link comes back.
    """

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="shares")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    label = models.CharField(_("for whom"), max_length=120)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("good until"))
    revoked_at = models.DateTimeField(null=True, editable=False)
    views = models.PositiveIntegerField(default=0, editable=False)
    last_viewed_at = models.DateTimeField(null=True, editable=False)

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("shared link")
        verbose_name_plural = _("shared links")
        constraints = [
            SameBorder("brand", "plan", name="plan_share_plan_same_brand"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at"))
                & models.Q(expires_at__lte=models.F("created_at") + LONGEST_SHARE),
                name="plan_share_expires_within_a_year",
                violation_error_message=_("A link is good for a year at most."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def is_good(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at

    @property
    def last_day(self) -> date:
        """The last day on which it is good, by the clock of the page."""
        return timezone.localdate(self.expires_at - timedelta(seconds=1))
