"""Many messages at once, and what became of them."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from activity import letters
from activity.models import Channel, Kind, Message, Notification
from core.duework import DueState
from teams.models import User
from tests import make

_number = itertools.count(1)


def people(count: int) -> list[User]:
    names = [next(_number) for _ in range(count)]
    rows = [User(email=f"reader{number}@example.com", name=f"Reader {number}") for number in names]
    return User.objects.bulk_create(rows)


def messages(
    count: int, channel: Channel, *, to: Sequence[User], due_at: datetime | None = None, apart: float = 0.0
) -> list[Message]:
    """That many, in turn to these people, due now or then, and each `apart` seconds after the one before."""
    due_at = due_at or datetime.now(UTC) - timedelta(seconds=1)
    start = make.message(to=to[0], state=DueState.CANCELED).pk
    dues = [due_at + timedelta(seconds=apart * number) for number in range(count)]
    rows = [
        Message(
            key=f"{channel}:{start}:{number}", recipient=to[number % len(to)], channel=channel, kind=Kind.REMINDER,
            about=f"storm:{number}", template="activity/messages/plain",
            context={"subject": f"Subject {number}", "text": f"Text {number}"}, due_at=due, next_attempt_at=due,
        )
        for number, due in enumerate(dues)
    ]  # fmt: skip
    return Message.objects.bulk_create(rows, batch_size=5000)


def ids(rows: Sequence[Message]) -> set[str]:
    return {letters.message_id(row.key) for row in rows}


def open_rows() -> int:
    return Message.objects.filter(state__in=(DueState.WAITING, DueState.CLAIMED)).count()


def listed() -> int:
    return Notification.objects.count()


def let_leases_run_out() -> None:
    """As if two minutes passed for whoever holds a row now."""
    Message.objects.filter(state=DueState.CLAIMED).update(lease_until=datetime.now(UTC) - timedelta(seconds=1))
