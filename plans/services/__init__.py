"""What people (and figures) do to a plan."""

from plans.services.errors import GoalError, PlanError
from plans.services.goals import GoalFacts, TargetFacts, create_goal, delete_goal, edit_goal, recheck_goals
from plans.services.objectives import (
    ObjectiveFacts,
    create_objective,
    delete_objective,
    edit_objective,
    follow_objective,
    inherit_objective,
)
from plans.services.plan import PlanFacts, create_plan, edit_plan
from plans.services.progress import Judgment, record_evaluation, record_evaluations

__all__ = [
    "GoalError", "GoalFacts", "Judgment", "ObjectiveFacts", "PlanError", "PlanFacts", "TargetFacts", "create_goal",
    "create_objective", "create_plan", "delete_goal", "delete_objective", "edit_goal", "edit_objective", "edit_plan",
    "follow_objective", "inherit_objective", "recheck_goals", "record_evaluation", "record_evaluations",
]  # fmt: skip
