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

# What a target of another brand cannot lend to one of this brand; its number stays as a proposal.
OWN_ONLY = {"id": None, "baseline": None, "reach": "brand", "branch": "", "content_kind": "", "campaign": ""}


@dataclass(frozen=True)
class Start:
    initial: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]] = field(default=())


def start_of(brand: Brand, plan: Plan, owner: User, asked: Mapping[str, str], today: date) -> Start:
    """`asked` is the query of the address: `after` names the goal to follow, `preset` one of the presets."""
    dates = {"starts_on": max(plan.starts_on, min(today, plan.ends_on)), "due_on": plan.ends_on, "owner": owner.pk}
    if asked.get("after", "").isdecimal():
        return _after(get_object_or_404(Goal.objects.for_brand(brand).with_all(), pk=asked["after"]), plan)
    if asked.get("from", "").isdecimal():
        above = Goal.objects.filter(brand__branches=brand).with_all()
        return _from_above(get_object_or_404(above, pk=asked["from"]), brand, dates)
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


def _from_above(goal: Goal, brand: Brand, dates: Mapping[str, Any]) -> Start:
    """A goal of the brand above, to be set here: what was taken over of its objective and personas is named, and what
    is the other brand's own (its accounts, content types and campaigns) is left out."""
    objectives = brand.business_objectives.filter(inherited_from__isnull=False)
    objective = objectives.filter(inherited_from=goal.objective).first() if goal.objective else None
    heirs = {heir.inherited_from_id: heir.pk for heir in brand.personas.filter(inherited_from__isnull=False)}
    answers = {
        f"persona-{heirs[answer.persona_id]}": answer.how_it_helps
        for answer in goal.persona_answers.all()
        if answer.persona_id in heirs
    }
    initial = {
        **dates, "above": goal.pk, "title": goal.title, "action": goal.action, "network": goal.network_id,
        "objective": objective.pk if objective else None, **answers,
    }  # fmt: skip
    targets = list(goal.targets.all())
    places = [f"network:{target.network_id}" if target.network_id and not goal.network_id else "" for target in targets]
    rows = initial_rows(targets, goal.network)
    return Start(initial, [{**row, **OWN_ONLY, "place": place} for row, place in zip(rows, places, strict=True)])
