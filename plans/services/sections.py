"""What the team writes about each of the six steps."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from activity.services import changes, record
from core.errors import StaleError
from plans.models import Plan, PlanSection
from plans.services.places import locked
from plans.steps import all_steps
from teams.access import require
from teams.models import User
from teams.rules import Permission


@transaction.atomic
def edit_section(
    *, plan: Plan, number: int, text: str, private_note: str, by: User, version: int, now: datetime
) -> PlanSection:
    """Write what the plan says about a step, and the team's own note. Raises StaleError when somebody else was faster:
    `version` is the one that was seen, 0 when nothing was written yet."""
    require(by, Permission.WRITE_PLAN, plan.brand)
    brand = locked(plan.brand)
    section = PlanSection.objects.filter(plan=plan, number=number).first()
    section = section or PlanSection(brand=brand, plan=plan, number=number, version=0)
    if section.version != version:
        raise StaleError(_("Somebody else changed this while you were editing. Compare, then save again."))
    before = {"text": section.text, "private_note": section.private_note}
    section.text, section.private_note = text, private_note
    old, new = changes(before, {"text": text, "private_note": private_note})
    if new:
        section.version += 1
        section.edited_by, section.edited_at = by, now
        section.save()
        title = next(str(step.title) for step in all_steps() if step.number == number)
        record(
            by=by, verb="plans.section_edited", target=section, part_of=plan, brand=brand, label=title,
            before=old, after=new,
        )  # fmt: skip
    return section
