"""Links by which somebody without a login reads the published plan."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from activity.services import record
from core.localtime import day_bounds, local_day
from plans.editions import published
from plans.models import Plan, PlanShare
from plans.services.errors import PlanError
from plans.services.places import locked
from teams.access import require
from teams.models import User
from teams.rules import Permission

TOKEN_BYTES = 32  # 256 bits
A_YEAR = timedelta(days=365)


@transaction.atomic
def share_plan(*, plan: Plan, label: str, expires_on: date, by: User, now: datetime) -> tuple[PlanShare, str]:
    """Make a link that is good through that day in the brand's zone; answers the share and its token, which is kept
    nowhere. Raises PlanError while nothing is published, and for a day that is past or more than a year ahead."""
    require(by, Permission.SHARE_PLAN, plan.brand)
    brand = locked(plan.brand)
    if published(plan) is None:
        raise PlanError(_("Publish the plan first: a link shows what is published, never a draft."))
    today = local_day(now, brand.time_zone)
    if expires_on < today:
        raise PlanError(_("Choose a day that is not past."), field="expires_on")
    if expires_on > today + A_YEAR:
        raise PlanError(_("A link is good for a year at most."), field="expires_on")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    share = PlanShare.objects.create(
        brand=brand, plan=plan, label=label, token_hash=hash_of(token), created_by=by, created_at=now,
        expires_at=day_bounds(expires_on, expires_on, brand.time_zone)[1],
    )  # fmt: skip
    record(by=by, verb="plans.plan_share_created", target=share, brand=brand, after={"expires_at": share.expires_at})
    return share, token


@transaction.atomic
def revoke_share(*, share: PlanShare, by: User, now: datetime) -> None:
    """From now on the link leads nowhere. Once more changes nothing."""
    require(by, Permission.SHARE_PLAN, share.brand)
    if PlanShare.objects.filter(pk=share.pk, revoked_at__isnull=True).update(revoked_at=now):
        record(by=by, verb="plans.plan_share_revoked", target=share, brand=share.brand)


def find_share(token: str, now: datetime) -> PlanShare | None:
    """The share of a link that is still good."""
    good = PlanShare.objects.good(now).select_related("plan__brand__workspace")
    return good.filter(token_hash=hash_of(token)).first()


def note_view(share: PlanShare, now: datetime) -> None:
    PlanShare.objects.filter(pk=share.pk).update(views=F("views") + 1, last_viewed_at=now)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def forget(*, user: User, names: Collection[str], workspaces: Collection[int]) -> None:  # noqa: ARG001 -- as all that forget
    """A link may have been for them."""
    PlanShare.objects.filter(brand__workspace__in=workspaces, label__in=list(names)).update(label="")
