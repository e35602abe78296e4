"""What calls for a revision is written down, once, and taken up or dismissed with a reason."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from activity.messages import post_messages
from activity.models import Channel, Kind
from activity.services import plain, record
from plans.calls import causes, watched
from plans.models import CallKind, CallState, CallWatch, Plan, RevisionCall
from plans.services.errors import PlanError
from plans.services.reading import ask_newcomers
from teams.access import require
from teams.models import Membership, User
from teams.rules import Permission, Role

logger = logging.getLogger(__name__)


@transaction.atomic
def call_for_revision(
    *, plan: Plan, kind: CallKind, about: str, proposal: Mapping[str, Any], now: datetime, cause: str = ""
) -> RevisionCall | None:
    """Ask the managers to look at the plan again. The same cause calls once only; another one about the same thing
    brings an open call up to date. Answers the call when it is new.

    `about` is "<model>:<id>"; `proposal` holds what the words of its kind name: `name`, of a drift also `account`,
    `actual`, `planned` (whole percents) and `month` ("2026-10"), of a survey `result` (`answers`, and `score` or none).
    `cause` tells apart what happens to one thing again and again: for a drift the month.
    """
    Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    key = cause or f"{kind}:{about}"
    if RevisionCall.objects.filter(plan=plan, cause=key).exists():
        return None
    still_open = RevisionCall.objects.filter(plan=plan, kind=kind, about=about).open()
    if still_open.update(proposal=plain(proposal), cause=key):
        return None
    return RevisionCall.objects.create(
        plan=plan, brand_id=plan.brand_id, kind=kind, about=about, cause=key, proposal=plain(proposal), raised_at=now
    )


def raise_calls(*, now: datetime) -> int:
    """Look through what the history says since the last look, for each published plan that has not ended; answers how
    many calls are new. Who may open the brand only since then is asked to read the plan. Safe to run twice and by
    several at once. A plan that cannot be looked at keeps no other waiting."""
    count = 0
    for watch in watched(now):
        try:
            count += _look(watch, now)
        except (OperationalError, InterfaceError):
            raise  # the database is away: whoever drains waits for it
        except Exception:
            logger.exception("what calls for a revision of plan %s cannot be told", watch.plan_id)
    return count


@transaction.atomic
def _look(watch: CallWatch, now: datetime) -> int:
    rows = CallWatch.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=watch.pk)
    held = rows.select_related("plan", "brand__workspace").first()
    if held is None:  # somebody else is looking, or it is gone
        return 0
    ask_newcomers(held.plan, now)
    found = [
        call_for_revision(
            plan=held.plan, kind=cause.kind, about=cause.about, proposal=cause.proposal, cause=cause.key, now=now
        )
        for cause in causes(held, now)
    ]
    held.looked_until = now
    held.save(update_fields=["looked_until"])
    calls = [call for call in found if call is not None]
    if calls:
        _tell(held, calls, now)
    return len(calls)


def _tell(watch: CallWatch, calls: list[RevisionCall], now: datetime) -> None:
    """One notice for all that one look found, to each manager and admin, in Sextant alone."""
    brand = watch.brand
    place = {"workspace": brand.workspace.slug, "brand": brand.slug}
    managers = Membership.objects.for_brand(brand).filter(Q(role__in=(Role.MANAGER, Role.ADMIN)))
    post_messages(
        to=[member.user for member in managers.select_related("user").order_by("pk")], kind=Kind.PLAN, about=calls[0],
        version=1, template="plans/messages/revision_calls", channels=[Channel.IN_APP], brand=brand, due_at=now,
        context={"plan": watch.plan.title, "count": len(calls)},
        url=reverse("revision_call_list", kwargs={**place, "pk": watch.plan_id}),
    )  # fmt: skip


@transaction.atomic
def take_up(*, call: RevisionCall, by: User, now: datetime) -> RevisionCall:
    """The next revision will answer it. Raises PlanError when it was settled already."""
    call = _open(call, by)
    return _settle(call, CallState.TAKEN, "", by, now)


@transaction.atomic
def dismiss_call(*, call: RevisionCall, reason: str, by: User, now: datetime) -> RevisionCall:
    """The plan need not change, and why. Raises PlanError without a reason, or when it was settled already."""
    if not reason.strip():
        raise PlanError(_("Say why the plan need not change."), field="reason")
    return _settle(_open(call, by), CallState.DISMISSED, reason, by, now)


def _open(call: RevisionCall, by: User) -> RevisionCall:
    require(by, Permission.PUBLISH_PLAN, call.brand)
    call = RevisionCall.objects.select_for_update(of=("self",)).select_related("plan", "brand").get(pk=call.pk)
    if call.state != CallState.OPEN:
        raise PlanError(_("Somebody else has settled this call already."))
    return call


def _settle(call: RevisionCall, state: CallState, reason: str, by: User, now: datetime) -> RevisionCall:
    call.state, call.reason, call.settled_by, call.settled_at = state, reason, by, now
    call.save(update_fields=["state", "reason", "settled_by", "settled_at"])
    record(
        by=by, verb=f"plans.revision_call_{state}", target=call, part_of=call.plan, brand=call.brand,
        label=str(call.get_kind_display()), after={"state": state.value, "reason": reason},
    )  # fmt: skip
    return call
