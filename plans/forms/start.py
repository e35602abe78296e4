"""What a new goal's form is filled with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.shortcuts import get_object_or_404

from networks.models import Network
from plans.forms.presets import preset
from plans.forms.targets import initial_rows
from plans.models import Goal, Plan
from teams.models import Brand, User


@dataclass(frozen=True)
class Start:
    initial: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]] = field(default=())


def start_of(brand: Brand, plan: Plan, owner: User, asked: Mapping[str, str], today: date) -> Start:
    """`asked` is the query of the address: `after` names the goal to follow, `preset` one of the presets."""
    dates = {"starts_on": max(plan.starts_on, min(today, plan.ends_on)), "due_on": plan.ends_on, "owner": owner.pk}
    if asked.get("after", "").isdecimal():
        return _after(get_object_or_404(Goal.objects.for_brand(brand).with_all(), pk=asked["after"]), plan)
    chosen = preset(asked.get("preset", ""))
    if chosen is None:
        return Start(dates)
    initial = {**dates, **chosen.initial()}
    if not Network.objects.filter(pk=chosen.network).exists():
        initial.pop("network")
    return Start(initial, chosen.targets)


def _after(goal: Goal, plan: Plan) -> Start:
    """The same goal again, for as long, from the day after it was due."""
    starts_on = goal.due_on + timedelta(days=1)
    answers = {f"persona-{answer.persona_id}": answer.how_it_helps for answer in goal.persona_answers.all()}
    initial = {
        "after": goal.pk, "title": goal.title, "action": goal.action, "objective": goal.objective_id,
        "network": goal.network_id, "owner": goal.owner_id, "starts_on": starts_on,
        "due_on": min(starts_on + (goal.due_on - goal.starts_on), max(plan.ends_on, starts_on + timedelta(days=1))),
        **answers,
    }  # fmt: skip
    rows = [{**row, "id": None} for row in initial_rows(list(goal.targets.all()), goal.network)]
    return Start(initial, rows)
