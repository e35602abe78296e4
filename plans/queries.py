"""Reads that pages and the rooms above need."""

from plans.models import Goal, Target
from plans.rules.targets import Aggregation, Comparison, Per, Spec

ADDITIVE_UNITS = ("count", "currency")


def spec(target: Target) -> Spec:
    """A target as the rules read it. Needs `target.metric`."""
    return Spec(
        id=target.pk,
        metric=target.metric_id,
        aggregation=Aggregation(target.aggregation),
        per=Per(target.per),
        comparison=Comparison(target.comparison),
        value=target.value,
        value_to=target.value_to,
        network=target.network_id,
        account_id=target.account_id,
        format=target.format,
        baseline=target.baseline,
        is_additive=target.metric.unit in ADDITIVE_UNITS,
    )


def goal_specs(goal: Goal) -> list[Spec]:
    """The targets of a goal as the rules read them, in order. Costs no query when `targets__metric` was prefetched."""
    prefetched = getattr(goal, "_prefetched_objects_cache", {})
    targets = goal.targets.all() if "targets" in prefetched else goal.targets.select_related("metric")
    return [spec(target) for target in targets]
