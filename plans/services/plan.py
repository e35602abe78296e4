"""The plan of a brand for a period."""

from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activity.services import changes, record
from plans.models import Plan
from plans.rules.periods import LONGEST
from plans.services.errors import PlanError
from plans.services.places import locked
from teams.access import require
from teams.models import Brand, User
from teams.rules import Permission

FACTS = ("title", "starts_on", "ends_on")


class PlanFacts(TypedDict):
    title: str
    starts_on: date
    ends_on: date


@transaction.atomic
def create_plan(*, brand: Brand, by: User, now: datetime, **facts: Unpack[PlanFacts]) -> Plan:
    """Open a plan for a period. Raises PlanError when it overlaps another plan of the brand."""
    require(by, Permission.WRITE_PLAN, brand)
    plan = Plan(brand=locked(brand), created_at=now, **facts)
    _check(plan)
    plan.save()
    record(by=by, verb="plans.plan_created", target=plan, brand=brand, after=_facts(plan))
    return plan


@transaction.atomic
def edit_plan(*, plan: Plan, by: User, version: int | None, **facts: Unpack[PlanFacts]) -> Plan:
    """Change title or period. Raises PlanError when a goal would lie outside it, or StaleError."""
    require(by, Permission.WRITE_PLAN, plan.brand)
    brand = locked(plan.brand)
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    plan.brand = brand
    plan.require_version(version)
    before = _facts(plan)
    for name, value in facts.items():
        setattr(plan, name, value)
    _check(plan)
    _check_goals(plan)
    old, new = changes(before, _facts(plan))
    if new:
        plan.version += 1
        plan.save(update_fields=["version", *facts])
        record(by=by, verb="plans.plan_edited", target=plan, brand=brand, before=old, after=new)
    return plan


def _check(plan: Plan) -> None:
    if plan.ends_on <= plan.starts_on:
        raise PlanError(_("A plan must end after the day it starts."), field="ends_on")
    if plan.ends_on - plan.starts_on > LONGEST:
        raise PlanError(_("A plan is for five years at most."), field="ends_on")
    others = plan.brand.plans.exclude(pk=plan.pk)
    other = others.filter(starts_on__lte=plan.ends_on, ends_on__gte=plan.starts_on).first()
    if other is not None:
        words = {"title": other.title, "start": date_format(other.starts_on), "end": date_format(other.ends_on)}
        raise PlanError(_("This overlaps the plan “%(title)s” (%(start)s to %(end)s).") % words, field="starts_on")


def _check_goals(plan: Plan) -> None:
    early = plan.goals.filter(starts_on__lt=plan.starts_on).first()
    if early is not None:
        raise PlanError(_("The goal “%(goal)s” starts before that.") % {"goal": early.title}, field="starts_on")
    late = plan.goals.filter(due_on__gt=plan.ends_on).first()
    if late is not None:
        raise PlanError(_("The goal “%(goal)s” is due after that.") % {"goal": late.title}, field="ends_on")


def _facts(plan: Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in FACTS}
