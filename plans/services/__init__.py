"""What people (and figures) do to a plan."""

from plans.services.errors import GoalError, PlanError
from plans.services.goals import GoalFacts, TargetFacts, create_goal, delete_goal, edit_goal
from plans.services.objectives import ObjectiveFacts, create_objective, delete_objective, edit_objective
from plans.services.pdfs import ask_pdf, make_pdfs, retry_pdf
from plans.services.plan import PlanFacts, create_plan, edit_plan
from plans.services.progress import record_evaluation
from plans.services.shares import find_share, note_view, revoke_share, share_plan

__all__ = [
    "GoalError",
    "GoalFacts",
    "ObjectiveFacts",
    "PlanError",
    "PlanFacts",
    "TargetFacts",
    "ask_pdf",
    "create_goal",
    "create_objective",
    "create_plan",
    "delete_goal",
    "delete_objective",
    "edit_goal",
    "edit_objective",
    "edit_plan",
    "find_share",
    "make_pdfs",
    "note_view",
    "record_evaluation",
    "retry_pdf",
    "revoke_share",
    "share_plan",
]  # fmt: skip
