"""Where we steer: business objectives, the plan, its goals and their targets, and what content is about."""

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
from plans.models.revisions import (
    Acknowledgement,
    CallKind,
    CallState,
    CallWatch,
    PlanRevision,
    PlanRevisionQuerySet,
    RevisionCall,
    RevisionCallQuerySet,
)

__all__ = [
    "ATTENTION",
    "Acknowledgement",
    "Aggregation",
    "BusinessObjective",
    "CallKind",
    "CallState",
    "CallWatch",
    "Campaign",
    "Comparison",
    "ContentKind",
    "Goal",
    "GoalPersona",
    "GoalProgress",
    "GoalQuerySet",
    "GoalStatus",
    "Per",
    "Plan",
    "PlanQuerySet",
    "PlanRevision",
    "PlanRevisionQuerySet",
    "PlanSection",
    "Reach",
    "RevisionCall",
    "RevisionCallQuerySet",
    "Target",
]  # fmt: skip
