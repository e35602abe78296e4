"""The doors. Every view goes through one of these decorators; whoever may not know of a thing gets 404, whoever may
know of it but not do it gets 403.

`require` is the second lock: services call it with the actor, so that no path goes around a hidden button.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from core import prepared
from teams.models import Brand, Membership, User, Workspace
from teams.rules import Permission, Role

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)


class PersonRequest(HttpRequest):
    user: User
    htmx: HtmxDetails


class WorkspaceRequest(PersonRequest):
    workspace: Workspace
    membership: Membership
    role: Role


class BrandRequest(WorkspaceRequest):
    brand: Brand
    beside: dict[str, Any]


@dataclass(frozen=True)
class Access:
    """What a view asks for; read by the test that walks every URL."""

    border: str  # "public", "person", "workspace" or "brand"
    role: Role | None = None


def public_view(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page for everybody, signed in or not."""
    opened = login_not_required(view)
    opened.access = Access("public")  # type: ignore[attr-defined]
    return cast(Callable[..., HttpResponseBase], opened)


def person_view(view: Callable[Concatenate[PersonRequest, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page of the person who is signed in, outside any workspace."""

    @functools.wraps(view)
    def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(cast(PersonRequest, request), *args, **kwargs)

    inner.access = Access("person")  # type: ignore[attr-defined]
    return inner


def workspace_view(
    role: Role,
) -> Callable[[Callable[Concatenate[WorkspaceRequest, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A page of the workspace named in the path, for members of at least that role (and not for limited guests)."""

    def decorate(
        view: Callable[Concatenate[WorkspaceRequest, P], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @functools.wraps(view)
        def inner(request: Any, workspace: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            _enter_workspace(request, workspace)
            _check(request, role)
            return view(request, *args, **kwargs)

        inner.access = Access("workspace", role)  # type: ignore[attr-defined]
        return inner

    return decorate


def brand_view(
    role: Role,
) -> Callable[[Callable[Concatenate[BrandRequest, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A page of the brand named in the path, in the brand's time zone, for members of at least that role."""

    def decorate(view: Callable[Concatenate[BrandRequest, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @functools.wraps(view)
        def inner(request: Any, workspace: str, brand: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            _enter_brand(request, workspace, brand)
            _check(request, role)
            with timezone.override(request.brand.time_zone):
                return view(request, *args, **kwargs)

        inner.access = Access("brand", role)  # type: ignore[attr-defined]
        return inner

    return decorate


def sensitive(view: Callable[Concatenate[R, P], HttpResponseBase]) -> Callable[Concatenate[R, P], HttpResponseBase]:
    """For what a borrowed browser must not do: asks for the password or the second step again, unless that was done in
    the last minutes. Stands below the access decorator, so that only those are asked who may at all."""
    return cast(Callable[Concatenate[R, P], HttpResponseBase], reauthentication_required(view))


def _enter_workspace(request: Any, slug: str) -> None:
    membership = (
        Membership.objects.select_related("workspace").filter(user_id=request.user.pk, workspace__slug=slug).first()
    )
    if membership is None:
        raise Http404
    membership.user = request.user
    request.membership, request.workspace, request.role = membership, membership.workspace, Role(membership.role)
    request.brand = None


# Written out because it stands before every page of a brand: putting the same together from Django's parts takes longer
# than the database needs to answer it.
_PLACE: list[tuple[Any, str]] = [(Brand, "b"), (Workspace, "w"), (Membership, "m")]
_beside: dict[str, str] = {}
_PLACE_SQL = """
SELECT {columns}
FROM teams_brand b
JOIN teams_workspace w ON w.id = b.workspace_id
JOIN teams_membership m ON m.workspace_id = w.id AND m.user_id = %s
WHERE w.slug = %s AND b.slug = %s AND (NOT m.is_limited OR EXISTS (
    SELECT FROM teams_membershipbrand l WHERE l.membership_id = m.id AND l.brand_id = b.id))
"""


def ask_beside(**expressions: str) -> None:
    """What a room above wants to know on every page of a brand, asked in the same statement as brand (b), workspace
    (w) and membership (m): SQL expressions by the names under which `request.beside` answers them. Called when the
    application starts."""
    _beside.update(expressions)
    _place_sql.cache_clear()


@functools.cache
def _place_sql() -> str:
    names = [f'{short}."{field.column}"' for model, short in _PLACE for field in model._meta.concrete_fields]
    return _PLACE_SQL.format(columns=", ".join([*names, *_beside.values()]))


def _enter_brand(request: Any, workspace: str, slug: str) -> None:
    """One query for brand, workspace and membership, and what rooms above ask beside."""
    row = prepared.fetch_one(_place_sql(), [request.user.pk, workspace, slug])
    if row is None:
        raise Http404
    brand, brand.workspace, membership = _read(row)
    request.beside = dict(zip(_beside, row[len(row) - len(_beside) :], strict=True))
    membership.workspace, membership.user = brand.workspace, request.user
    request.membership, request.workspace, request.role = membership, brand.workspace, Role(membership.role)
    request.brand = brand


def _read(row: tuple[Any, ...]) -> list[Any]:
    """The objects whose columns stand beside each other in the row."""
    rest, found = iter(row), []
    for model, _short in _PLACE:
        names = [field.attname for field in model._meta.concrete_fields]
        found.append(model.from_db("default", names, list(islice(rest, len(names)))))
    return found


def _check(request: Any, role: Role) -> None:
    if not request.role.covers(role):
        raise PermissionDenied(_("This needs the role “%(role)s”.") % {"role": role.label})


def visible_brands(membership: Membership) -> Any:
    """The brands a member may open: all of the workspace, or those that a guest is limited to."""
    brands = Brand.objects.filter(workspace_id=membership.workspace_id)
    return brands.filter(limited_memberships=membership) if membership.is_limited else brands


def may(user: User, permission: Permission, place: Brand | Workspace) -> bool:
    """Whether the person may do this in the brand or workspace, asked of the database now."""
    workspace_id = place.workspace_id if isinstance(place, Brand) else place.pk
    membership = Membership.objects.filter(user=user, workspace_id=workspace_id).first()
    if membership is None or not Role(membership.role).covers(permission.role):
        return False
    return not isinstance(place, Brand) or visible_brands(membership).filter(pk=place.pk).exists()


def require(user: User, permission: Permission, place: Brand | Workspace) -> None:
    """Raise PermissionDenied unless the person may do this here."""
    if not may(user, permission, place):
        raise PermissionDenied(
            _("You may not do this here: it needs the role “%(role)s”.") % {"role": permission.role.label}
        )
