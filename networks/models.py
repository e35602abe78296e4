"""The catalogue: networks, the dated facts known about each, and what each lets one measure.

None of these rows belongs to a workspace: they are shipped with the product (`load_networks`) and corrected by a site
administrator.
"""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.plurals import plural_number
from networks.labels import METRIC_COUNTS, METRIC_NAMES


class Subject(models.TextChoices):
    """What one figure is about."""

    ACCOUNT = "account", _("Account")
    DELIVERY = "delivery", _("Post on an account")
    CAMPAIGN = "campaign", _("Campaign")
    BRAND = "brand", _("The brand itself")


class Network(models.Model):
    """A social network, e.g. Instagram: a catalogue entry, not something a team owns."""

    slug = models.SlugField(_("short name"), primary_key=True, max_length=32)
    name = models.CharField(_("name"), max_length=60)
    home_url = models.URLField(_("website"))
    icon = models.CharField(_("icon"), max_length=40, default="chat", help_text=_("Name of a Bootstrap icon."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("network")
        verbose_name_plural = _("networks")

    def __str__(self) -> str:
        return self.name


class NetworkFactQuerySet(models.QuerySet["NetworkFact"]):
    def shipped(self) -> NetworkFactQuerySet:
        """Facts that came with the product."""
        return self.filter(is_correction=False)

    def corrections(self) -> NetworkFactQuerySet:
        """Facts that a site administrator put right and that still hold."""
        return self.filter(is_correction=True, reverted_at=None)

    def for_network(self, network: Network | str) -> NetworkFactQuerySet:
        return self.filter(network=network)

    def current(self) -> NetworkFactQuerySet:
        """One row per network and field: the newest correction, else the newest shipped row."""
        newest: list[str | OrderBy] = [
            "network_id",
            "field",
            F("corrected_at").desc(nulls_last=True),
            "-looked_up_on",
            "-pk",
        ]
        return self.filter(reverted_at=None).order_by(*newest).distinct("network_id", "field")


class NetworkFact(models.Model):
    """One dated statement about a network, e.g. "instagram: hashtags_max is 5", and who says so.

    Limits drift, so a statement is never overwritten: a later look-up and a correction are rows of their own.
    """

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="facts", verbose_name=_("network"))
    field = models.CharField(_("field"), max_length=60)
    value = models.TextField(_("value"))
    unit = models.CharField(_("unit"), max_length=200, blank=True)
    source = models.TextField(_("source"))
    looked_up_on = models.DateField(_("looked up on"))
    is_correction = models.BooleanField(_("correction"), default=False, editable=False)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("corrected by"),
    )
    corrected_at = models.DateTimeField(_("corrected at"), null=True, blank=True, editable=False)
    reverted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("reverted by"),
    )
    reverted_at = models.DateTimeField(_("reverted at"), null=True, blank=True, editable=False)

    objects = NetworkFactQuerySet.as_manager()

    class Meta:
        ordering = ["network", "field", "-looked_up_on", "-pk"]
        verbose_name = _("fact about a network")
        verbose_name_plural = _("facts about networks")
        constraints = [
            models.UniqueConstraint(
                fields=["network", "field", "looked_up_on"],
                condition=Q(is_correction=False),
                name="network_fact_shipped_once_a_day",
                violation_error_message=_("This field of this network was already looked up on that day."),
            ),
            models.CheckConstraint(
                condition=Q(is_correction=True, corrected_at__isnull=False)
                | Q(is_correction=False, corrected_at=None, corrected_by=None, reverted_at=None, reverted_by=None),
                name="network_fact_correction_is_dated",
                violation_error_message=_("A correction says when it was made; a shipped fact never does."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network_id} {self.field}: {self.value}"

    @property
    def is_belief(self) -> bool:
        """Nobody published this value: treat it as a default to be checked."""
        return self.source.startswith("belief")


class Metric(models.Model):
    """Something that can be counted or computed, e.g. followers, link clicks or revenue."""

    class Unit(models.TextChoices):
        COUNT = "count", _("count")
        PERCENT = "percent", _("percent")
        CURRENCY = "currency", _("amount of money")
        SECONDS = "seconds", _("seconds")
        SCORE = "score", _("score")

    class Category(models.TextChoices):
        AWARENESS = "awareness", _("Awareness")
        ENGAGEMENT = "engagement", _("Engagement")
        TRAFFIC = "traffic", _("Traffic")
        CONVERSION = "conversion", _("Conversion")
        REVENUE = "revenue", _("Revenue")
        SERVICE = "service", _("Service")

    class About(models.TextChoices):
        ACCOUNT = "account", _("Account")
        DELIVERY = "delivery", _("Post on an account")
        BOTH = "both", _("Account or post")
        BRAND = "brand", _("The brand and its campaigns")  # no network gives it: visits, leads, money, answers

    slug = models.SlugField(_("short name"), primary_key=True, max_length=40)
    name = models.CharField(_("name"), max_length=80)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices, default=Unit.COUNT)
    category = models.CharField(_("category"), max_length=12, choices=Category.choices)
    is_vanity = models.BooleanField(
        _("vanity metric"), default=False, help_text=_("Pleasant to see, but says little about what the company wants.")
    )
    subject = models.CharField(_("is about"), max_length=10, choices=About.choices, default=About.BOTH)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("metric")
        verbose_name_plural = _("metrics")

    def __str__(self) -> str:
        return str(self.label)

    @property
    def label(self) -> str | Promise:
        """The name in the reader's language."""
        return METRIC_NAMES.get(self.slug, self.name)

    def counted(self, value: Decimal | int | None) -> str:
        """The name as it stands after a number: (1) comment, (30) likes; after none as after many."""
        if self.slug in METRIC_COUNTS:
            return str(METRIC_COUNTS[self.slug] % plural_number(2 if value is None else value))
        return self.name[:1].lower() + self.name[1:]


class MetricAvailability(models.Model):
    """Whether a network gives a metric at all. Where it gives none, a figure is "not available", never 0."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="metrics", verbose_name=_("network"))
    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="networks", verbose_name=_("metric"))
    subject = models.CharField(_("is about"), max_length=10, choices=Subject.choices)
    is_given = models.BooleanField(_("given by the network"), default=False)
    api_name = models.CharField(_("name in the network's API"), max_length=80, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["network", "metric", "subject"]
        verbose_name = _("availability of a metric")
        verbose_name_plural = _("availability of metrics")
        constraints = [
            models.UniqueConstraint(
                fields=["network", "metric", "subject"],
                name="metric_availability_once",
                violation_error_message=_("This network already says whether it gives this metric."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network_id} {self.subject} {self.metric_id}"
