"""Who we talk to."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Versioned
from networks.models import Network
from teams.models import Brand


class Persona(Versioned):
    """An archetype of the audience, against which goals are tested."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="personas")
    name = models.CharField(_("name"), max_length=80, help_text=_("A first name and what marks them: “Léa, new to filter coffee”."))
    is_negative = models.BooleanField(_("somebody we do not address"), default=False)
    summary = models.TextField(_("who they are"), max_length=1000)
    age_min = models.PositiveSmallIntegerField(_("age from"), null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(_("age to"), null=True, blank=True)
    place = models.CharField(_("where they live"), max_length=120, blank=True)
    job = models.CharField(_("job"), max_length=120, blank=True)
    income = models.CharField(_("income"), max_length=80, blank=True)
    education = models.CharField(_("education"), max_length=120, blank=True)
    family = models.CharField(_("family"), max_length=120, blank=True)
    interests = models.TextField(_("interests"), blank=True)
    pain_points = models.TextField(_("pain points"), blank=True)
    motivations = models.TextField(_("motivations"), blank=True)
    objections = models.TextField(_("objections"), blank=True)
    trigger = models.TextField(_("what makes them act"), blank=True)
    own_words = models.TextField(_("their own words"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "name"],
                name="persona_name_unique",
                violation_error_message=_("This brand already has a persona of that name."),
            ),
            models.CheckConstraint(
                condition=models.Q(age_min__isnull=True)
                | models.Q(age_max__isnull=True)
                | models.Q(age_max__gte=models.F("age_min")),
                name="persona_ages_in_order",
                violation_error_message=_("The upper age is below the lower one."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Presence(models.TextChoices):
    YES = "yes", _("yes")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("not known")


class PersonaChannel(models.Model):
    """A persona on one network: is it here, how does it use it, when and why does it share."""

    persona = models.ForeignKey(Persona, models.CASCADE, related_name="channels")
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    presence = models.CharField(_("is here"), max_length=7, choices=Presence, default=Presence.UNKNOWN)
    share_percent = models.PositiveSmallIntegerField(_("share of this audience, in percent"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    usage = models.TextField(_("how they use it"), blank=True)
    sharing = models.TextField(_("when they share, and why"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["persona", "network"], name="persona_channel_unique"),
            models.CheckConstraint(
                condition=models.Q(share_percent__isnull=True) | models.Q(share_percent__lte=100),
                name="persona_channel_share_is_percent",
                violation_error_message=_("A share is at most 100 percent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.persona} · {self.network_id}"
