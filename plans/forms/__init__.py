"""The forms of the plan, its objectives and its goals."""

from plans.forms.checkins import CheckInForm
from plans.forms.goals import GoalForm
from plans.forms.objectives import ObjectiveForm
from plans.forms.plan import PlanForm

__all__ = ["CheckInForm", "GoalForm", "ObjectiveForm", "PlanForm"]
