"""Goals as the SMART test reads them, from the database or from a form, saved or not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from audits.models import SocialAccount
from networks.models import Metric, MetricAvailability, Network, Subject
from plans.models import Campaign, ContentKind, Goal, Plan, Target
from plans.rules.facts import PUBLISHED, Aggregation, Comparison, Per, Reach, Spec
from plans.rules.smart import GoalDraft, TargetDraft
from plans.rules.writing import settle, usual_aggregation
from plans.words import Phrase, sentence
from teams.models import Brand

ALTERNATIVES = 3  # metrics named when a network never gives the one that was chosen
ADDITIVE_UNITS = ("count", "currency")
OF_BRAND = "brand"  # what a metric is about that no network gives


def place(network: Network | None, account: SocialAccount | None) -> str:
    """Where a target is measured, in words."""
    return f"{account.network.name} ({account.handle})" if account else network.name if network else ""


def of_target(target: Target) -> TargetDraft:
    """Needs what `Target.PARTS` names."""
    return draft_target(
        metric=target.metric, network=target.network, account=target.account, reach=target.reach,
        branch=target.branch, format=target.format, content_kind=target.content_kind, campaign=target.campaign,
        aggregation=target.aggregation, per=target.per, comparison=target.comparison, value=target.value,
        value_to=target.value_to, baseline=target.baseline,
    )  # fmt: skip


def draft_target(
    *, metric: Metric, network: Network | None = None, account: SocialAccount | None = None,
    reach: str = Reach.BRAND, branch: Brand | None = None,
    format: str = "",  # noqa: A002  # the name of the model's field
    content_kind: ContentKind | None = None, campaign: Campaign | None = None,
    aggregation: str = "", per: str = Per.WEEK, comparison: str = Comparison.AT_LEAST, value: Decimal | None = None,
    value_to: Decimal | None = None, baseline: Decimal | None = None, **_rest: Any,
) -> TargetDraft:  # fmt: skip
    """A target in the words of the rules; an aggregation that was not chosen becomes the usual one."""
    how = Aggregation(aggregation) if aggregation else usual(metric, Per(per))
    plain = settle(
        TargetDraft(
            metric=metric.pk, metric_name=str(metric.label), unit=metric.unit, subject=metric.subject,
            is_vanity=metric.is_vanity, aggregation=how, per=Per(per), comparison=Comparison(comparison),
            value=value, value_to=value_to if comparison == Comparison.BETWEEN else None, baseline=baseline,
            network=account.network_id if account else network.pk if network else None,
            account_id=account.pk if account else None, reach=Reach(reach), branch_id=branch.pk if branch else None,
            format=format, content_kind_id=content_kind.pk if content_kind else None,
            campaign_id=campaign.pk if campaign else None, observed=baseline,
        )
    )  # fmt: skip
    phrase = Phrase(
        metric=metric, aggregation=plain.aggregation, per=plain.per, comparison=plain.comparison, value=plain.value,
        value_to=plain.value_to, format=format, place=place(network, account), reach=plain.reach,
        branch=branch.name if branch else "", content_kind=content_kind.name if content_kind else "",
        campaign=campaign.name if campaign else "",
    )  # fmt: skip
    return replace(plain, words=sentence(phrase))


def usual(metric: Metric, per: Per) -> Aggregation:
    """How a metric is measured when nobody says."""
    return usual_aggregation(metric.pk, metric.subject, per, metric.unit)


def of_goal(goal: Goal, plan: Plan, *, answered: Sequence[str]) -> GoalDraft:
    """A saved goal. Needs `targets` with metric, network and account."""
    return draft_goal(goal, plan, [of_target(target) for target in goal.targets.all()], answered=answered)


def draft_goal(goal: Goal, plan: Plan, targets: Sequence[TargetDraft], *, answered: Sequence[str]) -> GoalDraft:
    """A goal, saved or not, with its targets in the words of the rules."""
    return GoalDraft(
        action=goal.action, network=goal.network_id, has_objective=goal.objective_id is not None, answered=answered,
        targets=targets, starts_on=goal.starts_on, due_on=goal.due_on, plan_starts_on=plan.starts_on,
        plan_ends_on=plan.ends_on,
    )  # fmt: skip


def subject_of(target: TargetDraft) -> str:
    """Whether the figure of a post or of an account is needed."""
    is_of_account = target.per is not Per.DELIVERY and target.aggregation in (Aggregation.LAST, Aggregation.CHANGE)
    return Subject.ACCOUNT if is_of_account else Subject.DELIVERY


def with_availability(targets: Iterable[TargetDraft]) -> list[TargetDraft]:
    """The same targets; those whose network never gives the metric say so, and what to use instead. One query."""
    drafts = list(targets)
    networks = {draft.network for draft in drafts if draft.network}
    rows = MetricAvailability.objects.filter(network__in=networks).select_related("metric", "network")
    known = {(row.network_id, row.metric_id, row.subject): row for row in rows} if networks else {}
    return [_checked(draft, known) for draft in drafts]


def _checked(draft: TargetDraft, known: Mapping[tuple[str, str, str], MetricAvailability]) -> TargetDraft:
    row = known.get((draft.network or "", draft.metric, subject_of(draft)))
    if row is None or row.is_given or draft.metric == PUBLISHED or draft.subject == Metric.About.BRAND:
        return draft
    given = [
        other for key, other in known.items() if other.is_given and key[0] == draft.network and key[2] == row.subject
    ]
    given.sort(key=lambda other: (other.metric.category != row.metric.category, other.metric.position))
    of_posts = known.get((draft.network or "", draft.metric, Subject.DELIVERY))
    return replace(
        draft,
        not_given_by=row.network.name,
        instead=tuple(str(other.metric.label) for other in given[:ALTERNATIVES]),
        is_given_of_posts=of_posts is not None and of_posts.is_given,
    )


def spec_of(draft: TargetDraft, identity: int) -> Spec | None:
    """A draft as the evaluation reads it; None without a number."""
    if draft.value is None or not draft.has_number:
        return None
    return Spec(
        id=identity, metric=draft.metric, aggregation=draft.aggregation, per=draft.per, comparison=draft.comparison,
        value=draft.value, value_to=draft.value_to, network=draft.network, account_id=draft.account_id,
        reach=draft.reach, branch_id=draft.branch_id, format=draft.format, content_kind_id=draft.content_kind_id,
        campaign_id=draft.campaign_id, baseline=draft.baseline, is_additive=draft.unit in ADDITIVE_UNITS,
        is_of_brand=draft.subject == OF_BRAND,
    )  # fmt: skip
