"""Where we steer: business objectives, the plan, its goals and their targets, and what content is about."""

from plans.models.checkins import CheckIn, Confidence
from plans.models.content import Campaign, ContentKind
from plans.models.goals import (
    ATTENTION,
    Aggregation,
    Comparison,
    Goal,
    GoalPersona,
    GoalProgress,
    GoalQuerySet,
    GoalStatus,
    Per,
    Reach,
    Target,
)
from plans.models.objectives import BusinessObjective
from plans.models.plan import Plan, PlanQuerySet, PlanSection

__all__ = [
    "ATTENTION", "Aggregation", "BusinessObjective", "Campaign", "CheckIn", "Comparison", "Confidence", "ContentKind",
    "Goal", "GoalPersona",
    "GoalProgress", "GoalQuerySet", "GoalStatus", "Per", "Plan", "PlanQuerySet",
    "PlanSection", "Reach", "Target",
]  # fmt: skip
