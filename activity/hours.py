"""A person's quiet hours and daily summary, put to their messages: when they are posted, and when the wishes change."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import FilteredRelation, Q

from activity.models import TO_PEOPLE, Channel, Hours, Kind, Message, Preference, Way
from activity.rules.rhythm import Rhythm, due_at
from core.duework import DueState
from teams.models import User

_TIMES = ("quiet_from", "quiet_until", "lets_reminders", "daily_at")  # the last one stands in every row


class Wishes:
    """How one person wants to be told."""

    def __init__(self, *, zone: str, hours: Hours | None, ways: Mapping[tuple[str, str], str]) -> None:
        kept = hours or Hours()
        self._lets_reminders, self._ways = kept.lets_reminders, ways
        self.rhythm = Rhythm(
            zone=zone, quiet_from=kept.quiet_from, quiet_until=kept.quiet_until, daily_at=kept.daily_at
        )

    def way(self, row: Message) -> str:
        return self._ways.get((row.kind, row.channel), Way.NOW)

    def is_daily(self, row: Message) -> bool:
        return self.way(row) == Way.DAILY

    def is_exempt(self, row: Message) -> bool:
        """Comes in quiet hours all the same."""
        return row.kind == Kind.REMINDER and self._lets_reminders

    def arrange(self, row: Message) -> None:
        """Sets when a message that was not tried yet is due."""
        planned, row.is_daily = row.wanted_at, self.is_daily(row)
        due = due_at(planned, self.rhythm, is_daily=row.is_daily, is_exempt=self.is_exempt(row))
        row.planned_at = None if due == planned else planned
        row.due_at = row.next_attempt_at = due


def ways_of(preferences: Iterable[Preference]) -> dict[tuple[str, str], str]:
    return {(wish.kind, channel): getattr(wish, channel) for wish in preferences for channel in TO_PEOPLE}


def wishes_of(user: User) -> Wishes:
    hours = Hours.objects.filter(user=user).first()
    return Wishes(zone=user.time_zone, hours=hours, ways=ways_of(Preference.objects.filter(user=user)))


def arranged(rows: list[Message], *, kind: Kind, good_until: datetime | None) -> list[Message]:
    """Messages of one kind as they are due for whom they go to, without those that would come too late."""
    wishes = _wishes_about({row.recipient_id for row in rows if row.recipient_id}, kind)
    for row in rows:
        wishes[row.recipient_id or 0].arrange(row)
    return [row for row in rows if row.planned_at is None or good_until is None or row.due_at < good_until]


def _wishes_about(people: Collection[int], kind: Kind) -> dict[int, Wishes]:
    """How each of these people wants to be told of such things, in one query: it is asked whenever messages are
    posted."""
    wish = FilteredRelation("preferences", condition=Q(preferences__kind=kind))
    names = ("pk", "time_zone", "wish__in_app", "wish__email", *(f"hours__{name}" for name in _TIMES))
    found = User.objects.annotate(wish=wish).filter(pk__in=people).values_list(*names)
    return {pk: _wishes(kind, zone, in_app, email, times) for pk, zone, in_app, email, *times in found}


def _wishes(kind: Kind, zone: str, in_app: str | None, email: str | None, times: list[Any]) -> Wishes:
    has_hours = times[-1] is not None
    ways: dict[tuple[str, str], str] = {
        (kind, Channel.IN_APP): in_app or Way.NOW,
        (kind, Channel.EMAIL): email or Way.NOW,
    }
    return Wishes(zone=zone, hours=Hours(**dict(zip(_TIMES, times, strict=True))) if has_hours else None, ways=ways)


def rearrange(user: User) -> int:
    """Puts the person's wishes, as they are now, to the messages that wait for them; in the caller's transaction.

    Answers how many moved. Those in the hands of a process are looked at there.
    """
    waiting = Message.objects.filter(recipient=user, state=DueState.WAITING, attempts=0, channel__in=TO_PEOPLE)
    rows = list(waiting.defer("context", "sealed").select_for_update(skip_locked=True))
    wishes, before = wishes_of(user), {row.pk: (row.due_at, row.is_daily) for row in rows}
    for row in rows:
        wishes.arrange(row)
    moved = [row for row in rows if before[row.pk] != (row.due_at, row.is_daily)]
    Message.objects.bulk_update(moved, ["due_at", "next_attempt_at", "planned_at", "is_daily"], batch_size=500)
    return len(moved)
