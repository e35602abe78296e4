"""The plan is published, read, and asked to be read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from activity.messages import cancel_messages, post_messages
from activity.models import Kind, Message
from activity.services import record, ref
from core.errors import StaleError
from plans.changes import difference
from plans.models import Acknowledgement, CallWatch, Plan, PlanRevision
from plans.revisions import contradicting, last_published
from plans.services.errors import PlanError
from plans.services.places import locked
from plans.snapshots import snapshot
from teams.access import require
from teams.models import Brand, Membership, User
from teams.rules import Permission

ASKED_AGAIN = (timedelta(days=3), timedelta(days=7))  # those who have not read it by then


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
    _ask_everybody(revision, brand, by, now)
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


def _ask_everybody(revision: PlanRevision, brand: Brand, by: User, now: datetime) -> None:
    """Everybody is told and asked to read it; whoever published it has."""
    members = Membership.objects.for_brand(brand).select_related("user").order_by("pk")
    people = [member.user for member in members]
    Acknowledgement.objects.bulk_create(
        Acknowledgement(brand=brand, revision=revision, user=one, asked_at=now, read_at=now if one == by else None)
        for one in people
    )
    _ask([person for person in people if person != by], revision, brand, now)


def _ask(people: Sequence[User], revision: PlanRevision, brand: Brand, now: datetime) -> None:
    place = {"workspace": brand.workspace.slug, "brand": brand.slug}
    shared: Any = {
        "to": people, "kind": Kind.PLAN, "about": revision, "brand": brand,
        "url": reverse("revision_detail", kwargs={**place, "pk": revision.pk}),
        "context": {
            "plan": revision.content["title"], "number": revision.number, "what_changed": revision.what_changed,
            "why": revision.why, "published_at": now,
        },
    }  # fmt: skip
    post_messages(**shared, template="plans/messages/plan_published", version=1, due_at=now)
    for number, later in enumerate(ASKED_AGAIN, 1):
        post_messages(
            **shared, template="plans/messages/plan_unread", version=number, due_at=now + later, tells_endpoints=False
        )


@transaction.atomic
def acknowledge(*, revision: PlanRevision, by: User, now: datetime) -> Acknowledgement:
    """The person says that they have read it. The first time counts; they are not asked again."""
    require(by, Permission.READ, revision.brand)
    if revision.number is None:
        raise PlanError(_("This was never published: nobody is asked to read it."))
    row, _is_new = Acknowledgement.objects.get_or_create(
        revision=revision, user=by, defaults={"brand": revision.brand, "asked_at": now, "read_at": now}
    )
    Acknowledgement.objects.filter(pk=row.pk, read_at__isnull=True).update(read_at=now)
    Message.objects.filter(about=ref(revision), recipient=by).cancel()
    row.refresh_from_db()
    return row
