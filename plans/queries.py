"""Reads that pages and the rooms above need."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.checklist import Checklist
from plans import drafts, steps
from plans.models import Goal, GoalPersona, Plan, Target
from plans.rules.facts import Aggregation, Comparison, Per, Reach
from plans.rules.periods import DAY, LONGEST
from plans.rules.results import Evaluation, TargetResult
from plans.rules.smart import Basis, GoalDraft, Verdict, check, lacking
from plans.rules.targets import Observed, Spec
from teams.models import Brand

ENOUGH_GOALS = 3  # "note at least three goals", says the method, before a plan counts as ready


# -- for the rooms above ----------------------------------------------------------------------------------------------


def spec(target: Target) -> Spec:
    """A target as the rules read it. Needs `target.metric`."""
    network = None if target.account_id else target.network_id
    return Spec(
        id=target.pk, metric=target.metric_id, aggregation=Aggregation(target.aggregation), per=Per(target.per),
        comparison=Comparison(target.comparison), value=target.value, value_to=target.value_to, network=network,
        account_id=target.account_id, reach=Reach(target.reach), branch_id=target.branch_id, format=target.format,
        content_kind_id=target.content_kind_id, campaign_id=target.campaign_id, baseline=target.baseline,
        is_additive=target.metric.unit in drafts.ADDITIVE_UNITS, is_of_brand=target.metric.subject == drafts.OF_BRAND,
    )  # fmt: skip


def goal_specs(goal: Goal) -> list[Spec]:
    """The targets of a goal as the rules read them, in order. No query when they were fetched by `with_all`."""
    is_fetched = "targets" in getattr(goal, "_prefetched_objects_cache", {})
    targets = goal.targets.all()
    return [spec(target) for target in (targets if is_fetched else targets.select_related("metric"))]


# -- the plan and its goals -----------------------------------------------------------------------------------------


def current_plan(brand: Brand, today: date) -> Plan | None:
    """The plan that runs today, else the next, else the last; with its goals and all that its checklist asks for.

    Three queries, however many goals there are.
    """
    plan = Plan.objects.for_brand(brand).nearest(today).first()
    return None if plan is None else with_goals(plan, brand)


def with_goals(plan: Plan, brand: Brand) -> Plan:
    """Fetches the goals of a plan, those that need attention first, unless that was done."""
    plan.brand = brand
    goals = Goal.objects.by_attention().with_all()
    prefetch_related_objects([plan], Prefetch("goals", queryset=goals))
    return plan


@dataclass(frozen=True)
class GoalLine:
    """A goal in a list: its targets in sentences, and whether all five letters are met."""

    goal: Goal
    draft: GoalDraft

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        return check(self.draft)

    @property
    def is_complete(self) -> bool:
        return all(verdict.is_met for verdict in self.verdicts)

    @property
    def lacking(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if not verdict.is_met]

    @property
    def sentences(self) -> list[str]:
        return [target.words for target in self.draft.targets]


def goal_lines(plan: Plan) -> list[GoalLine]:
    """The goals of a plan fetched by `with_goals`, in its order. No query."""
    return [line(goal, plan) for goal in plan.goals.all()]


def line(goal: Goal, plan: Plan) -> GoalLine:
    """A goal fetched by `with_all`."""
    answers: int = getattr(goal, "answers_count", 0)
    return GoalLine(goal, drafts.of_goal(goal, plan, answered=[""] * answers))


# -- the six steps --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepState:
    """A step of a plan: what it is for, how complete it is and what it still lacks."""

    step: steps.Step
    url: str
    checklist: Checklist

    @property
    def number(self) -> int:
        return self.step.number

    @property
    def title(self) -> str | Promise:
        return self.step.title

    @property
    def share(self) -> float:
        return self.checklist.share

    @property
    def first_missing(self) -> str | Promise:
        missing = self.checklist.missing
        return missing[0].label if missing else ""


def next_step(states: Sequence[StepState]) -> StepState | None:
    """The first step that is not complete."""
    return next((state for state in states if not state.checklist.is_complete), None)


# -- one goal -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TargetLine:
    """A target in words, and how far it has come; no result while it was not evaluated since it was written."""

    target: Target
    words: str
    result: TargetResult | None


def target_lines(goal: Goal, evaluation: Evaluation | None) -> list[TargetLine]:
    return [
        TargetLine(target, drafts.of_target(target).words, evaluation.of(target.pk) if evaluation else None)
        for target in goal.targets.all()
    ]


def evaluation_of(goal: Goal) -> Evaluation | None:
    """What the figures said last; needs `progress`."""
    progress = getattr(goal, "progress", None)
    return Evaluation.from_json(progress.result) if progress else None


def full_draft(goal: Goal, answers: Iterable[GoalPersona]) -> GoalDraft:
    """A saved goal with everything the SMART test can know: availability and the pace of the time before."""
    plain = drafts.of_goal(goal, goal.plan, answered=[answer.persona.name for answer in answers])
    return enriched(plain, goal.plan.brand)


def enriched(draft: GoalDraft, brand: Brand) -> GoalDraft:
    """The same draft; its targets know what the network never gives and what was reached before."""
    targets = drafts.with_availability(draft.targets)
    if draft.starts_on is None or draft.due_on is None or not DAY <= draft.due_on - draft.starts_on <= LONGEST:
        return replace(draft, targets=targets)
    known = [(row, spec) for row, target in enumerate(targets) if (spec := drafts.spec_of(target, row)) is not None]
    seen = steps.observe(brand, [spec for _, spec in known], draft.starts_on, draft.due_on)
    for (row, _spec), found in zip(known, seen, strict=True):
        if targets[row].baseline is None and found is not None:
            targets[row] = replace(targets[row], observed=found.value, basis=_basis(found))
    return replace(draft, targets=targets)


def _basis(found: Observed) -> Basis:
    return Basis(
        starts_on=found.starts_on, ends_on=found.ends_on, counted=found.counted, lacking=found.lacking
    )  # fmt: skip


def not_ready(lines: Sequence[GoalLine]) -> str:
    """Why the plan does not count as ready; nothing when enough of its goals are complete."""
    complete = sum(line.is_complete for line in lines)
    if complete >= ENOUGH_GOALS:
        return ""
    return _("This plan is not ready: %(lacking)s.") % {"lacking": lacking(complete, ENOUGH_GOALS)}
