"""Business objectives: what the company wants."""

from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from activity.services import changes, record
from plans.models import BusinessObjective
from plans.services.errors import PlanError
from plans.services.places import locked, require_member
from teams.access import require
from teams.models import Brand, User
from teams.rules import Permission


class ObjectiveFacts(TypedDict):
    title: str
    description: str
    owner: User | None
    horizon_on: date | None


@transaction.atomic
def create_objective(*, brand: Brand, by: User, now: datetime, **facts: Unpack[ObjectiveFacts]) -> BusinessObjective:
    """Write down what the company wants. Raises PlanError when the brand already says so."""
    require(by, Permission.WRITE_PLAN, brand)
    objective = BusinessObjective(brand=locked(brand), created_at=now, **facts)
    _check(objective)
    objective.save()
    record(by=by, verb="plans.objective_created", target=objective, brand=brand, after=_facts(objective))
    return objective


@transaction.atomic
def edit_objective(
    *, objective: BusinessObjective, by: User, version: int | None, **facts: Unpack[ObjectiveFacts]
) -> BusinessObjective:
    """Change an objective. Raises PlanError, and StaleError when somebody else was faster."""
    require(by, Permission.WRITE_PLAN, objective.brand)
    brand = locked(objective.brand)
    objective = BusinessObjective.objects.select_for_update(of=("self",)).select_related("owner").get(pk=objective.pk)
    objective.brand = brand
    objective.require_version(version)
    before = _facts(objective)
    for name, value in facts.items():
        setattr(objective, name, value)
    _check(objective)
    old, new = changes(before, _facts(objective))
    if new:
        objective.version += 1
        objective.save(update_fields=["version", *facts])
        record(by=by, verb="plans.objective_edited", target=objective, brand=brand, before=old, after=new)
    return objective


@transaction.atomic
def delete_objective(*, objective: BusinessObjective, by: User) -> None:
    """Delete an objective that no goal supports any more. Raises PlanError while one does."""
    require(by, Permission.WRITE_PLAN, objective.brand)
    objective = BusinessObjective.objects.select_for_update(of=("self",)).get(pk=objective.pk)
    if objective.goals.exists():
        raise PlanError(_("Goals support this objective. Give them another one first."))
    record(by=by, verb="plans.objective_deleted", target=objective, brand=objective.brand, before=_facts(objective))
    objective.delete()


def _check(objective: BusinessObjective) -> None:
    others = objective.brand.business_objectives.filter(title__iexact=objective.title).exclude(pk=objective.pk)
    if others.exists():
        raise PlanError(_("This brand already has that business objective."), field="title")
    require_member(objective.owner, objective.brand)


def _facts(objective: BusinessObjective) -> dict[str, Any]:
    return {
        "title": objective.title,
        "description": objective.description,
        "owner": str(objective.owner or ""),
        "horizon_on": objective.horizon_on,
    }
