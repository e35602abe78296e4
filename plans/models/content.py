"""What content is about: content types and campaigns. The calendar fills them; goals may ask something of them."""

from typing import Self

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.constraints import border_key
from core.models import Versioned
from teams.models import Brand


class ContentKind(Versioned):
    """A content type of the brand ("content type" in the interface; Django has a ContentType of its own)."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="content_kinds", db_index=False)
    name = models.CharField(_("content type"), max_length=60)
    color = models.PositiveSmallIntegerField(_("color"), default=0)

    class Meta:
        ordering = ["name"]
        constraints = [
            border_key("brand", name="content_kind_border"),
            models.UniqueConstraint(
                "brand",
                Lower("name"),
                name="content_kind_unique",
                violation_error_message=_("This brand already has that content type."),
            ),
            models.CheckConstraint(condition=models.Q(color__lte=9), name="content_kind_color_in_palette"),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def for_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand)


class Campaign(Versioned):
    """Posts with common dates and a purpose. `utm_name` is what tracked links call it (utm_campaign)."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="campaigns", db_index=False)
    name = models.CharField(_("campaign"), max_length=80)
    purpose = models.TextField(_("purpose"), max_length=600, blank=True, help_text=_("What it should achieve."))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    budget = models.DecimalField(_("budget"), max_digits=12, decimal_places=2, null=True, blank=True)
    utm_name = models.SlugField(
        _("name in links"), max_length=60, blank=True,
        help_text=_("Stands as utm_campaign in the links of its posts. Left empty, it is made from the name."),
    )  # fmt: skip
    color = models.PositiveSmallIntegerField(_("color"), default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "name"]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            border_key("brand", name="campaign_border"),
            models.UniqueConstraint(
                "brand", Lower("name"), name="campaign_unique",
                violation_error_message=_("This brand already has a campaign of that name."),
            ),
            models.UniqueConstraint(
                fields=["brand", "utm_name"], name="campaign_utm_unique", condition=~models.Q(utm_name=""),
                violation_error_message=_("Another campaign has this name in its links."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="campaign_ends_after_start",
                violation_error_message=_("A campaign cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(budget__isnull=True) | models.Q(budget__gte=0), name="campaign_budget_not_negative",
                violation_error_message=_("A budget is zero or more."),
            ),
            models.CheckConstraint(condition=models.Q(color__lte=9), name="campaign_color_in_palette"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
