"""Business objectives: what the company wants."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.constraints import border_key
from core.models import Versioned
from teams.inheritance import Inheritable, inheritance
from teams.models import Brand, User


class ObjectiveQuerySet(models.QuerySet["BusinessObjective"]):
    def for_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand)


class BusinessObjective(Inheritable, Versioned):
    """What the company wants; every goal supports one."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="business_objectives", db_index=False)
    title = models.CharField(_("business objective"), max_length=160)
    description = models.TextField(_("description"), blank=True)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner"))
    horizon_on = models.DateField(_("to be reached by"), null=True, blank=True)
    inherited_from = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="heirs")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("business objective")
        verbose_name_plural = _("business objectives")
        constraints = [
            border_key("brand", name="objective_border"),
            *inheritance("objective"),
            models.UniqueConstraint(
                fields=["brand", "title"],
                name="objective_title_unique",
                violation_error_message=_("This brand already has that business objective."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
