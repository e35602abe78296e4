"""What the pages of this room share."""

from typing import Any

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate

from plans.models import Plan
from plans.queries import current_plan
from teams.access import BrandRequest, visible_brands
from teams.rules import Permission


def go(request: BrandRequest, name: str, **kwargs: Any) -> HttpResponseRedirect:
    """On to another page of the brand."""
    place = {"workspace": request.workspace.slug, "brand": request.brand.slug}
    return HttpResponseRedirect(reverse(name, kwargs={**place, **kwargs}))


def may_write(request: BrandRequest) -> bool:
    return request.role.covers(Permission.WRITE_PLAN.role)


def sees_above(request: BrandRequest) -> bool:
    """Whether there is a brand above that this person may open: a guest may be limited to a branch."""
    above, member = request.brand.parent_id, request.membership
    return above is not None and (not member.is_limited or visible_brands(member).filter(pk=above).exists())


def plan_of(request: BrandRequest) -> Plan | None:
    """The plan that runs today in the brand's time zone, or the nearest one."""
    return current_plan(request.brand, localdate())
