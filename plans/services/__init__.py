"""What people (and figures) do to a plan."""

from plans.services.asking import ask_owners
from plans.services.checkins import delete_check_in, edit_check_in, is_open, may_check_in, write_check_in
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
    "GoalError", "GoalFacts", "Judgment", "ObjectiveFacts", "PlanError", "PlanFacts", "TargetFacts", "ask_owners",
    "create_goal", "create_objective", "create_plan", "delete_check_in", "delete_goal", "delete_objective",
    "edit_check_in", "edit_goal", "edit_objective", "edit_plan", "follow_objective", "inherit_objective", "is_open",
    "may_check_in", "recheck_goals", "record_evaluation", "record_evaluations", "write_check_in",
]  # fmt: skip
