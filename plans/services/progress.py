"""What the figures say about a goal is kept here, and its people are told when that changes."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from activity.messages import post_messages
from activity.models import Kind
from activity.services import record
from plans.models import Goal, GoalProgress, GoalStatus
from plans.rules.targets import Evaluation
from plans.services.asking import ask_for_next
from teams.models import Brand, Membership, User
from teams.rules import Role


@transaction.atomic
def record_evaluation(*, goal: Goal, evaluation: Evaluation, data_until: datetime | None, now: datetime) -> Goal:
    """Keeps how a goal stands. When its status changed, says so in the history and to its owner and the managers.

    `data_until` is when the newest figure in it was fetched. Safe to call any number of times: the same evaluation
    changes nothing but `evaluated_at`.
    """
    goal = Goal.objects.select_for_update(of=("self",)).select_related("plan__brand").get(pk=goal.pk)
    GoalProgress.objects.update_or_create(
        goal=goal, defaults={"result": evaluation.as_json(), "evaluated_at": now, "data_until": data_until}
    )
    if goal.status != evaluation.status.value:
        _move(goal, GoalStatus(evaluation.status.value), now)
    return goal


def _move(goal: Goal, status: GoalStatus, now: datetime) -> None:
    before = goal.status
    goal.status, goal.status_since = status, now
    goal.save(update_fields=["status", "status_since"])
    brand = goal.plan.brand
    record(
        by=None, verb="plans.goal_status_changed", target=goal, brand=brand,
        before={"status": before}, after={"status": status.value},
    )  # fmt: skip
    for person in people_of(goal, brand):
        tell(person, goal, brand, before, now)
    if goal.is_settled and not goal.successors.exists():
        ask_for_next(goal, now)


def people_of(goal: Goal, brand: Brand) -> list[User]:
    """Who is told: the owner, and the managers and admins who may open the brand."""
    wanted = Q(role__in=(Role.MANAGER, Role.ADMIN))
    if goal.owner_id is not None:
        wanted |= Q(user_id=goal.owner_id)
    members = Membership.objects.for_brand(brand).filter(wanted)
    return [membership.user for membership in members.select_related("user").order_by("pk")]


def tell(person: User, goal: Goal, brand: Brand, before: str, now: datetime) -> None:
    url = reverse("goal_detail", kwargs={"workspace": brand.workspace.slug, "brand": brand.slug, "pk": goal.pk})
    post_messages(
        to=person, kind=Kind.GOAL, about=goal, version=int(now.timestamp() * 1000), brand=brand, due_at=now, url=url,
        template="plans/messages/goal_status",
        context={
            "goal": goal.title, "status": goal.status, "before": before, "due_on": goal.due_on,
            "is_owner": person.pk == goal.owner_id,
        },
    )  # fmt: skip
