"""What we publish: posts, and one delivery per social account."""

from datetime import datetime, timedelta
from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audits.models import SocialAccount
from core.constraints import SameBorder, border_key
from core.models import Versioned
from networks.formats import Format
from personas.models import Persona
from plans.models import Campaign, ContentKind, Goal
from teams.models import Brand, User

MISSED_AFTER = timedelta(hours=1)  # a delivery that nobody marked by then shows as missed


class PostQuerySet(models.QuerySet["Post"]):
    def for_brand(self, brand: Brand) -> Self:
        """The posts of a brand that are not in the bin."""
        return self.filter(brand=brand, deleted_at__isnull=True)


class Post(Versioned):
    """One piece of content. What goes out on each social account is its delivery there."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="posts", db_index=False)
    title = models.CharField(_("working title"), max_length=120)
    text = models.TextField(_("text"), blank=True, max_length=70_000)
    format = models.CharField(_("format"), max_length=8, choices=Format, default=Format.PHOTO)
    content_kind = models.ForeignKey(
        ContentKind, models.SET_NULL, null=True, blank=True, related_name="posts", verbose_name=_("content type")
    )
    campaign = models.ForeignKey(
        Campaign, models.SET_NULL, null=True, blank=True, related_name="posts", verbose_name=_("campaign")
    )
    persona = models.ForeignKey(
        Persona, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("for whom")
    )
    goals = models.ManyToManyField(
        Goal, through="PostGoal", blank=True, related_name="posts", verbose_name=_("goals it serves")
    )
    link = models.URLField(
        _("link"), blank=True, max_length=500,
        help_text=_("Goes on a line of its own after the text, unless the text has it already."),
    )  # fmt: skip
    notes = models.TextField(_("notes for the team"), blank=True)
    assignee = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("published by"),
        help_text=_("Who gets the reminder and publishes."),
    )  # fmt: skip
    remind_minutes = models.PositiveSmallIntegerField(
        _("first reminder"), default=30, validators=[MaxValueValidator(10_080)],
        choices=[
            (0, _("at the time only")), (10, _("10 minutes before")), (30, _("30 minutes before")),
            (60, _("1 hour before")), (180, _("3 hours before")), (1440, _("1 day before")),
        ],
    )  # fmt: skip
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)  # in the bin: undo brings it back

    objects = PostQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["brand", "-id"], name="post_list", condition=models.Q(deleted_at__isnull=True))]
        constraints = [
            border_key("brand", name="post_border"),
            SameBorder("brand", "content_kind", name="post_content_kind_same_brand"),
            SameBorder("brand", "campaign", name="post_campaign_same_brand"),
            SameBorder("brand", "persona", name="post_persona_same_brand"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def reminded(self) -> User | None:
        """Who gets the reminders: whoever publishes it, else whoever wrote it."""
        return self.assignee or self.author

    @property
    def reminded_id(self) -> int | None:
        return self.assignee_id or self.author_id


class PostGoal(models.Model):
    """A goal that a post serves."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="+", db_index=False)
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "goal"], name="post_goal_unique"),
            SameBorder("brand", "post", name="post_goal_post_same_brand"),
            SameBorder("brand", "goal", name="post_goal_goal_same_brand"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} · {self.goal_id}"


def words_of(text: str, link: str) -> str:
    """A text with its link on a line of its own, unless it has it already."""
    return f"{text}\n\n{link}".strip() if link and link not in text else text


class DeliveryState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")
    MISSED = "missed", pgettext_lazy("a post", "missed")  # never stored: SCHEDULED once its time has passed


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def for_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand, post__deleted_at__isnull=True)

    def published(self) -> Self:
        return self.filter(state=DeliveryState.PUBLISHED)

    def scheduled(self) -> Self:
        return self.filter(state=DeliveryState.SCHEDULED)

    def drafts(self) -> Self:
        return self.filter(state=DeliveryState.DRAFT)

    def in_state(self, state: str, now: datetime) -> Self:
        """By the state as people see it, in which a scheduled delivery may have been missed."""
        if state == DeliveryState.MISSED:
            return self.missed(now)
        if state == DeliveryState.SCHEDULED:
            return self.filter(state=state, publish_at__gte=now - MISSED_AFTER)
        return self.filter(state=state)

    def missed(self, now: datetime) -> Self:
        return self.filter(state=DeliveryState.SCHEDULED, publish_at__lt=now - MISSED_AFTER)


