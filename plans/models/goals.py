"""SMART goals, the personas against which they are tested, their targets, and how each stands."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audits.models import SocialAccount
from core.constraints import SameBorder, border_key
from core.models import Versioned
from networks.formats import Format
from networks.models import Metric, Network
from personas.models import Persona
from plans.models.content import Campaign, ContentKind
from plans.models.objectives import BusinessObjective
from plans.models.plan import Plan
from teams.inheritance import inheritance
from teams.models import Brand, User, Workspace

CORRECTED_WITHIN = timedelta(days=30)  # after its due date, a goal's figures may still be corrected


class GoalStatus(models.TextChoices):
    """Computed from data, never typed."""

    NOT_YET = "not_yet", _("not measured yet")
    ON_TRACK = "on_track", _("on track")
    AT_RISK = "at_risk", _("at risk")
    OFF_TRACK = "off_track", _("off track")
    ACHIEVED = "achieved", _("achieved")
    MISSED = "missed", _("missed")


ATTENTION = (
    GoalStatus.OFF_TRACK,
    GoalStatus.MISSED,
    GoalStatus.AT_RISK,
    GoalStatus.NOT_YET,
    GoalStatus.ON_TRACK,
    GoalStatus.ACHIEVED,
)


class GoalQuerySet(models.QuerySet["Goal"]):
    def for_brand(self, brand: Brand) -> Self:
        return self.filter(brand=brand)

    def running(self, today: date) -> Self:
        """Started, and not so long past due that no figure can change the verdict any more."""
        return self.filter(starts_on__lte=today, due_on__gte=today - CORRECTED_WITHIN)

    def needing_attention(self) -> Self:
        return self.filter(status__in=(GoalStatus.AT_RISK, GoalStatus.OFF_TRACK, GoalStatus.MISSED))

    def by_attention(self) -> Self:
        """Those that need somebody first; a goal that has been followed by another one comes last."""
        followed = models.Exists(self.model.objects.filter(predecessor=models.OuterRef("pk")))
        ranks = [models.When(status=status, then=rank) for rank, status in enumerate(ATTENTION)]
        rank = models.Case(models.When(followed, then=len(ATTENTION)), *ranks, output_field=models.IntegerField())
        return self.annotate(attention=rank).order_by("attention", "due_on", "pk")

    def with_all(self) -> Self:
        """With the targets, network and owner that its sentences name, and `answers_count`: for how many personas it is
        said how the goal helps to reach them. Two queries."""
        targets = Target.objects.select_related(*Target.PARTS)
        return (
            self.select_related("network", "owner", "objective")
            .annotate(answers_count=models.Count("persona_answers"))
            .prefetch_related(models.Prefetch("targets", queryset=targets))
        )


class Goal(Versioned):
    """A SMART goal of a plan: who does what on which network, measured by targets, between two dates."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="goals", db_index=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="goals")
    objective = models.ForeignKey(
        BusinessObjective, models.PROTECT, null=True, blank=True, related_name="goals",
        verbose_name=_("business objective"),
    )  # fmt: skip
    title = models.CharField(_("goal"), max_length=160, help_text=_("In a few words: “Show our culture on Instagram”."))
    action = models.TextField(
        _("who does what, and where"), max_length=600, blank=True,
        help_text=_("“The shop team shares photos that convey how we work.”"),
    )  # fmt: skip
    network = models.ForeignKey(
        Network, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("network")
    )
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner"))
    starts_on = models.DateField(_("starts on"))
    due_on = models.DateField(_("due on"))
    status = models.CharField(max_length=9, choices=GoalStatus, default=GoalStatus.NOT_YET, editable=False)
    status_since = models.DateTimeField(default=timezone.now, editable=False)
    lacks = models.CharField(max_length=5, blank=True, editable=False)  # the letters of SMART that are not met: "MR"
    predecessor = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="successors")
    inherited_from = models.ForeignKey(  # a goal of the brand above, set here with the branch's own numbers
        "self", models.SET_NULL, null=True, editable=False, related_name="heirs"
    )
    personas = models.ManyToManyField(Persona, through="GoalPersona", related_name="goals")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        indexes = [
            models.Index(fields=["plan", "status"], name="goal_plan_status"),
            models.Index(fields=["brand", "due_on"], name="goal_brand_due"),
        ]
        constraints = [
            border_key("brand", name="goal_border"),
            *inheritance("goal"),
            SameBorder("brand", "plan", name="goal_plan_same_brand"),
            SameBorder("brand", "objective", name="goal_objective_same_brand"),
            SameBorder("brand", "predecessor", name="goal_predecessor_same_brand"),
            models.CheckConstraint(
                condition=models.Q(due_on__gt=models.F("starts_on")),
                name="goal_due_after_start",
                violation_error_message=_("A goal must be due after the day it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_settled(self) -> bool:
        """Achieved or missed: its owner is asked for the next one."""
        return self.status in (GoalStatus.ACHIEVED, GoalStatus.MISSED)


class GoalPersona(models.Model):
    """How a goal helps to reach one persona: the test of its relevance."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="persona_answers")
    persona = models.ForeignKey(Persona, models.CASCADE, related_name="goal_answers")
    how_it_helps = models.TextField(_("How does this help reach them?"), max_length=600)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["goal", "persona"], name="goal_persona_unique"),
            SameBorder("brand", "goal", name="goal_persona_goal_same_brand"),
            SameBorder("brand", "persona", name="goal_persona_persona_same_brand"),
            models.CheckConstraint(condition=~models.Q(how_it_helps=""), name="goal_persona_answer_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id} · {self.persona_id}"


class Per(models.TextChoices):
    """Over what a target is judged."""

    DELIVERY = "delivery", _("each post published")
    DAY = "day", _("per day")
    WEEK = "week", _("per week")
    MONTH = "month", _("per month")
    WHOLE = "whole", _("over the whole period")


class Aggregation(models.TextChoices):
    COUNT = "count", _("number of")
    SUM = "sum", _("total of")
    MEAN = "mean", _("average of")
    MEDIAN = "median", _("median of")
    LAST = "last", _("level of")
    CHANGE = "change", _("growth of")
    SHARE = "share", _("share of")


class Comparison(models.TextChoices):
    AT_LEAST = "at_least", _("at least")
    AT_MOST = "at_most", _("at most")
    BETWEEN = "between", _("between")


class Reach(models.TextChoices):
    """Whose publications and figures a target counts."""

    BRAND = "brand", _("this brand")
    FAMILY = "family", _("this brand and its branches")
    BRANCH = "branch", _("one branch")


class Target(models.Model):
    """One measurable condition of a goal.

    “Three photos a week on Instagram” is metric published_deliveries, network Instagram, format photo, aggregation
    count, per week, at least 3. “Each at least 30 likes” is metric likes, the same scope, per delivery, at least 30.
    “A fifth of our posts on LinkedIn is about leads” is published_deliveries, a content type, aggregation share, at
    least 20: of all that was published in the same places, whatever its format, content type and campaign.
    """

    PARTS = ("metric", "network", "account__network", "branch", "content_kind", "campaign")  # what its sentence names

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+", db_index=False)
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="targets")
    position = models.PositiveSmallIntegerField(default=0)
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+", verbose_name=_("metric"))
    network = models.ForeignKey(
        Network, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("network")
    )
    account = models.ForeignKey(
        SocialAccount, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    reach = models.CharField(_("whose"), max_length=6, choices=Reach, default=Reach.BRAND)
    branch = models.ForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("branch"))
    format = models.CharField(_("format"), max_length=8, choices=Format, blank=True)
    content_kind = models.ForeignKey(
        ContentKind, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("content type")
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("campaign")
    )
    aggregation = models.CharField(_("measured as"), max_length=6, choices=Aggregation, default=Aggregation.COUNT)
    per = models.CharField(_("judged"), max_length=8, choices=Per, default=Per.WEEK)
    comparison = models.CharField(_("comparison"), max_length=8, choices=Comparison, default=Comparison.AT_LEAST)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    value_to = models.DecimalField(_("to"), max_digits=14, decimal_places=2, null=True, blank=True)
    baseline = models.DecimalField(_("baseline"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            SameBorder("brand", "goal", name="target_goal_same_brand"),
            SameBorder("workspace", "brand", name="target_brand_same_workspace"),
            SameBorder("brand", "account", name="target_account_same_brand"),
            SameBorder("workspace", "branch", name="target_branch_same_workspace"),
            SameBorder("brand", "content_kind", name="target_content_kind_same_brand"),
            SameBorder("brand", "campaign", name="target_campaign_same_brand"),
            models.CheckConstraint(
                condition=models.Q(reach="branch", branch__isnull=False)
                | (~models.Q(reach="branch") & models.Q(branch__isnull=True)),
                name="target_branch_is_named",
                violation_error_message=_("Choose the branch."),
            ),
            models.CheckConstraint(
                condition=models.Q(value__gte=0) | models.Q(metric__in=("roi", "survey_score"), value__gte=-100),
                name="target_value_not_negative",
                violation_error_message=_(
                    "A target is zero or more; only a return on investment and a survey score may be as low as −100."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(comparison="between", value_to__isnull=False, value_to__gt=models.F("value"))
                | (~models.Q(comparison="between") & models.Q(value_to__isnull=True)),
                name="target_between_has_two_values",
                violation_error_message=_("“Between” needs a second, higher number; the others need one number only."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id} {self.comparison} {self.value} ({self.per})"


class GoalProgress(models.Model):
    """The last evaluation of a goal: what each target reached, which weeks and posts fell short.

    `result` is `plans.rules.targets.Evaluation` as plain data; `judged_on` is the local day it is about, `data_until`
    the moment of the newest figure in it.
    """

    goal = models.OneToOneField(Goal, models.CASCADE, related_name="progress", primary_key=True)
    result = models.JSONField()
    evaluated_at = models.DateTimeField()
    judged_on = models.DateField()
    data_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.goal_id} at {self.evaluated_at:%Y-%m-%d %H:%M}"
