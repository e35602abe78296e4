"""What happened: observations, however they arrived, and the pulls that fetch them."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audits.models import SocialAccount
from calendar_app.models import Delivery
from core.constraints import SameBorder, border_key
from core.duework import DueQuerySet, DueWork, due_constraints, due_indexes
from networks.models import Metric
from plans.models import Campaign
from teams.models import Brand, User, Workspace

DRAFT_LIFE = timedelta(days=1)  # a CSV file that was previewed and never taken in is forgotten after that


class Source(models.TextChoices):
    TYPED = "typed", _("typed in")
    CSV = "csv", _("imported from CSV")
    API = "api", _("fetched from the network")
    SURVEY = "survey", _("from a survey")


class CsvDraft(models.Model):
    """A CSV file of figures between its preview and the yes of the person; their next file replaces it."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="csv_drafts")
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    filename = models.CharField(max_length=200)
    text = models.TextField()
    day_first = models.BooleanField()  # how 03/04/2026 was read
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "by"], name="csv_draft_one_per_person")]

    def __str__(self) -> str:
        return self.filename


class CsvImport(models.Model):
    """One CSV file of figures that was taken in, whole."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="csv_imports", db_index=False)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    filename = models.CharField(max_length=200)
    row_count = models.PositiveIntegerField()
    figure_count = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [border_key("brand", name="csv_import_border")]

    def __str__(self) -> str:
        return self.filename


def subject_key(name: str, subject: str, *more: str) -> models.UniqueConstraint:
    """One row for each subject, metric and what else is said; it is the index by which figures are found as well."""
    fields = [subject, "metric", *more]
    condition = models.Q(**{f"{subject}__isnull": False})
    if subject == "brand":
        condition = models.Q(account__isnull=True, campaign__isnull=True)
        condition &= models.Q(delivery__isnull=True) if name.startswith("observation") else models.Q()
    return models.UniqueConstraint(fields=fields, name=name, condition=condition, include=["value", "fetched_at"])


class Observation(models.Model):
    """One value of one metric for one subject on one local day of the brand, from one source.

    The subject is a social account, a delivery or a campaign; without any of them it is the brand itself. The same
    source may correct its value of a day; `fetched_at` says when it last did. There is no row for what a network does
    not give, and none for what nobody has looked up yet.

    A subject's figures are found through its unique constraint, which is ordered as they are read; so the columns in
    it have no index of their own.
    """

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="observations")
    account = models.ForeignKey(SocialAccount, models.CASCADE, null=True, related_name="observations", db_index=False)
    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, related_name="observations", db_index=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, related_name="observations", db_index=False)
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+", db_index=False)
    value = models.DecimalField(max_digits=14, decimal_places=2)
    observed_on = models.DateField()
    source = models.CharField(max_length=6, choices=Source)
    fetched_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    csv_import = models.ForeignKey(CsvImport, models.SET_NULL, null=True, related_name="observations", db_index=False)

    class Meta:
        constraints = [
            SameBorder("brand", "account", name="observation_account_same_brand"),
            SameBorder("brand", "delivery", name="observation_delivery_same_brand"),
            SameBorder("brand", "campaign", name="observation_campaign_same_brand"),
            SameBorder("brand", "csv_import", name="observation_csv_import_same_brand"),
            models.CheckConstraint(
                condition=models.Q(delivery__isnull=True, campaign__isnull=True)
                | models.Q(account__isnull=True, campaign__isnull=True)
                | models.Q(account__isnull=True, delivery__isnull=True),
                name="observation_has_one_subject",
            ),
            subject_key("observation_account_unique", "account", "observed_on", "source"),
            subject_key("observation_delivery_unique", "delivery", "observed_on", "source"),
            subject_key("observation_campaign_unique", "campaign", "observed_on", "source"),
            subject_key("observation_brand_unique", "brand", "observed_on", "source"),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id} {self.value} on {self.observed_on}"


# -- rollups: written by `services.store` together with the observations, and by nothing else --------------------------


class Rollup(models.Model):
    """The observation that counts, of several: the one fetched last; of the same moment, the one a person typed."""

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+", db_index=False)
    value = models.DecimalField(max_digits=14, decimal_places=2)
    observed_on = models.DateField()
    source = models.CharField(max_length=6, choices=Source)
    fetched_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        abstract = True


class DeliveryFigure(Rollup):
    """The newest value of one metric of one delivery: of its latest day."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="figures", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "metric"], name="delivery_figure_unique", include=["value", "fetched_at"]
            ),
            SameBorder("brand", "delivery", name="delivery_figure_delivery_same_brand"),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.metric_id} {self.value}"


class DailyFigure(Rollup):
    """The value that counts of one metric on one local day: of an account, a campaign, or the brand itself."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    account = models.ForeignKey(SocialAccount, models.CASCADE, null=True, related_name="+", db_index=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["brand", "metric", "observed_on"], name="daily_figure_of_brand")]
        constraints = [
            SameBorder("brand", "account", name="daily_figure_account_same_brand"),
            SameBorder("brand", "campaign", name="daily_figure_campaign_same_brand"),
            models.CheckConstraint(
                condition=models.Q(account__isnull=True) | models.Q(campaign__isnull=True),
                name="daily_figure_has_one_subject",
            ),
            subject_key("daily_figure_account_unique", "account", "observed_on"),
            subject_key("daily_figure_campaign_unique", "campaign", "observed_on"),
            subject_key("daily_figure_brand_unique", "brand", "observed_on"),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id} {self.value} on {self.observed_on}"


class Arrival(models.Model):
    """Figures that came in and that no goal was judged by yet: of one metric, of an account's posts (`is_of_posts`),
    an account, a campaign or the brand itself, for these days.

    `watcher` is the brand whose goals may count them: the brand itself, one above it, or one that watches this branch.
    Whoever judges the watcher's goals takes its arrivals away.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    watcher = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    account = models.ForeignKey(SocialAccount, models.CASCADE, null=True, related_name="+", db_index=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, related_name="+", db_index=False)
    is_of_posts = models.BooleanField(default=False)
    metric = models.ForeignKey(Metric, models.CASCADE, related_name="+", db_index=False)
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [
            SameBorder("workspace", "watcher", name="arrival_watcher_same_workspace"),
            SameBorder("workspace", "brand", name="arrival_brand_same_workspace"),
            SameBorder("brand", "account", name="arrival_account_same_brand"),
            SameBorder("brand", "campaign", name="arrival_campaign_same_brand"),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id} of {self.brand_id}, {self.first_day} to {self.last_day}"


class Pull(DueWork):
    """Fetching the figures of one connected account: its own counts and those of its recent publications.

    `cursor` is where paging stands, saved in the same transaction as the page's observations, so that a pull that was
    killed goes on where it was.
    """

    account = models.ForeignKey(SocialAccount, models.CASCADE, related_name="pulls", db_index=False)
    cursor = models.JSONField(default=dict)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DueQuerySet.as_manager()

    class Meta:
        indexes = [*due_indexes("pull"), models.Index(fields=["account", "-created_at"], name="pull_newest")]
        constraints = [
            *due_constraints("pull"),
            models.UniqueConstraint(
                fields=["account"], name="pull_one_open", condition=models.Q(state__in=("waiting", "claimed"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} due {self.due_at:%Y-%m-%d %H:%M}"