class Delivery(models.Model):
    """A post on one social account: the unit that is scheduled, reminded, published and measured.

    `publish_at` is the moment in UTC; `local_date`, `local_time` and `time_zone` are what the person chose, kept so
    that a change of the zone's rules moves the moment and not the wish (`is_second` chooses the second of two equal
    local times when the clock is put back). `schedule_version` rises with every change of
    time or text, so that a reminder written for an older one is never sent.
    """

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="deliveries", db_index=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="deliveries")
    account = models.ForeignKey(SocialAccount, models.PROTECT, related_name="deliveries", verbose_name=_("account"))
    text = models.TextField(
        _("text for this account"), blank=True, max_length=70_000, help_text=_("Empty: the text of the post.")
    )
    state = models.CharField(max_length=9, choices=DeliveryState, default=DeliveryState.DRAFT, editable=False)
    publish_at = models.DateTimeField(null=True, editable=False)
    local_date = models.DateField(null=True, editable=False)
    local_time = models.TimeField(null=True, editable=False)
    time_zone = models.CharField(max_length=64, blank=True, editable=False)
    is_second = models.BooleanField(default=False, editable=False)
    schedule_version = models.PositiveIntegerField(default=0, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    is_unplanned = models.BooleanField(default=False, editable=False)  # published without having been scheduled
    published_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    permalink = models.URLField(_("address of the publication"), max_length=500, blank=True, editable=False)
    remote_id = models.CharField(max_length=120, blank=True, editable=False)  # the publication's id on the network

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["brand", "publish_at"], name="delivery_calendar"),
            models.Index(
                fields=["account", "-published_at"], name="delivery_published", condition=models.Q(state="published")
            ),
            models.Index(fields=["brand", "time_zone"], name="delivery_zone", condition=models.Q(state="scheduled")),
        ]
        constraints = [
            border_key("brand", name="delivery_border"),
            SameBorder("brand", "post", name="delivery_post_same_brand"),
            SameBorder("brand", "account", name="delivery_account_same_brand"),
            models.UniqueConstraint(
                fields=["post", "account"],
                name="delivery_once_per_account",
                violation_error_message=_("This post already goes to that account."),
            ),
            models.CheckConstraint(condition=~models.Q(state="missed"), name="delivery_missed_is_computed"),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | models.Q(publish_at__isnull=False, local_date__isnull=False, local_time__isnull=False)
                & ~models.Q(time_zone=""),
                name="delivery_scheduled_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state="published", published_at__isnull=False)
                | (~models.Q(state="published") & models.Q(published_at__isnull=True)),
                name="delivery_published_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} on {self.account_id}"

    @property
    def words(self) -> str:
        """The text as it goes out on this account: its own or the post's, then the link."""
        return words_of(self.text or self.post.text, self.post.link)

    def shown_state(self, now: datetime) -> DeliveryState:
        """The state as people see it: a scheduled delivery whose time has passed was missed."""
        late = self.state == DeliveryState.SCHEDULED and self.publish_at and self.publish_at < now - MISSED_AFTER
        return DeliveryState.MISSED if late else DeliveryState(self.state)


class ContentMatrix(Versioned):
    """The content matrix: which share of what is published each content type is planned to have.

    One for an account; or, without an account, the brand's own, which holds for every account without one. A matrix
    whose shares were all taken out plans nothing: its account follows the brand's again.
    """

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="content_matrices", db_index=False)
    account = models.OneToOneField(
        SocialAccount, models.CASCADE, null=True, related_name="content_matrix", verbose_name=_("account")
    )
    set_at = models.DateTimeField(default=timezone.now, editable=False)  # since when its shares are what they are

    class Meta:
        verbose_name = _("content matrix")
        constraints = [
            border_key("brand", name="content_matrix_border"),
            SameBorder("brand", "account", name="content_matrix_account_same_brand"),
            models.UniqueConstraint(
                fields=["brand"], condition=models.Q(account__isnull=True), name="content_matrix_one_of_brand",
                violation_error_message=_("This brand already has a content matrix of its own."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.account or self.brand)


class MatrixShare(models.Model):
    """The planned share of one content type. Those of a matrix add up to 100; none has a row of zero."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    matrix = models.ForeignKey(ContentMatrix, models.CASCADE, related_name="shares", db_index=False)
    content_kind = models.ForeignKey(
        ContentKind, models.PROTECT, related_name="matrix_shares", verbose_name=_("content type")
    )
    percent = models.PositiveSmallIntegerField(_("planned share"))

    class Meta:
        ordering = ["-percent", "content_kind__name"]
        constraints = [
            SameBorder("brand", "matrix", name="matrix_share_matrix_same_brand"),
            SameBorder("brand", "content_kind", name="matrix_share_content_kind_same_brand"),
            models.UniqueConstraint(
                fields=["matrix", "content_kind"], name="matrix_share_unique",
                violation_error_message=_("This content type has a share in the matrix already."),
            ),
            models.CheckConstraint(
                condition=models.Q(percent__gte=1, percent__lte=100), name="matrix_share_is_a_percentage",
                violation_error_message=_("A share is a whole number from 1 to 100."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.content_kind_id}: {self.percent}%"
