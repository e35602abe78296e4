"""Who we talk to."""

from typing import NamedTuple, Self

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.constraints import border_key
from core.models import Versioned
from networks.models import Network
from teams.inheritance import Inheritable, inheritance
from teams.models import Brand

LONGEST_NOTE = 2000


class Note(NamedTuple):
    """Something noted of a persona, under its heading."""

    title: str
    text: str


class PersonaQuerySet(models.QuerySet["Persona"]):
    def for_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand)

    def addressed(self) -> Self:
        """Those the brand talks to; the others are kept to know whom it leaves aside."""
        return self.filter(is_negative=False)

    def with_channels(self) -> Self:
        """What is known of each persona on each network, fetched once for all of them."""
        channels = PersonaChannel.objects.select_related("network").order_by("network__position", "network_id")
        return self.prefetch_related(models.Prefetch("channels", channels))


class Persona(Inheritable, Versioned):
    """An archetype of the audience, against which goals are tested."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="personas", db_index=False)
    name = models.CharField(
        _("name"), max_length=80, help_text=_("A first name and what marks them: “Léa, new to filter coffee”.")
    )
    is_negative = models.BooleanField(
        _("somebody we do not address"), default=False,
        help_text=_("A persona that shows whom to leave aside: goals are not tested against it."),
    )  # fmt: skip
    summary = models.TextField(
        _("who they are"), max_length=1000, help_text=_("Two or three sentences that make this person easy to picture.")
    )
    age_min = models.PositiveSmallIntegerField(_("age from"), null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(_("age to"), null=True, blank=True)
    place = models.CharField(_("where they live"), max_length=120, blank=True)
    job = models.CharField(_("job"), max_length=120, blank=True)
    income = models.CharField(_("income"), max_length=80, blank=True)
    education = models.CharField(_("education"), max_length=120, blank=True)
    family = models.CharField(_("family"), max_length=120, blank=True)
    interests = models.TextField(_("interests"), max_length=LONGEST_NOTE, blank=True)
    pain_points = models.TextField(
        _("pain points"),
        max_length=LONGEST_NOTE,
        blank=True,
        help_text=_("What bothers them, what takes them too long."),
    )
    motivations = models.TextField(
        _("motivations"), max_length=LONGEST_NOTE, blank=True, help_text=_("What they want to reach, and why.")
    )
    objections = models.TextField(
        _("objections"), max_length=LONGEST_NOTE, blank=True, help_text=_("Why they hesitate to buy.")
    )
    trigger = models.TextField(_("what makes them act"), max_length=LONGEST_NOTE, blank=True)
    own_words = models.TextField(
        _("their own words"),
        max_length=LONGEST_NOTE,
        blank=True,
        help_text=_("The words and phrases they use, as they write them."),
    )
    portrait = models.FileField(_("portrait"), blank=True, editable=False)  # written by core.uploads
    inherited_from = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="heirs")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PersonaQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("persona")
        verbose_name_plural = _("personas")
        constraints = [
            border_key("brand", name="persona_border"),
            *inheritance("persona"),
            models.UniqueConstraint(
                "brand",
                Lower("name"),
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

    @property
    def ages(self) -> str:
        """Their age as people say it: “25 to 35”, “from 25”, “up to 35”, or nothing."""
        ages = {"low": self.age_min, "high": self.age_max}
        if self.age_min is not None and self.age_max is not None:
            return str(self.age_min) if self.age_min == self.age_max else gettext("%(low)s to %(high)s") % ages
        if self.age_min is not None:
            return gettext("from %(low)s") % ages
        return gettext("up to %(high)s") % ages if self.age_max is not None else ""

    @property
    def headline(self) -> str:
        """Age, job and place in a line."""
        return " · ".join(filter(None, (self.ages, self.job, self.place)))

    @property
    def quote(self) -> str:
        """The first of their own words: a line that makes them heard."""
        return next((line.strip() for line in self.own_words.splitlines() if line.strip()), "")

    @property
    def demographics(self) -> list[Note]:
        """What is noted of who they are."""
        facts = [Note(gettext("Age"), self.ages)] if self.ages else []
        return facts + self._noted("place", "job", "income", "education", "family")

    @property
    def notes(self) -> list[Note]:
        """What is noted of what moves them, without their own words."""
        return self._noted("interests", "pain_points", "motivations", "objections", "trigger")

    def _noted(self, *names: str) -> list[Note]:
        titles = {field.name: capfirst(str(field.verbose_name)) for field in self._meta.fields}
        return [Note(titles[name], getattr(self, name)) for name in names if getattr(self, name)]


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
    usage = models.TextField(_("how they use it"), max_length=LONGEST_NOTE, blank=True)
    sharing = models.TextField(_("when they share, and why"), max_length=LONGEST_NOTE, blank=True)

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
