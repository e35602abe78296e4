"""Check-ins: written by a goal's owner or a manager, put right within a day."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from activity.messages import cancel_messages
from activity.services import changes, record
from plans.models import CheckIn, Goal
from plans.queries import evaluation_of
from plans.services.asking import CHECK_IN
from plans.services.errors import PlanError
from teams.access import may, require
from teams.models import User
from teams.rules import Permission

OPEN = timedelta(hours=24)  # for whoever wrote it; later only a manager changes what was said


@transaction.atomic
def write_check_in(*, goal: Goal, note: str, confidence: str, by: User, now: datetime) -> CheckIn:
    """Notes how a goal goes, with where it stands now. A reminder that was not sent yet is called off."""
    goal = Goal.objects.select_for_update(of=("self",)).select_related("brand", "progress").get(pk=goal.pk)
    if not may_check_in(by, goal):
        raise PermissionDenied(_("Only the owner of a goal and managers check in on it."))
    words = _words(note)
    written = CheckIn.objects.create(
        brand_id=goal.brand_id, goal=goal, by=by, note=words, confidence=confidence, status=goal.status,
        percent=percent_of(goal), at=now,
    )  # fmt: skip
    cancel_messages(about=goal, template=CHECK_IN)
    record(
        by=by, verb="plans.check_in_added", target=written, part_of=goal, brand=goal.brand, label=goal.title,
        after=_facts(written),
    )  # fmt: skip
    return written


@transaction.atomic
def edit_check_in(*, check_in: CheckIn, note: str, confidence: str, by: User, now: datetime) -> CheckIn:
    check_in = _open(check_in, by, now)
    before = _facts(check_in)
    check_in.note, check_in.confidence = _words(note), confidence
    old, new = changes(before, _facts(check_in))
    if new:
        check_in.edited_at = now
        check_in.save(update_fields=["note", "confidence", "edited_at"])
        _record(check_in, "plans.check_in_edited", by, old, new)
    return check_in


@transaction.atomic
def delete_check_in(*, check_in: CheckIn, by: User, now: datetime) -> None:
    check_in = _open(check_in, by, now)
    _record(check_in, "plans.check_in_deleted", by, _facts(check_in), {})
    check_in.delete()


def is_open(*, check_in: CheckIn, by: User, now: datetime) -> bool:
    """Whether the person may change it: its author for a day, later a manager."""
    return may(by, _needed(check_in, by, now), check_in.brand)


def _needed(check_in: CheckIn, by: User, now: datetime) -> Permission:
    is_fresh = check_in.by_id == by.pk and now < check_in.at + OPEN
    return Permission.READ if is_fresh else Permission.WRITE_PLAN


def may_check_in(person: User, goal: Goal) -> bool:
    """The owner, whatever their role, as long as they may open the brand; and managers."""
    needed = Permission.READ if goal.owner_id == person.pk else Permission.WRITE_PLAN
    return may(person, needed, goal.brand)


def percent_of(goal: Goal) -> int | None:
    """How far the target has come that has come least far: a goal stands where its worst target stands."""
    evaluation = evaluation_of(goal)
    shares = [target.share for target in evaluation.targets if target.share is not None] if evaluation else []
    return int(min(shares) * 100) if shares else None


def _open(check_in: CheckIn, by: User, now: datetime) -> CheckIn:
    """The check-in, locked, when the person may change it."""
    rows = CheckIn.objects.select_for_update(of=("self",)).select_related("goal", "brand")
    check_in = rows.get(pk=check_in.pk)
    require(by, _needed(check_in, by, now), check_in.brand)
    return check_in


def _words(note: str) -> str:
    if not note.strip():
        raise PlanError(_("Write how it goes."), field="note")
    return note.strip()


def _facts(check_in: CheckIn) -> dict[str, str]:
    return {"note": check_in.note, "confidence": check_in.confidence}


def _record(check_in: CheckIn, verb: str, by: User, before: dict[str, str], after: dict[str, str]) -> None:
    goal = check_in.goal
    record(
        by=by, verb=verb, target=check_in, part_of=goal, brand=check_in.brand, label=goal.title, before=before,
        after=after,
    )  # fmt: skip
