"""Who is asked to read a revision, and says that they have."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from activity.messages import post_messages
from activity.models import Kind, Message
from activity.services import ref
from plans.models import Acknowledgement, Plan, PlanRevision
from plans.revisions import last_published
from plans.services.errors import PlanError
from plans.services.places import locked
from teams.access import require
from teams.models import Membership, User
from teams.rules import Permission

ASKED_AGAIN = (timedelta(days=3), timedelta(days=7))  # those who have not read it by then


def ask_everybody(revision: PlanRevision, by: User, now: datetime) -> None:
    """All who may open the brand are told and asked to read it; whoever published it has."""
    members = Membership.objects.for_brand(revision.brand).select_related("user").order_by("pk")
    people = [member.user for member in members]
    _note(revision, people, now, by)
    others = [person for person in people if person != by]
    _tell(revision, others, "plans/messages/plan_published", now, tells_endpoints=True)


def ask_newcomers(plan: Plan, now: datetime) -> int:
    """Those who may open the brand only since the plan was published are asked to read its last revision, once;
    answers how many. In the caller's transaction, beside which nobody publishes."""
    brand = locked(plan.brand)
    revision = last_published(plan)
    if revision is None:
        return 0
    asked = Acknowledgement.objects.filter(revision=revision, user=OuterRef("user"))
    members = Membership.objects.for_brand(brand).exclude(Exists(asked)).select_related("user").order_by("pk")
    people = [member.user for member in members]
    if people:
        revision.brand = brand
        _note(revision, people, now)
        _tell(revision, people, "plans/messages/plan_newcomer", now, tells_endpoints=False)
    return len(people)


def _note(revision: PlanRevision, people: Collection[User], now: datetime, by: User | None = None) -> None:
    Acknowledgement.objects.bulk_create(
        Acknowledgement(
            brand_id=revision.brand_id, revision=revision, user=one, asked_at=now, read_at=now if one == by else None
        )
        for one in people
    )


def _tell(
    revision: PlanRevision, people: Collection[User], template: str, now: datetime, *, tells_endpoints: bool
) -> None:
    brand = revision.brand
    place = {"workspace": brand.workspace.slug, "brand": brand.slug}
    shared: Any = {
        "to": people, "kind": Kind.PLAN, "about": revision, "brand": brand,
        "url": reverse("revision_detail", kwargs={**place, "pk": revision.pk}),
        "context": {
            "plan": revision.content["title"], "number": revision.number, "what_changed": revision.what_changed,
            "why": revision.why, "published_at": revision.published_at,
        },
    }  # fmt: skip
    post_messages(**shared, template=template, version=1, due_at=now, tells_endpoints=tells_endpoints)
    for number, later in enumerate(ASKED_AGAIN, 1):
        post_messages(
            **shared, template="plans/messages/plan_unread", version=number, due_at=now + later, tells_endpoints=False
        )


@transaction.atomic
def acknowledge(*, revision: PlanRevision, by: User, now: datetime) -> Acknowledgement:
    """The person says that they have read it. The first time counts; they are not asked again."""
    require(by, Permission.READ, revision.brand)
    locked(revision.brand)
    if revision.number is None:
        raise PlanError(_("This was never published: nobody is asked to read it."))
    row, _is_new = Acknowledgement.objects.get_or_create(
        revision=revision, user=by, defaults={"brand": revision.brand, "asked_at": now, "read_at": now}
    )
    Acknowledgement.objects.filter(pk=row.pk, read_at__isnull=True).update(read_at=now)
    Message.objects.filter(about=ref(revision), recipient=by).cancel()
    row.refresh_from_db()
    return row
