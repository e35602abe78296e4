"""Sends the messages that are due."""

import logging
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction

from activity import daily, letters
from activity.models import Channel, Heartbeat, Message, Notification
from activity.postoffice import PostOffice, RefusedError, UnsentError
from activity.queries import split_by_wish
from core import alive

logger = logging.getLogger(__name__)
LISTED_AT_ONCE = 500
MAILED_AT_ONCE = 50  # well within a lease even when each takes a second
PILED_AT_ONCE = 1000
DIGEST_AFTER = timedelta(hours=1)  # mails that are later than that,
DIGEST_FROM = 4  # and at least so many for one person, become one
Writer = Callable[[list[Message], datetime], EmailMessage]
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
        return time.monotonic() - self._started > TURN or alive.stopping.is_set()


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
        total += sum_up_days(turn, office)
    beat("messages", at=turn.now)
    return total


def beat(name: str, *, at: datetime) -> None:
    """Notes that a drain ran to its end: /readyz tells its age."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=at)], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )


def _wanted(rows: Sequence[Message], now: datetime) -> list[Message]:
    """Those of the claimed rows that their person still wants, now, and may read: much can have changed since."""
    judged = split_by_wish(rows, now=now)
    for row, reason in judged.unwanted:
        Message.objects.drop(row, reason=reason)
    for row, until, is_daily in judged.held:
        Message.objects.postpone(row, until=until, planned_at=row.wanted_at, is_daily=is_daily)
    return judged.wanted


# -- in Sextant -----------------------------------------------------------------------------------------------------


def list_due(turn: Turn) -> int:
    """Puts due messages into people's lists, each exactly once: its mark is set in the same transaction."""
    total = 0
    while not turn.is_over and (
        rows := Message.objects.claim(limit=LISTED_AT_ONCE, channel=Channel.IN_APP, is_daily=False)
    ):
        _list(_wanted(rows, turn.now), turn.now)
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
    rows = Message.objects.claim(limit=MAILED_AT_ONCE, channel=Channel.EMAIL, is_daily=False)
    rows += _rest_of_piles(rows, turn.now)
    parcels = deque(_parcels(_wanted(rows, turn.now), turn.now))
    sent: list[Message] = []
    while parcels and office.is_reachable and not turn.is_over:
        sent = _mail(parcels.popleft(), office, turn.now, sent)
    Message.objects.finish_all(sent, sealed="")
    Message.objects.release([row for parcel in parcels for row in parcel])
    return len(rows) if office.is_reachable else 0


def _rest_of_piles(rows: Sequence[Message], now: datetime) -> list[Message]:
    """Whatever else waits for those whose messages are very late, so that it fits into the same mail."""
    people = [row.recipient_id for row in rows if row.recipient_id and _is_very_late(row, now)]
    if not people:
        return []
    return Message.objects.claim(limit=PILED_AT_ONCE, channel=Channel.EMAIL, is_daily=False, recipient_id=people)


def _is_very_late(row: Message, now: datetime) -> bool:
    return now - row.wanted_at > DIGEST_AFTER


def _parcels(rows: Sequence[Message], now: datetime) -> Iterator[list[Message]]:
    """What goes into one mail: a message, or all that are very late for one person, when they are many."""
    piles: dict[int, list[Message]] = defaultdict(list)
    for row in rows:
        if row.recipient_id and _is_very_late(row, now):
            piles[row.recipient_id].append(row)
        else:
            yield [row]
    for pile in piles.values():
        yield from [pile] if len(pile) >= DIGEST_FROM else ([row] for row in pile)


def _write(parcel: list[Message], now: datetime) -> EmailMessage:
    return letters.mail(parcel[0], now=now) if len(parcel) == 1 else letters.digest(parcel, now=now)


def _mail(
    parcel: list[Message], office: PostOffice, now: datetime, sent: list[Message], write: Writer = _write
) -> list[Message]:
    """Marks what was `sent` before this parcel, in the statement that renews its lease, and sends it; answers what was
    sent and not marked yet. So a process that is killed leaves one mail in doubt, and each mail costs one statement."""
    try:
        office.open()
        letter = write(parcel, now)
    except letters.CannotWriteError as error:
        return _mail_singly(parcel, office, now, sent, error)
    except UnsentError as error:
        _retry(parcel, error)
        return sent
    held = Message.objects.finish_and_renew(sent, parcel, sealed="")
    if len(held) < len(parcel):
        return _mail(held, office, now, [], write) if held else []
    return held if _send(letter, held, office) else []


def _send(letter: EmailMessage, parcel: list[Message], office: PostOffice) -> bool:
    try:
        office.send(letter)
    except RefusedError as error:
        for row in parcel:
            Message.objects.bury(row, error=str(error))
    except UnsentError as error:
        _retry(parcel, error)
    else:
        for row in parcel:
            logger.info("mailed %s of request %s", row.key, row.request_id or "-")
        return True
    return False


def _retry(parcel: list[Message], error: UnsentError) -> None:
    for row in parcel:
        Message.objects.retry(row, error=str(error))


def _mail_singly(
    parcel: list[Message], office: PostOffice, now: datetime, sent: list[Message], error: letters.CannotWriteError
) -> list[Message]:
    """One that cannot be written does not hold up those beside it."""
    if len(parcel) == 1:
        Message.objects.bury(parcel[0], error=str(error))
        return sent
    for row in parcel:
        sent = _mail([row], office, now, sent)
    return sent


# -- once a day -----------------------------------------------------------------------------------------------------


def sum_up_days(turn: Turn, office: PostOffice) -> int:
    """One notice and one mail to each person whose day is to be summed up; answers how many messages are in them."""
    total = 0
    for person, channel in daily.due():
        if turn.is_over or (channel == Channel.EMAIL and not office.is_reachable):
            continue
        rows = daily.claim(person, channel)
        total += len(rows)
        wanted = _wanted(rows, turn.now)
        if channel == Channel.IN_APP:
            daily.put_into_list(wanted, now=turn.now)
        elif wanted:
            Message.objects.finish_all(_mail(wanted, office, turn.now, [], _sum_up), sealed="")
    return total


def _sum_up(parcel: list[Message], now: datetime) -> EmailMessage:
    return letters.digest(parcel, now=now, template=letters.DAILY)
