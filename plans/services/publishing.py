"""The plan is published."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from activity.messages import cancel_messages
from activity.services import record
from core.errors import StaleError
from plans.changes import difference
from plans.models import CallWatch, Plan, PlanRevision
from plans.revisions import contradicting, last_published
from plans.services.errors import PlanError
from plans.services.places import locked
from plans.services.reading import ask_everybody
from plans.snapshots import snapshot
from teams.access import require
from teams.models import User
from teams.rules import Permission


class PublishError(PlanError):
    """A plan cannot be published like this; `problems` are what stands in the way, each in words."""

    def __init__(self, message: str, *, field: str | None = None, problems: Sequence[str] = ()) -> None:
        super().__init__(message, field=field)
        self.problems = tuple(problems)


@transaction.atomic
def publish_plan(*, plan: Plan, what_changed: str, why: str, seen: int, by: User, now: datetime) -> PlanRevision:
    """Freeze what the plan says as its next revision, and tell everybody who may open the brand.

    `seen` is the number of the revision that was the last one when the person looked, 0 for none. Raises StaleError
    when somebody else published since, and PublishError while goals contradict each other or nothing has changed.
    """
    require(by, Permission.PUBLISH_PLAN, plan.brand)
    brand = locked(plan.brand)
    plan = Plan.objects.get(pk=plan.pk)
    plan.brand = brand
    last, content = last_published(plan), snapshot(plan)
    _check(plan, last, content, seen, why)
    revision = PlanRevision.objects.create(
        brand=brand, plan=plan, number=seen + 1, content=content, what_changed=what_changed, why=why, published_by=by,
        published_at=now, created_at=now,
    )  # fmt: skip
    CallWatch.objects.get_or_create(plan=plan, defaults={"brand": brand, "looked_until": now})
    if last is not None:
        cancel_messages(about=last)
    record(
        by=by, verb="plans.plan_published", target=revision, part_of=plan, brand=brand, label=plan.title,
        after={"number": revision.number, "what_changed": what_changed, "why": why},
    )  # fmt: skip
    ask_everybody(revision, by, now)
    return revision


def _check(plan: Plan, last: PlanRevision | None, content: Any, seen: int, why: str) -> None:
    if (last.number if last else 0) != seen:
        words = _("Somebody else published revision %(number)d in the meantime. Look at what is left to publish.")
        raise StaleError(words % {"number": last.number if last else 0})
    if last is not None and difference(last.content, content).is_empty:
        raise PublishError(_("Nothing changed since revision %(number)d.") % {"number": last.number})
    if last is not None and not why:
        raise PublishError(_("Say why the plan changed."), field="why")
    if found := contradicting(plan):
        raise PublishError(
            _("Goals of this plan contradict each other. Change one of each pair first."), problems=found
        )
