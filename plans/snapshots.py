"""The plan as plain data, all six steps: what a revision keeps; and that data as sections to be read and compared."""

from collections.abc import Mapping
from typing import Any

from core.sections import Section
from plans.branches import above_plan
from plans.models import Plan, PlanSection
from plans.steps import all_steps

FORM = 1  # of the data: raised when its shape changes


def snapshot(plan: Plan) -> dict[str, Any]:
    """What the plan says now, by each step's short name: what people wrote, what is known. No private notes."""
    written = texts(plan)
    return {
        "form": FORM, "title": plan.title, "starts_on": plan.starts_on.isoformat(), "ends_on": plan.ends_on.isoformat(),
        "steps": {
            step.slug: {"text": written.get(step.number, ""), "data": step.summary(plan)} for step in all_steps()
        },
    }  # fmt: skip


def texts(plan: Plan) -> dict[int, str]:
    """What people wrote about each step; where a branch wrote nothing, what the brand above says."""
    above = above_plan(plan.brand, plan.starts_on, plan.ends_on)
    rows = PlanSection.objects.filter(plan__in=[plan, *([above] if above else [])]).exclude(text="")
    return {row.number: row.text for row in sorted(rows, key=lambda row: row.plan_id == plan.pk)}


def sections(content: Mapping[str, Any]) -> list[Section]:
    """A snapshot in the reader's language, step by step."""
    kept = content["steps"]
    return [
        Section(
            number=step.number, slug=step.slug, title=str(step.title), text=kept[step.slug]["text"],
            groups=step.words(kept[step.slug]["data"]),
        )
        for step in all_steps()
        if step.slug in kept
    ]  # fmt: skip
