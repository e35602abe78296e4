"""Goals: written, changed and deleted whole, with their targets and the answers of the personas."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from activity.services import changes, record
from audits.models import SocialAccount
from networks.models import Metric, Network
from personas.models import Persona
from plans.drafts import draft_goal, draft_target, of_goal, with_availability
from plans.models import BusinessObjective, Campaign, ContentKind, Goal, GoalPersona, Plan, Reach, Target
from plans.rules.smart import TargetDraft, letters
from plans.rules.writing import Problem, problems
from plans.services.errors import GoalError
from plans.services.places import locked, require_member
from teams.access import require
from teams.models import Brand, User
from teams.queries import branches_below
from teams.rules import Permission


class GoalFacts(TypedDict):
    title: str
    action: str
    objective: BusinessObjective | None
    network: Network | None
    owner: User | None
    starts_on: date
    due_on: date


class _MetricFact(TypedDict):
    metric: Metric


class TargetFacts(_MetricFact, total=False):
    """One target. `id` names the target that is changed; without it, it is a new one. Without a network or account it
    is measured where the goal is; without an aggregation, in the way usual for its metric."""

    id: int | None
    network: Network | None
    account: SocialAccount | None
    reach: str
    branch: Brand | None
    format: str
    content_kind: ContentKind | None
    campaign: Campaign | None
    aggregation: str
    per: str
    comparison: str
    value: Decimal | None
    value_to: Decimal | None
    baseline: Decimal | None


Answers = Mapping[Persona, str]  # how the goal helps to reach each persona; an empty answer is none
STORED = ("reach", "format", "aggregation", "per", "comparison", "value", "value_to", "baseline")
POINTERS = ("account", "branch", "content_kind", "campaign")


@transaction.atomic
def create_goal(
    *,
    plan: Plan,
    targets: Sequence[TargetFacts],
    answers: Answers,
    by: User,
    now: datetime,
    predecessor: Goal | None = None,
    inherited_from: Goal | None = None,
    **facts: Unpack[GoalFacts],
) -> Goal:
    """Write a goal, whole or not at all. Raises GoalError with the field (and the target) that it concerns."""
    require(by, Permission.WRITE_PLAN, plan.brand)
    brand = locked(plan.brand)
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    plan.brand = brand
    if predecessor is not None and predecessor.brand_id != brand.pk:
        raise GoalError(_("That goal belongs to another brand."))
    if inherited_from is not None and inherited_from.brand_id != brand.parent_id:
        raise GoalError(_("That goal is not one of the brand above."))
    if inherited_from is not None and brand.goals.filter(inherited_from=inherited_from).exists():
        raise GoalError(_("This brand has taken it over already."))
    goal = Goal(
        workspace_id=brand.workspace_id, brand=brand, plan=plan, predecessor=predecessor,
        inherited_from=inherited_from, created_at=now, status_since=now, **facts,
    )  # fmt: skip
    drafts = _check(goal, targets, answers)
    goal.lacks = _lacks(goal, drafts, answers)
    goal.save()
    _write(goal, targets, drafts, answers)
    record(by=by, verb="plans.goal_created", target=goal, brand=brand, after=_facts(goal, drafts, answers))
    return goal


@transaction.atomic
def edit_goal(
    *,
    goal: Goal,
    targets: Sequence[TargetFacts],
    answers: Answers,
    by: User,
    version: int | None,
    **facts: Unpack[GoalFacts],
) -> Goal:
    """Change a goal, whole or not at all. Raises GoalError, and StaleError when somebody else was faster."""
    require(by, Permission.WRITE_PLAN, goal.plan.brand)
    brand = locked(goal.plan.brand)
    goal = Goal.objects.select_for_update(of=("self",)).select_related("plan").get(pk=goal.pk)
    goal.plan.brand = brand
    goal.require_version(version)
    before = saved_facts(goal)
    for name, value in facts.items():
        setattr(goal, name, value)
    drafts = _check(goal, targets, answers)
    old, new = changes(before, _facts(goal, drafts, answers))
    if new:
        goal.version += 1
        goal.lacks = _lacks(goal, drafts, answers)
        goal.save(update_fields=["version", "lacks", *facts])
        _write(goal, targets, drafts, answers)
        record(by=by, verb="plans.goal_edited", target=goal, brand=brand, before=old, after=new)
    return goal


@transaction.atomic
def delete_goal(*, goal: Goal, by: User) -> None:
    """Delete a goal with its targets and progress. Posts stay, and serve one goal less."""
    require(by, Permission.WRITE_PLAN, goal.plan.brand)
    goal = Goal.objects.select_for_update(of=("self",)).select_related("plan__brand").get(pk=goal.pk)
    record(by=by, verb="plans.goal_deleted", target=goal, brand=goal.plan.brand, before=saved_facts(goal))
    goal.delete()


@transaction.atomic
def recheck_goals(*, brand: Brand) -> int:
    """Write down anew which letters each goal of a brand lacks, after a persona, an objective or the catalogue changed.

    Answers how many goals changed. Five queries at most, however many goals there are.
    """
    goals = list(Goal.objects.for_brand(locked(brand)).with_all().select_related("plan"))
    drafts = [of_goal(goal, goal.plan, answered=[""] * getattr(goal, "answers_count", 0)) for goal in goals]
    checked = iter(with_availability(target for draft in drafts for target in draft.targets))
    changed = []
    for goal, draft in zip(goals, drafts, strict=True):
        lacks = letters(replace(draft, targets=list(islice(checked, len(draft.targets)))))
        if goal.lacks != lacks:
            goal.lacks = lacks
            changed.append(goal)
    Goal.objects.bulk_update(changed, ["lacks"])
    return len(changed)


# -- checks ---------------------------------------------------------------------------------------------------------


def _check(goal: Goal, targets: Sequence[TargetFacts], answers: Answers) -> list[TargetDraft]:
    """The targets in the words of the rules, when everything can be saved; else raises GoalError."""
    brand = goal.plan.brand
    _check_dates(goal)
    require_member(goal.owner, brand)
    if goal.objective is not None and goal.objective.brand_id != brand.pk:
        raise GoalError(_("This business objective belongs to another brand."), field="objective")
    if any(persona.brand_id != brand.pk for persona in answers):
        raise GoalError(_("This persona belongs to another brand."))
    drafts = with_availability(draft_target(**_placed(goal, target)) for target in targets)
    days = (goal.due_on - goal.starts_on).days + 1
    found = [*_misplaced(goal, targets), *_foreign(brand, targets), *problems(drafts, days)]
    if found:
        raise GoalError(found[0].message, problems=found)
    return drafts


def _check_dates(goal: Goal) -> None:
    if goal.due_on <= goal.starts_on:
        raise GoalError(_("A goal must be due after the day it starts."), field="due_on")
    if goal.starts_on < goal.plan.starts_on:
        raise GoalError(_("The plan “%(plan)s” starts later.") % {"plan": goal.plan.title}, field="starts_on")
    if goal.due_on > goal.plan.ends_on:
        raise GoalError(_("The plan “%(plan)s” ends earlier.") % {"plan": goal.plan.title}, field="due_on")


def _misplaced(goal: Goal, targets: Sequence[TargetFacts]) -> Iterator[Problem]:
    """Targets on an account of another brand, or elsewhere than the goal."""
    for row, target in enumerate(targets):
        account, network = target.get("account"), target.get("network")
        where = account.network_id if account else network.pk if network else None
        if account is not None and account.brand_id != goal.plan.brand_id:
            yield Problem(row, "place", _("This account belongs to another brand."))
        elif goal.network is not None and where not in (None, goal.network.pk):
            yield Problem(row, "place", _("This goal is about %(network)s only.") % {"network": goal.network.name})


def _lacks(goal: Goal, drafts: Sequence[TargetDraft], answers: Answers) -> str:
    answered = [persona.name for persona, text in answers.items() if text]
    return letters(draft_goal(goal, goal.plan, drafts, answered=answered))


def _foreign(brand: Brand, targets: Sequence[TargetFacts]) -> Iterator[Problem]:
    """Content types and campaigns of another brand, and branches that do not stand below this one."""
    names_branches = any(target.get("reach") == Reach.BRANCH for target in targets)
    below = {one.pk for one, _depth in branches_below(brand)} if names_branches else set()
    for row, target in enumerate(targets):
        kind, campaign, branch = target.get("content_kind"), target.get("campaign"), target.get("branch")
        if kind is not None and kind.brand_id != brand.pk:
            yield Problem(row, "content_kind", _("This content type belongs to another brand."))
        if campaign is not None and campaign.brand_id != brand.pk:
            yield Problem(row, "campaign", _("This campaign belongs to another brand."))
        if target.get("reach") == Reach.BRANCH and (branch is None or branch.pk not in below):
            yield Problem(row, "reach", _("Choose one of the branches of this brand."))


def _placed(goal: Goal, target: TargetFacts) -> TargetFacts:
    """A target that names no place is measured where the goal is."""
    if target.get("account") or target.get("network"):
        return target
    return {**target, "network": goal.network}


# -- writing --------------------------------------------------------------------------------------------------------


def _write(goal: Goal, targets: Sequence[TargetFacts], drafts: Sequence[TargetDraft], answers: Answers) -> None:
    known = {target.pk: target for target in goal.targets.all()}
    kept = []
    for position, (facts, draft) in enumerate(zip(targets, drafts, strict=True)):
        target = known.get(facts.get("id") or 0) or Target(brand_id=goal.brand_id, goal=goal)
        target.workspace_id, target.position, target.metric = goal.plan.brand.workspace_id, position, facts["metric"]
        target.network_id = draft.network
        for name in POINTERS:
            setattr(target, name, facts.get(name))
        for name in STORED:
            setattr(target, name, getattr(draft, name))
        target.save()
        kept.append(target.pk)
    goal.targets.exclude(pk__in=kept).delete()
    goal.persona_answers.all().delete()
    GoalPersona.objects.bulk_create(
        GoalPersona(brand_id=goal.brand_id, goal=goal, persona=persona, how_it_helps=text)
        for persona, text in answers.items()
        if text
    )


def _facts(goal: Goal, drafts: Sequence[TargetDraft], answers: Answers) -> dict[str, Any]:
    """What the history says of a goal: targets in words, the personas' answers by name."""
    return {
        "title": goal.title, "action": goal.action, "objective": str(goal.objective or ""),
        "network": goal.network_id or "", "owner": str(goal.owner or ""), "starts_on": goal.starts_on,
        "due_on": goal.due_on, "targets": [draft.words for draft in drafts],
        "baselines": [draft.baseline for draft in drafts],
        "personas": {persona.name: text for persona, text in answers.items() if text},
    }  # fmt: skip


def saved_facts(goal: Goal) -> dict[str, Any]:
    """The same of a goal as it is stored."""
    targets = goal.targets.select_related(*Target.PARTS)
    drafts = [draft_target(**target_facts(target)) for target in targets]
    rows = goal.persona_answers.select_related("persona").order_by("persona__name")
    return _facts(goal, drafts, {row.persona: row.how_it_helps for row in rows})


def target_facts(target: Target) -> TargetFacts:
    """A stored target as `edit_goal` takes it."""
    return {
        "id": target.pk, "metric": target.metric, "network": target.network, "account": target.account,
        "reach": target.reach, "branch": target.branch, "format": target.format,
        "content_kind": target.content_kind, "campaign": target.campaign,
        "aggregation": target.aggregation, "per": target.per,
        "comparison": target.comparison, "value": target.value, "value_to": target.value_to,
        "baseline": target.baseline,
    }  # fmt: skip
