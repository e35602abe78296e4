"""What people (and figures) do to a plan."""

from plans.services.calls import call_for_revision, dismiss_call, raise_calls, take_up
from plans.services.errors import GoalError, PlanError
from plans.services.goals import GoalFacts, TargetFacts, create_goal, delete_goal, edit_goal
from plans.services.objectives import ObjectiveFacts, create_objective, delete_objective, edit_objective
from plans.services.plan import PlanFacts, create_plan, edit_plan
from plans.services.progress import record_evaluation
from plans.services.publishing import PublishError, acknowledge, publish_plan
from plans.services.restoring import Restored, restore_revision, try_restoring
from plans.services.sections import edit_section

__all__ = [
    "GoalError",
    "GoalFacts",
    "ObjectiveFacts",
    "PlanError",
    "PlanFacts",
    "PublishError",
    "Restored",
    "TargetFacts",
    "acknowledge",
    "call_for_revision",
    "create_goal",
    "create_objective",
    "create_plan",
    "delete_goal",
    "delete_objective",
    "dismiss_call",
    "edit_goal",
    "edit_objective",
    "edit_plan",
    "edit_section",
    "publish_plan",
    "raise_calls",
    "record_evaluation",
    "restore_revision",
    "take_up",
    "try_restoring",
]  # fmt: skip
