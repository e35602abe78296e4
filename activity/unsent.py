"""Messages that did not get through: those that were given up, and those that are late. Admins deal with them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from activity.models import Endpoint, Message
from activity.services import record
from core.doorbell import ring_after_commit
from core.duework import DueQuerySet, DueState
from teams.access import require
from teams.models import User, Workspace
from teams.rules import Permission

LATE = timedelta(minutes=5)  # what `frame.troubles` says too


def unsent(workspace: Workspace, *, now: datetime) -> QuerySet[Message]:
    """Of one workspace, given up or late; whatever concerns no workspace (a new password) is not its admins' affair."""
    is_late = Q(state__in=(DueState.WAITING, DueState.CLAIMED), due_at__lt=now - LATE)
    return Message.objects.filter(Q(state=DueState.DEAD) | is_late, workspace=workspace)


@transaction.atomic
def retry_messages(*, workspace: Workspace, messages: Collection[Message], by: User) -> int:
    """Tries them again at once, with as many attempts as at first; answers how many those are."""
    require(by, Permission.MANAGE_MESSAGES, workspace)
    rows = _own(workspace, messages)
    revived: int = rows.revive()
    hurried: int = rows.waiting().filter(next_attempt_at__gt=Now()).update(next_attempt_at=Now())
    Endpoint.objects.filter(workspace=workspace, messages__in=rows).update(quiet_until=None)
    _note(workspace, by, "activity.messages_retried", revived + hurried)
    for task in ("activity.deliver_messages", "activity.deliver_hooks"):
        ring_after_commit(task)
    return revived + hurried


@transaction.atomic
def discard_messages(*, workspace: Workspace, messages: Collection[Message], by: User) -> int:
    """Sends them never; answers how many those are."""
    require(by, Permission.MANAGE_MESSAGES, workspace)
    count: int = _own(workspace, messages).cancel()
    _note(workspace, by, "activity.messages_discarded", count)
    return count


def _own(workspace: Workspace, messages: Collection[Message]) -> DueQuerySet:
    return Message.objects.filter(workspace=workspace, pk__in=[message.pk for message in messages])


def _note(workspace: Workspace, by: User, verb: str, count: int) -> None:
    if count:
        record(by=by, verb=verb, target=workspace, workspace=workspace, after={"count": count})
