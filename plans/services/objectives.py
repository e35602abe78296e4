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

SHARED = ("title", "description", "horizon_on")  # what a branch that follows says too; each brand has its own owner


class ObjectiveFacts(TypedDict):
    title: str
    description: str
    owner: User | None
    horizon_on: date | None


@transaction.atomic
def create_objective(*, brand: Brand, by: User, now: datetime, **facts: Unpack[ObjectiveFacts]) -> BusinessObjective:
    """Write down what the company wants. Raises PlanError when the brand already says so."""
    require(by, Permission.WRITE_PLAN, brand)
    return _create(BusinessObjective(brand=locked(brand), created_at=now, **facts), by)


@transaction.atomic
def inherit_objective(*, original: BusinessObjective, brand: Brand, by: User, now: datetime) -> BusinessObjective:
    """Take over an objective of the brand above: it follows the original until it is changed here.

    Raises PlanError when it is not one of the brand above, or when this brand already says so.
    """
    require(by, Permission.WRITE_PLAN, brand)
    brand = locked(brand)
    original = BusinessObjective.objects.get(pk=original.pk)
    if original.brand_id != brand.parent_id:
        raise PlanError(_("That objective is not one of the brand above."))
    if brand.business_objectives.filter(inherited_from=original).exists():
        raise PlanError(_("This brand has taken it over already."))
    shared = {name: getattr(original, name) for name in SHARED}
    return _create(BusinessObjective(brand=brand, created_at=now, inherited_from=original, **shared), by)


@transaction.atomic
def edit_objective(
    *, objective: BusinessObjective, by: User, now: datetime, version: int | None, **facts: Unpack[ObjectiveFacts]
) -> BusinessObjective:
    """Change an objective, and those of branches that follow it. One that was taken over becomes the brand's own.

    Raises PlanError, and StaleError when somebody else was faster.
    """
    require(by, Permission.WRITE_PLAN, objective.brand)
    objective = _locked(objective)
    objective.require_version(version)
    if objective.follows and any(getattr(objective, name) != facts[name] for name in SHARED):  # type: ignore[literal-required]
        objective.overridden_at = now
    return _change(objective, dict(facts), by)


@transaction.atomic
def follow_objective(*, objective: BusinessObjective, by: User) -> BusinessObjective:
    """Let an objective that was changed here say again what the original says. Raises PlanError."""
    require(by, Permission.WRITE_PLAN, objective.brand)
    objective = _locked(objective)
    if objective.inherited_from is None:
        raise PlanError(_("This objective was not taken over."))
    objective.overridden_at = None
    return _change(objective, {name: getattr(objective.inherited_from, name) for name in SHARED}, by)


@transaction.atomic
def delete_objective(*, objective: BusinessObjective, by: User) -> None:
    """Delete an objective that no goal supports any more. Raises PlanError while one does.

    Branches that took it over keep it.
    """
    require(by, Permission.WRITE_PLAN, objective.brand)
    objective = BusinessObjective.objects.select_for_update(of=("self",)).get(pk=objective.pk)
    if objective.goals.exists():
        raise PlanError(_("Goals support this objective. Give them another one first."))
    record(by=by, verb="plans.objective_deleted", target=objective, brand=objective.brand, before=_facts(objective))
    objective.delete()


def _locked(objective: BusinessObjective) -> BusinessObjective:
    """Brands are locked before what is in them, the one above before its branches."""
    brand = locked(objective.brand)
    rows = BusinessObjective.objects.select_related("owner", "inherited_from").select_for_update(of=("self",))
    found = rows.get(pk=objective.pk)
    found.brand = brand
    return found


def _create(objective: BusinessObjective, by: User) -> BusinessObjective:
    objective.workspace_id = objective.brand.workspace_id
    _check(objective)
    objective.save()
    record(by=by, verb="plans.objective_created", target=objective, brand=objective.brand, after=_facts(objective))
    return objective


def _change(objective: BusinessObjective, facts: dict[str, Any], by: User) -> BusinessObjective:
    before = _facts(objective)
    for name, value in facts.items():
        setattr(objective, name, value)
    _check(objective)
    old, new = changes(before, _facts(objective))
    if new:
        objective.version += 1
        objective.save(update_fields=["version", "overridden_at", *facts])
        record(by=by, verb="plans.objective_edited", target=objective, brand=objective.brand, before=old, after=new)
        _pass_on(objective, by)
    return objective


def _pass_on(objective: BusinessObjective, by: User) -> None:
    """Branches that follow say the same; one that already has an objective of that title keeps its own words."""
    for heir in objective.heirs.filter(overridden_at__isnull=True).select_related("brand").order_by("brand"):
        heir = _locked(heir)
        if not _namesakes(heir, objective.title):
            _change(heir, {name: getattr(objective, name) for name in SHARED}, by)


def _namesakes(objective: BusinessObjective, title: str) -> bool:
    return objective.brand.business_objectives.filter(title__iexact=title).exclude(pk=objective.pk).exists()


def _check(objective: BusinessObjective) -> None:
    if _namesakes(objective, objective.title):
        raise PlanError(_("This brand already has that business objective."), field="title")
    require_member(objective.owner, objective.brand)


def _facts(objective: BusinessObjective) -> dict[str, Any]:
    return {
        "title": objective.title, "description": objective.description, "owner": str(objective.owner or ""),
        "horizon_on": objective.horizon_on, "follows": objective.follows,
    }  # fmt: skip
