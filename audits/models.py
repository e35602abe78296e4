"""Where we are: social accounts, their connections, and the audits that review them."""

from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.constraints import SameBorder, border_key
from core.fields import EncryptedTextField
from core.models import Versioned
from networks.models import Network
from teams.models import ERASED_WORKSPACE, FORGOTTEN_PERSON, Brand, User


class SocialAccountQuerySet(models.QuerySet["SocialAccount"]):
    def for_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand)

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def with_all(self) -> Self:
        """With the network, owner and connection that a row of the inventory shows."""
        return self.select_related("network", "owner", "connection")


class SocialAccount(Versioned):
    """One profile on one network that belongs to a brand. It exists whether or not it is connected."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="social_accounts", db_index=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="+", verbose_name=_("network"))
    handle = models.CharField(_("handle"), max_length=120, help_text=_("As the network shows it, without the @."))
    url = models.URLField(_("address of the profile"), blank=True)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner"),
        help_text=_("The person who answers for this account."),
    )  # fmt: skip
    purpose = models.CharField(
        _("purpose"),
        max_length=200,
        blank=True,
        help_text=_("Why this account exists. Without one, it should be closed."),
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
        verbose_name = _("social account")
        verbose_name_plural = _("social accounts")
        constraints = [
            border_key("brand", name="social_account_border"),
            models.UniqueConstraint(
                "brand",
                "network",
                Lower("handle"),
                name="social_account_unique",
                violation_error_message=_("This brand already has that account."),
            ),
            models.CheckConstraint(condition=models.Q(color__lte=9), name="social_account_color_in_palette"),
        ]

    def __str__(self) -> str:
        return f"{self.network.name} · {self.handle}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def should_close(self) -> bool:
        """Nobody can say what it is for: the method says that such a profile should probably go."""
        return self.is_open and not self.purpose


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

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="working", last_error="")
                | (models.Q(state="refused") & ~models.Q(last_error="")),
                name="connection_refused_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.get_state_display()}"


_PLACE = "(SELECT workspace_id::text FROM teams_brand WHERE id = OLD.brand_id)"
_ERASED = f"{_PLACE} = current_setting('{ERASED_WORKSPACE}', true)"


class AuditQuerySet(models.QuerySet["Audit"]):
    def for_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand)

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def closed(self) -> Self:
        return self.filter(closed_at__isnull=False)

    def with_counts(self) -> Self:
        """`reviews_count`, and `decided_count` of those whose decision was taken."""
        decided = models.Count("reviews", filter=~models.Q(reviews__decision=""))
        return self.annotate(reviews_count=models.Count("reviews"), decided_count=decided)


class Audit(Versioned):
    """A dated review of all social accounts of a brand. Closing it freezes it."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="audits", db_index=False)
    title = models.CharField(_("title"), max_length=120)
    started_on = models.DateField(_("started on"))
    next_due_on = models.DateField(_("next audit due on"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-started_on", "-pk"]
        constraints = [
            border_key("brand", name="audit_border"),
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
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(next_due_on__isnull=False),
                name="audit_closed_names_next",
                violation_error_message=_("Say when the next audit is due."),
            ),
        ]
        triggers = [
            # A person who is deleted leaves their deeds without a name; nothing else of a closed audit changes.
            pgtrigger.Trigger(
                name="closed_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["closed_by"]),
                func="IF OLD.closed_at IS NOT NULL THEN RAISE EXCEPTION 'it is closed'; END IF; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="closed_is_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__closed_at__isnull=False),
                func=f"IF {_ERASED} THEN RETURN OLD; END IF; RAISE EXCEPTION 'a closed audit is kept';",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def decided_percent(self) -> int:
        """How far an audit that was fetched `with_counts` has come."""
        total: int = getattr(self, "reviews_count", 0)
        return 100 * int(getattr(self, "decided_count", 0)) // total if total else 0


class Decision(models.TextChoices):
    KEEP = "keep", _("keep")
    IMPROVE = "improve", _("improve")
    MERGE = "merge", _("merge")
    CLOSE = "close", _("close")


_CLOSED = """
    IF EXISTS (SELECT 1 FROM audits_audit WHERE id IN (OLD.audit_id, NEW.audit_id) AND closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a closed audit is frozen';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""
_CLOSED_UNLESS_FORGOTTEN = f"IF current_setting('{FORGOTTEN_PERSON}', true) <> '' THEN RETURN NEW; END IF; {_CLOSED}"
_CLOSED_UNLESS_ERASED = f"IF {_ERASED} THEN RETURN OLD; END IF; {_CLOSED}"


class ReviewQuerySet(models.QuerySet["AccountReview"]):
    def decided(self) -> Self:
        return self.exclude(decision="")

    def undecided(self) -> Self:
        return self.filter(decision="")

    def with_account(self) -> Self:
        return self.select_related("account__network", "account__owner", "reviewed_by").order_by(
            "account__network__position", "account__handle", "pk"
        )


class AccountReview(Versioned):
    """One account as an audit found it, and what was decided.

    Closing the audit writes into `frozen` what the account itself said then, so that the closed sheet stays as it was.
    """

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    audit = models.ForeignKey(Audit, models.CASCADE, related_name="reviews")
    account = models.ForeignKey(SocialAccount, models.CASCADE, related_name="reviews")
    followers = models.PositiveIntegerField(_("followers"), null=True, blank=True)
    last_post_on = models.DateField(_("most recent post"), null=True, blank=True)
    audience = models.CharField(_("main audience"), max_length=200, blank=True)
    is_on_brand = models.BooleanField(_("name, image and text follow the brand"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=7, choices=Decision, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    notes = models.TextField(_("notes"), max_length=2000, blank=True)
    frozen = models.JSONField(null=True, editable=False)
    reviewed_at = models.DateTimeField(null=True, editable=False)
    reviewed_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="closed_takes_no_row", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_CLOSED
            ),
            pgtrigger.Trigger(
                name="closed_loses_no_row",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=_CLOSED_UNLESS_ERASED,
            ),
            pgtrigger.Trigger(
                name="closed_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["reviewed_by", "frozen"]),
                func=_CLOSED,
            ),
            pgtrigger.Trigger(
                name="frozen_words_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("frozen"),
                func=_CLOSED_UNLESS_FORGOTTEN,
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["audit", "account"], name="account_review_unique"),
            SameBorder("brand", "audit", name="account_review_audit_same_brand"),
            SameBorder("brand", "account", name="account_review_account_same_brand"),
            models.CheckConstraint(
                condition=models.Q(decision="") | ~models.Q(reason=""),
                name="account_review_decision_has_reason",
                violation_error_message=_("Say why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit} · {self.account_id}"

    @property
    def facts(self) -> dict[str, Any]:
        """What the account said of itself: when the audit was closed, or now."""
        return self.frozen or account_facts(self.account)


def account_facts(account: SocialAccount) -> dict[str, Any]:
    """What an audit sheet says of an account besides its review. Plain data, so that it can be kept."""
    return {
        "network": account.network_id,
        "network_name": account.network.name,
        "handle": account.handle,
        "url": account.url,
        "owner": str(account.owner) if account.owner else "",
        "is_verified": account.is_verified,
        "purpose": account.purpose,
        "mission": account.mission,
    }
