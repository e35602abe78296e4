"""What the figures say about a goal is kept here, and its people are told when that changes."""

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True)
class Judgment:
    """How a goal stands; `data_until` is when the newest figure that it stands on was fetched."""

    goal: Goal
    evaluation: Evaluation
    data_until: datetime | None


@transaction.atomic
def record_evaluations(judgments: Sequence[Judgment], *, now: datetime) -> list[Goal]:
    """Keeps how goals stand. Of those whose status changed, says so in the history and to the owner and the managers.

    Safe to call any number of times: the same evaluation changes nothing but `evaluated_at`. Four statements however
    many goals there are, and some more for each whose status moved. A goal that was deleted meanwhile is left out.
    """
    wanted = [one.goal.pk for one in judgments]
    rows = Goal.objects.filter(pk__in=wanted).select_related("plan__brand__workspace").order_by("pk")
    goals = {goal.pk: goal for goal in rows.select_for_update(of=("self",))}
    kept = GoalProgress.objects.in_bulk(list(goals))
    fresh = [_progress(one, now) for one in judgments if one.goal.pk in goals]
    _keep([row for row in fresh if not _is_same(row, kept.get(row.goal_id))])
    same = [row.goal_id for row in fresh if _is_same(row, kept.get(row.goal_id))]
    if same:
        GoalProgress.objects.filter(pk__in=same).update(evaluated_at=now)
    for one in judgments:
        goal = goals.get(one.goal.pk)
        if goal is not None and goal.status != one.evaluation.status.value:
            _move(goal, GoalStatus(one.evaluation.status.value), now)
    return [goals[pk] for pk in wanted if pk in goals]


def _progress(one: Judgment, now: datetime) -> GoalProgress:
    return GoalProgress(
        goal_id=one.goal.pk, result=one.evaluation.as_json(), evaluated_at=now, judged_on=one.evaluation.today,
        data_until=one.data_until,
    )  # fmt: skip


def _is_same(row: GoalProgress, before: GoalProgress | None) -> bool:
    return before is not None and (row.result, row.data_until) == (before.result, before.data_until)


def _keep(rows: Sequence[GoalProgress]) -> None:
    GoalProgress.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["goal"],
        update_fields=["result", "evaluated_at", "judged_on", "data_until"],
    )  # fmt: skip


def _move(goal: Goal, status: GoalStatus, now: datetime) -> None:
    before = goal.status
    goal.status, goal.status_since = status, now
    goal.save(update_fields=["status", "status_since"])
    brand = goal.plan.brand
    record(
        by=None, verb="plans.goal_status_changed", target=goal, brand=brand,
        before={"status": before}, after={"status": status.value},
    )  # fmt: skip
    _tell(people_of(goal, brand), goal, brand, before, now)
    if goal.is_settled and not goal.successors.exists():
        ask_for_next(goal, now)


def people_of(goal: Goal, brand: Brand) -> list[User]:
    """Who is told: the owner, and the managers and admins who may open the brand."""
    wanted = Q(role__in=(Role.MANAGER, Role.ADMIN))
    if goal.owner_id is not None:
        wanted |= Q(user_id=goal.owner_id)
    members = Membership.objects.for_brand(brand).filter(wanted)
    return [membership.user for membership in members.select_related("user").order_by("pk")]


def _tell(people: Sequence[User], goal: Goal, brand: Brand, before: str, now: datetime) -> None:
    url = reverse("goal_detail", kwargs={"workspace": brand.workspace.slug, "brand": brand.slug, "pk": goal.pk})
    post_messages(
        to=people, kind=Kind.GOAL, about=goal, version=int(now.timestamp() * 1000), brand=brand, due_at=now, url=url,
        template="plans/messages/goal_status",
        context={
            "goal": goal.title, "status": goal.status, "before": before, "due_on": goal.due_on,
            "owner": goal.owner_id,
        },
    )  # fmt: skip
