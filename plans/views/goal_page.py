"""What the page of one goal shows: its progress, what is ahead, check-ins, and its place among the others."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from plans.chains import chain_of
from plans.charts import result_cards
from plans.checkins import check_in_lines
from plans.forms import CheckInForm
from plans.models import Goal
from plans.queries import evaluation_of, full_draft
from plans.rules.results import Evaluation
from plans.rules.smart import check
from plans.views.common import may_write
from teams.access import BrandRequest, visible_brands
from teams.models import Brand

PAGE = "plans/goal_detail.html"


def fetch(request: BrandRequest, pk: int) -> Goal:
    goals = Goal.objects.for_brand(request.brand).with_all().select_related("plan", "progress", "predecessor")
    goal: Goal = get_object_or_404(goals.select_related("network", "owner", "objective"), pk=pk)
    goal.brand = goal.plan.brand = request.brand
    return goal


def context_of(request: BrandRequest, goal: Goal, form: CheckInForm | None = None) -> dict[str, Any]:
    """All parts. Its number of queries does not depend on how much there is to show."""
    answers = goal.persona_answers.select_related("persona").order_by("persona__name")
    chain = chain_of(goal)
    is_over = goal.is_settled or goal.due_on < timezone.localdate()
    is_followed = any(link.goal.predecessor_id == goal.pk for link in chain)
    evaluation = evaluation_of(goal)
    return {
        "goal": goal, "answers": answers, "verdicts": check(full_draft(goal, answers)),
        "cards": result_cards(goal, evaluation, _branches(request, evaluation)),
        "progress": getattr(goal, "progress", None),
        "chain": chain, "asks_for_next": is_over and not is_followed, "may_write": may_write(request),
        "check_ins": check_in_lines(goal, request.user, timezone.now(), is_manager=may_write(request)),
        "check_in_form": (form or CheckInForm()) if may_check_in(request, goal) else None,
    }  # fmt: skip


def _branches(request: BrandRequest, evaluation: Evaluation | None) -> dict[int, Brand]:
    """Other brands that published what is named, of those that the person may open. A query where there are any."""
    named = {pk for target in evaluation.targets for pk in target.brands} if evaluation else set()
    others = named - {request.brand.pk}
    return visible_brands(request.membership).in_bulk(others) if others else {}


def may_check_in(request: BrandRequest, goal: Goal) -> bool:
    return goal.owner_id == request.user.pk or may_write(request)
