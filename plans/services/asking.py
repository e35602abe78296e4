"""What the owner of a goal is asked: how it goes, and what comes next."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from activity.messages import cancel_messages, post_messages
from activity.models import Kind, Message
from plans.models import CheckIn, Goal, GoalQuerySet, GoalStatus
from teams.models import Brand, Membership, User
from teams.rules import Permission, Role

SILENT = timedelta(days=30)  # without a check-in
CHECK_IN = "plans/messages/goal_check_in"
NEXT = "plans/messages/goal_next"
SETTLED = (GoalStatus.ACHIEVED, GoalStatus.MISSED)


def ask_owners(*, now: datetime) -> int:
    """Asks for check-ins and for next goals wherever they are due; answers how many goals. Safe to run at any time,
    and by several at once: for the next goal people are asked once, for a check-in once in each month of silence."""
    silent = [goal for goal in silent_goals(now) if _ask_for_check_in(goal, now)]
    ended = [goal for goal in ended_goals(now) if ask_for_next(goal, now)]
    return len(silent) + len(ended)


def silent_goals(now: datetime) -> GoalQuerySet:
    """Running goals with an owner of whom nothing was heard for a month, and who was not asked since."""
    today = now.date()
    recent = CheckIn.objects.filter(goal=OuterRef("pk"), at__gt=now - SILENT)
    goals = Goal.objects.filter(owner__isnull=False, starts_on__lte=today - SILENT, due_on__gte=today)
    goals = goals.exclude(status__in=SETTLED).exclude(Exists(recent)).exclude(_asked(CHECK_IN, since=now - SILENT))
    return goals.select_related("brand__workspace")


def ended_goals(now: datetime) -> GoalQuerySet:
    """Achieved, missed or past due not long ago, not followed by another one, and nobody was asked for it."""
    today = now.date()
    goals = Goal.objects.filter(due_on__gte=today - SILENT).filter(Q(status__in=SETTLED) | Q(due_on__lt=today))
    followed = Goal.objects.filter(predecessor=OuterRef("pk"))
    return goals.exclude(Exists(followed)).exclude(_asked(NEXT)).select_related("brand__workspace")


def _asked(template: str, since: datetime | None = None) -> Exists:
    """Whether somebody was sent that about the goal."""
    about = Concat(Value("goal:"), Cast(OuterRef("pk"), CharField()))
    sent = Message.objects.filter(about=about, template=template)
    return Exists(sent.filter(due_at__gt=since) if since else sent)


def _ask_for_check_in(goal: Goal, now: datetime) -> bool:
    owner = Membership.objects.for_brand(goal.brand).filter(user=goal.owner_id).select_related("user").first()
    if owner is None:
        return False
    last = goal.check_ins.values_list("at", flat=True).first()
    _tell(
        [owner.user], goal, CHECK_IN, version=now.date().toordinal(), now=now, context={"heard_at": last},
        url=f"{_place('goal_detail', goal.brand, pk=goal.pk)}#check-ins",
    )  # fmt: skip
    return True


def ask_for_next(goal: Goal, now: datetime) -> bool:
    """Once for each goal and person. Only who may write goals is asked: an owner who may not is told of the end."""
    cancel_messages(about=goal, template=CHECK_IN)
    people = asked_for_next(goal)
    _tell(
        people, goal, NEXT, version=1, now=now, url=f"{_place('goal_create', goal.brand)}?after={goal.pk}",
        context={"status": goal.status if goal.is_settled else "", "owner": goal.owner_id},
    )  # fmt: skip
    return bool(people)


def asked_for_next(goal: Goal) -> list[User]:
    """The owner when they may write goals, else the managers and admins who may open the brand."""
    writers = [role for role in Role if role.covers(Permission.WRITE_PLAN.role)]
    members = Membership.objects.for_brand(goal.brand).filter(role__in=writers).select_related("user").order_by("pk")
    people = [member.user for member in members]
    return [person for person in people if person.pk == goal.owner_id] or people


def _tell(
    people: list[User], goal: Goal, template: str, *, version: int, now: datetime, url: str, context: Mapping[str, Any]
) -> None:
    post_messages(
        to=people, kind=Kind.GOAL, about=goal, version=version, brand=goal.brand, due_at=now, url=url,
        template=template, context={"goal": goal.title, "due_on": goal.due_on, **context},
    )  # fmt: skip


def _place(name: str, brand: Brand, **kwargs: Any) -> str:
    return reverse(name, kwargs={"workspace": brand.workspace.slug, "brand": brand.slug, **kwargs})
