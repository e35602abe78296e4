"""Where we are: social accounts, their connections, and the audits that review them."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import EncryptedTextField
from core.models import Versioned
from networks.models import Network
from teams.models import Brand, User


class SocialAccountQuerySet(models.QuerySet["SocialAccount"]):
    def for_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand)

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


class SocialAccount(Versioned):
    """One profile on one network that belongs to a brand. It exists whether or not it is connected."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="social_accounts")
    network = models.ForeignKey(Network, models.PROTECT, related_name="+", verbose_name=_("network"))
    handle = models.CharField(_("handle"), max_length=120, help_text=_("As the network shows it, without the @."))
    url = models.URLField(_("address of the profile"), blank=True)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner"),
        help_text=_("The person who answers for this account."),
    )  # fmt: skip
    purpose = models.CharField(
        _("purpose"), max_length=200, blank=True, help_text=_("Why this account exists. Without one, it should be closed.")
    )
    mission = models.CharField(
        _("mission statement"), max_length=300, blank=True,
        help_text=_("One sentence: what this account is for, and for whom."),
    )  # fmt: skip
    is_verified = models.BooleanField(_("verified by the network"), default=False)
    color = models.PositiveSmallIntegerField(_("color"), default=0, help_text=_("Its color in the calendar, 0 to 9."))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SocialAccountQuerySet.as_manager()

    class Meta:
        ordering = ["network__position", "handle"]
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "network", "handle"],
                name="social_account_unique",
                violation_error_message=_("This brand already has that account."),
            ),
            models.CheckConstraint(condition=models.Q(color__lte=9), name="social_account_color_in_palette"),
        ]

    def __str__(self) -> str:
        return f"{self.network.name} · {self.handle}"


class ConnectionState(models.TextChoices):
    WORKING = "working", _("working")
    REFUSED = "refused", _("refused by the network")


class Connection(models.Model):
    """The credentials with which Sextant may read, and later publish for, a social account."""

    account = models.OneToOneField(SocialAccount, models.CASCADE, related_name="connection")
    server = models.URLField(_("server"), help_text=_("For Mastodon: the address of the account's server."))
    remote_id = models.CharField(max_length=120)  # the account's id on the network
    token = EncryptedTextField()
    state = models.CharField(max_length=7, choices=ConnectionState, default=ConnectionState.WORKING)
    last_error = models.CharField(max_length=300, blank=True)
    not_before = models.DateTimeField(null=True)  # the network asked us to wait until then
    connected_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    connected_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.account}: {self.get_state_display()}"


class Audit(Versioned):
    """A dated review of all social accounts of a brand. Closing it freezes it."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="audits")
    title = models.CharField(_("title"), max_length=120)
    started_on = models.DateField(_("started on"))
    next_due_on = models.DateField(_("next audit due on"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-started_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["brand"],
                name="audit_one_open",
                condition=models.Q(closed_at__isnull=True),
                violation_error_message=_("Close the open audit before you start another."),
            ),
            models.CheckConstraint(
                condition=models.Q(next_due_on__isnull=True) | models.Q(next_due_on__gt=models.F("started_on")),
                name="audit_next_after_start",
                violation_error_message=_("The next audit must be due after this one started."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Decision(models.TextChoices):
    KEEP = "keep", _("keep")
    IMPROVE = "improve", _("improve")
    MERGE = "merge", _("merge")
    CLOSE = "close", _("close")


class AccountReview(Versioned):
    """One account as an audit found it, and what was decided."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="reviews")
    account = models.ForeignKey(SocialAccount, models.CASCADE, related_name="reviews")
    followers = models.PositiveIntegerField(_("followers"), null=True, blank=True)
    last_post_on = models.DateField(_("most recent post"), null=True, blank=True)
    audience = models.CharField(_("main audience"), max_length=200, blank=True)
    is_on_brand = models.BooleanField(_("name, image and text follow the brand"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=7, choices=Decision, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    reviewed_at = models.DateTimeField(null=True, editable=False)
    reviewed_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "account"], name="account_review_unique"),
            models.CheckConstraint(
                condition=models.Q(decision="") | ~models.Q(reason=""),
                name="account_review_decision_has_reason",
                violation_error_message=_("Say why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit} · {self.account_id}"
