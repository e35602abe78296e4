"""Sends the messages that are due."""

import time
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from activity import letters
from activity.models import Channel, Heartbeat, Message, Notification
from activity.postoffice import PostOffice, RefusedError, UnsentError
from activity.queries import split_by_wish
from core import duework

LISTED_AT_ONCE = 500
MAILED_AT_ONCE = 50  # well within a lease even when each takes a second
TURN = 50.0  # seconds after which a drain ends: others get their turn, and a task ends before its time limit


class Turn:
    """How long one drain may go on, and what time it is meanwhile."""

    def __init__(self, now: datetime) -> None:
        self._started_at, self._started = now, time.monotonic()

    @property
    def now(self) -> datetime:
        return self._started_at + timedelta(seconds=time.monotonic() - self._started)

    @property
    def is_over(self) -> bool:
        return time.monotonic() - self._started > TURN or duework.stopping.is_set()


def drain(*, now: datetime) -> int:
    """Sends what is due until nothing is left or its turn is over; answers how many messages it dealt with.

    Safe to run in any number of processes at once. Lists go before mails, and again between batches of mails: a slow
    mail server delays nobody's list.
    """
    turn = Turn(now)
    Message.objects.sweep()
    total = list_due(turn)
    with PostOffice() as office:
        while not turn.is_over and (mailed := mail_due(turn, office)):
            total += mailed + list_due(turn)
    beat("messages", at=turn.now)
    return total


def beat(name: str, *, at: datetime) -> None:
    """Notes that a drain ran to its end: /readyz tells its age."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=at)], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )


def _wanted(rows: Sequence[Message]) -> list[Message]:
    """Those of the claimed rows that their person still wants and may read: much can have changed since."""
    wanted, unwanted = split_by_wish(rows)
    for row, reason in unwanted:
        Message.objects.drop(row, reason=reason)
    return wanted


# -- in Sextant -----------------------------------------------------------------------------------------------------


def list_due(turn: Turn) -> int:
    """Puts due messages into people's lists, each exactly once: its mark is set in the same transaction."""
    total = 0
    while not turn.is_over and (rows := Message.objects.claim(limit=LISTED_AT_ONCE, channel=Channel.IN_APP)):
        _list(_wanted(rows), turn.now)
        total += len(rows)
    return total


def _list(rows: Sequence[Message], now: datetime) -> None:
    notices = {row.pk: notice for row in rows if (notice := _notice(row, now))}
    with transaction.atomic():
        done = Message.objects.finish_all([row for row in rows if row.pk in notices])
        Notification.objects.bulk_create([notices[pk] for pk in done])


def _notice(row: Message, now: datetime) -> Notification | None:
    try:
        title, body = letters.notice(row, now=now)
    except letters.CannotWriteError as error:
        Message.objects.bury(row, error=str(error))
        return None
    return Notification(
        user=row.recipient, workspace_id=row.workspace_id, brand_id=row.brand_id, message=row, kind=row.kind,
        title=title, body=body, url=row.url, created_at=now,
    )  # fmt: skip


# -- by e-mail ------------------------------------------------------------------------------------------------------


def mail_due(turn: Turn, office: PostOffice) -> int:
    """Mails one batch over the office's connection; answers how many rows it dealt with, 0 when the server is away.

    What was claimed but not tried goes back as it was.
    """
    rows = Message.objects.claim(limit=MAILED_AT_ONCE, channel=Channel.EMAIL)
    left = deque(_wanted(rows))
    while left and office.is_reachable and not turn.is_over:
        _mail(left.popleft(), office, turn.now)
    Message.objects.release(left)
    return len(rows) if office.is_reachable else 0


def _mail(row: Message, office: PostOffice, now: datetime) -> None:
    try:
        mail = letters.mail(row, now=now)
        office.open()
        if Message.objects.renew(row):
            office.send(mail)
            Message.objects.finish(row, sealed="")
    except (letters.CannotWriteError, RefusedError) as error:
        Message.objects.bury(row, error=str(error))
    except UnsentError as error:
        Message.objects.retry(row, error=str(error))
