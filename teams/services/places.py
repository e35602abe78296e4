"""Workspaces and brands."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from activity.services import changes, record
from core.errors import Refusal
from core.models import same_words
from teams.access import require
from teams.models import Brand, Membership, User, Workspace
from teams.rules import Permission, Role, numbered, slug_of


class BrandError(Refusal):
    """A brand cannot be as asked."""


@transaction.atomic
def create_workspace(
    *, name: str, brand_name: str, website: str = "", language: str, time_zone: str, by: User
) -> Brand:
    """A new workspace with its first brand; whoever makes it is its admin."""
    workspace = Workspace.objects.create(name=name, slug=_free_slug(name, "workspace", Workspace.objects.all()))
    Membership.objects.create(workspace=workspace, user=by, role=Role.ADMIN)
    record(by=by, verb="teams.workspace_created", target=workspace, workspace=workspace)
    return create_brand(
        workspace=workspace, name=brand_name, website=website, language=language, time_zone=time_zone, by=by
    )


@transaction.atomic
def edit_workspace(*, workspace: Workspace, name: str, by: User) -> Workspace:
    """A new name. The address stays: links that people kept go on working."""
    require(by, Permission.MANAGE_BRANDS, workspace)
    workspace = Workspace.objects.select_for_update().get(pk=workspace.pk)
    before, after = changes({"name": workspace.name}, {"name": name})
    if after:
        workspace.name = name
        workspace.save(update_fields=["name"])
        record(by=by, verb="teams.workspace_edited", target=workspace, workspace=workspace, before=before, after=after)
    return workspace


@transaction.atomic
def create_brand(
    *,
    workspace: Workspace,
    name: str,
    website: str = "",
    language: str,
    time_zone: str,
    first_weekday: int = 0,
    parent: Brand | None = None,
    by: User,
) -> Brand:
    """A brand of the workspace. Raises BrandError when there is one of that name, or the parent is of elsewhere."""
    require(by, Permission.MANAGE_BRANDS, workspace)
    Workspace.objects.select_for_update().get(pk=workspace.pk)  # one at a time: names and slugs stay unique
    fields = _checked(workspace, None, name=name, parent=parent)
    brand = Brand.objects.create(
        workspace=workspace,
        slug=_free_slug(name, "brand", Brand.objects.filter(workspace=workspace)),
        website=website,
        language=language,
        time_zone=time_zone,
        first_weekday=first_weekday,
        **fields,
    )
    record(by=by, verb="teams.brand_created", target=brand, brand=brand)
    return brand


@transaction.atomic
def edit_brand(*, brand: Brand, version: int | None = None, by: User, **values: Any) -> Brand:
    """Changes name, website, language, time_zone, first_weekday or parent; the address stays.

    Raises StaleError when somebody else saved it since `version`, BrandError as create_brand does, also when the
    parent is the brand itself or one of its own branches.
    """
    require(by, Permission.MANAGE_BRANDS, brand)
    Workspace.objects.select_for_update().get(pk=brand.workspace_id)
    brand = Brand.objects.select_for_update().get(pk=brand.pk)
    brand.require_version(version)
    name, parent = values.get("name", brand.name), values.get("parent", brand.parent)
    values |= _checked(brand.workspace, brand, name=name, parent=parent)
    before, after = changes({name: getattr(brand, name) for name in values}, values)
    if after:
        _save(brand, after)
        record(by=by, verb="teams.brand_edited", target=brand, brand=brand, before=before, after=after)
    return brand


def _save(brand: Brand, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(brand, name, value)
    brand.version += 1
    brand.save(update_fields=[*values, "version"])


def _checked(workspace: Workspace, brand: Brand | None, *, name: str, parent: Brand | None) -> dict[str, Any]:
    others = Brand.objects.filter(workspace=workspace).exclude(pk__in=[brand.pk] if brand else [])
    if others.filter(same_words("name", name)).exists():
        raise BrandError(_("This workspace already has a brand of that name."), field="name")
    if parent and not others.filter(pk=parent.pk).exists():
        raise BrandError(_("Choose another brand of this workspace."), field="parent")
    if parent and brand and brand in _line(parent):
        raise BrandError(_("That brand is a branch of this one."), field="parent")
    return {"name": name, "parent": parent}


def _line(brand: Brand) -> list[Brand]:
    """The brand, its parent, and so on up."""
    line = [brand]
    while (above := line[-1].parent) and above not in line:
        line.append(above)
    return line


def _free_slug(name: str, fallback: str, rows: QuerySet[Any]) -> str:
    """The name as it stands in addresses, with a number when another has it already."""
    slug = slug_of(name) or fallback
    taken = set(rows.filter(slug__startswith=slug).values_list("slug", flat=True))
    return numbered(slug, taken)
