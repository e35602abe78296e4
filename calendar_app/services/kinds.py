"""Verbs of a content type."""

from django.db import transaction
from django.utils.translation import gettext as _

from activity.services import changes, record
from calendar_app.errors import PostError
from calendar_app.services.aims import locked_brand, require_unaimed, require_unplanned
from core.models import same_words
from plans.models import ContentKind, Target
from teams.access import require
from teams.models import Brand, User
from teams.rules import Permission


@transaction.atomic
def create_content_kind(*, brand: Brand, name: str, color: int, by: User) -> ContentKind:
    """Add a content type to a brand. Raises PostError when it has one of that name."""
    require(by, Permission.WRITE_POST, brand)
    brand = locked_brand(brand)
    _require_free(brand, name, None)
    kind = ContentKind.objects.create(brand=brand, name=name, color=color)
    after = {"name": name, "color": color}
    record(by=by, verb="calendar.content_kind_created", target=kind, brand=brand, after=after)
    return kind


@transaction.atomic
def edit_content_kind(*, kind: ContentKind, name: str, color: int, by: User, version: int | None) -> ContentKind:
    """Rename a content type, or give it another color. Raises PostError for a name in use, StaleError when it was
    changed since `version`."""
    require(by, Permission.WRITE_POST, kind.brand)
    brand = locked_brand(kind.brand)
    locked = ContentKind.objects.select_for_update(of=("self",)).get(pk=kind.pk)
    locked.brand = brand
    locked.require_version(version)
    _require_free(locked.brand, name, locked.pk)
    old, new = changes({"name": locked.name, "color": locked.color}, {"name": name, "color": color})
    locked.name, locked.color, locked.version = name, color, locked.version + 1
    locked.save(update_fields=["name", "color", "version"])
    record(by=by, verb="calendar.content_kind_edited", target=locked, brand=locked.brand, before=old, after=new)
    return locked


@transaction.atomic
def delete_content_kind(*, kind: ContentKind, by: User) -> None:
    """Remove a content type. Its posts stay, without one. Raises PostError while the target of a goal names it, or a
    content matrix plans it."""
    require(by, Permission.WRITE_POST, kind.brand)
    brand = locked_brand(kind.brand)
    kind = ContentKind.objects.select_for_update(of=("self",)).get(pk=kind.pk)
    require_unaimed(Target.objects.filter(content_kind=kind))
    require_unplanned(kind)
    record(by=by, verb="calendar.content_kind_deleted", target=kind, brand=brand, before={"name": kind.name})
    kind.delete()


def _require_free(brand: Brand, name: str, own_pk: int | None) -> None:
    if ContentKind.objects.filter(same_words("name", name), brand=brand).exclude(pk=own_pk or 0).exists():
        raise PostError(_("This brand already has that content type."), field="name")
