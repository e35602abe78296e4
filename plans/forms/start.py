"""What a new goal's form is filled with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from core.paging import asked_number
from networks.models import Network
from plans.drafts import of_target
from plans.forms.presets import preset
from plans.forms.targets import initial_rows, plain
from plans.models import Goal, Plan
from plans.queries import TargetLine, evaluation_of, target_lines
from plans.rules.raising import raised
from plans.rules.targets import Status
from plans.words import quantity
from teams.models import Brand, User

# What a target of another brand cannot lend to one of this brand; its number stays as a proposal.
OWN_ONLY = {"id": None, "baseline": None, "reach": "brand", "content_kind": "", "campaign": ""}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Start:
    """`words` say what was moved on and raised."""

    initial: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]] = field(default=())
    words: Sequence[str] = field(default=())


def start_of(brand: Brand, plan: Plan, owner: User, asked: Mapping[str, str], today: date) -> Start:
    """`asked` is the query of the address: `after` names the goal to follow, `preset` one of the presets."""
    dates = {"starts_on": max(plan.starts_on, min(today, plan.ends_on)), "due_on": plan.ends_on, "owner": owner.pk}
    if after := asked_number(asked.get("after", "")):
        goals = Goal.objects.for_brand(brand).with_all().select_related("progress")
        return _after(get_object_or_404(goals, pk=after), plan, today)
    if above := asked_number(asked.get("from", "")):
        rows = Goal.objects.filter(brand__branches=brand).with_all()
        return _from_above(get_object_or_404(rows, pk=above), brand, dates)
    chosen = preset(asked.get("preset", ""))
    if chosen is None:
        return Start(dates)
    initial = {**dates, **chosen.initial()}
    if not Network.objects.filter(pk=chosen.network).exists():
        initial.pop("network")
    return Start(initial, chosen.targets)


def _after(goal: Goal, plan: Plan, today: date) -> Start:
    """The same goal again, for as long, from the day after it was due; what was reached is raised."""
    starts_on = max(goal.due_on + DAY, plan.starts_on, min(today, plan.ends_on))
    answers = {f"persona-{answer.persona_id}": answer.how_it_helps for answer in goal.persona_answers.all()}
    initial = {
        "after": goal.pk, "title": goal.title, "action": goal.action, "objective": goal.objective_id,
        "network": goal.network_id, "owner": goal.owner_id, "starts_on": starts_on,
        "due_on": min(starts_on + (goal.due_on - goal.starts_on), max(plan.ends_on, starts_on + DAY)),
        **answers,
    }  # fmt: skip
    lines = target_lines(goal, evaluation_of(goal))
    stored = initial_rows([line.target for line in lines], goal.network)
    rows = [{**row, "id": None, "baseline": None, **_higher(line)} for line, row in zip(lines, stored, strict=True)]
    return Start(initial, rows, list(_said(lines, plan, starts_on)))


def _higher(line: TargetLine) -> dict[str, Any]:
    number = _raised(line)
    return {} if number is None else {"value": plain(number)}


def _raised(line: TargetLine) -> Any:
    """What a target that was met asks next; None where its number stays."""
    is_met = line.result is not None and line.result.status is Status.ACHIEVED
    return raised(of_target(line.target), line.result.actual) if line.result and is_met else None


def _said(lines: Sequence[TargetLine], plan: Plan, starts_on: date) -> Iterator[str]:
    """What the form was filled with, in words."""
    yield _("Filled in from the goal before, for as long again; change what you like.")
    for line in lines:
        number, unit = _raised(line), of_target(line.target).measure
        if number is not None and line.result is not None:
            words = {"target": line.words, "number": quantity(number, unit), "reached": _reached(line, unit)}
            yield _("“%(target)s” was met, with %(reached)s: raised to %(number)s.") % words
    if any(line.result is not None and _raised(line) is None for line in lines):
        yield _("What was not met, and upper limits, stay as they were.")
    if starts_on >= plan.ends_on:
        yield _("The plan “%(plan)s” ends before that: open the next plan, or choose other dates.") % {
            "plan": plan.title
        }


def _reached(line: TargetLine, unit: str) -> str:
    return quantity(line.result.actual if line.result else None, unit)


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
