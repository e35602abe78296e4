"""What people (and figures) do to a plan."""

from plans.services.asking import ask_owners
from plans.services.calls import call_for_revision, dismiss_call, raise_calls, take_up
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
from plans.services.pdfs import ask_pdf, make_pdfs, retry_pdf
from plans.services.plan import PlanFacts, create_plan, edit_plan
from plans.services.progress import Judgment, record_evaluations
from plans.services.publishing import PublishError, publish_plan
from plans.services.reading import acknowledge
from plans.services.restoring import Restored, restore_revision, try_restoring
from plans.services.sections import edit_section
from plans.services.shares import find_share, note_view, revoke_share, share_plan

__all__ = [
    "GoalError", "GoalFacts", "Judgment", "ObjectiveFacts", "PlanError", "PlanFacts", "PublishError", "Restored",
    "TargetFacts", "acknowledge", "ask_owners", "ask_pdf", "call_for_revision", "create_goal", "create_objective",
    "create_plan", "delete_check_in", "delete_goal", "delete_objective", "dismiss_call", "edit_check_in", "edit_goal",
    "edit_objective", "edit_plan", "edit_section", "find_share", "follow_objective", "inherit_objective", "is_open",
    "make_pdfs", "may_check_in", "note_view", "publish_plan", "raise_calls", "recheck_goals", "record_evaluations",
    "restore_revision", "retry_pdf", "revoke_share", "share_plan", "take_up", "try_restoring", "write_check_in",
]  # fmt: skip
