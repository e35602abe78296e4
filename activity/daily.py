"""The day's summary: all that a person wants once a day, as one notice (for each workspace) and one mail."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django.db import connection, transaction
from django.db.models.functions import Now

from activity import letters
from activity.models import TO_PEOPLE, Channel, Message, Notification

PEOPLE_AT_ONCE = 200
MOST_IN_ONE = 500
_LOCKS = 0x5E7A << 40  # apart from whatever else may take advisory locks


def due() -> list[tuple[int, str]]:
    """Whose day is to be summed up by which channel."""
    rows = Message.objects.waiting().filter(is_daily=True, next_attempt_at__lte=Now(), channel__in=TO_PEOPLE)
    return list(rows.values_list("recipient_id", "channel").distinct()[:PEOPLE_AT_ONCE])


@transaction.atomic
def claim(person: int, channel: str) -> list[Message]:
    """All of it for this process, or nothing while another one claims: a day that is torn apart is two mails."""
    with connection.cursor() as cursor:
        key = _LOCKS + 2 * person + TO_PEOPLE.index(Channel(channel))
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
        (is_mine,) = cursor.fetchone()
    if not is_mine:
        return []
    return Message.objects.claim(limit=MOST_IN_ONE, channel=channel, is_daily=True, recipient_id=person)


def put_into_list(rows: Sequence[Message], *, now: datetime) -> None:
    """One notice for each workspace: whoever leaves it does not see what stood there any more."""
    places: dict[int | None, list[Message]] = defaultdict(list)
    for row in rows:
        places[row.workspace_id].append(row)
    for pile in places.values():
        _put(_writable(pile, now), now)


def _writable(rows: Sequence[Message], now: datetime) -> list[Message]:
    """One that cannot be written does not hold up those beside it."""
    kept = []
    for row in rows:
        try:
            letters.notice(row, now=now)
        except letters.CannotWriteError as error:
            Message.objects.bury(row, error=str(error))
        else:
            kept.append(row)
    return kept


@transaction.atomic
def _put(rows: list[Message], now: datetime) -> None:
    """The notice and the marks of its messages, together: exactly once."""
    done = set(Message.objects.finish_all(rows))
    held = [row for row in rows if row.pk in done]
    if not held:
        return
    title, body = letters.daily_notice(held, now=now)
    brands = {row.brand_id for row in held}
    Notification.objects.create(
        user_id=cast(int, held[0].recipient_id), workspace_id=held[0].workspace_id, message=held[0], title=title,
        brand_id=brands.pop() if len(brands) == 1 else None, kind=held[0].kind, body=body, created_at=now,
    )  # fmt: skip
