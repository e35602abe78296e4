"""Planned times follow the clock on the wall: when a brand moves to another zone, or a zone changes its rules."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from calendar_app.errors import ScheduleError
from calendar_app.models import Delivery, DeliveryState
from calendar_app.services.deliveries import TIMES, facts, lock, note, put_at
from calendar_app.services.reminders import rewrite_messages
from core.localtime import resolve
from teams.models import Brand


def drain(*, now: datetime) -> int:
    """The brands' zones change in a room that knows nothing of the calendar: whoever rings, this follows. Two looks
    into an index for each brand while nothing changed."""
    return sum(recompute_times(now=now, brand=brand) for brand in moved_brands())


def moved_brands() -> Iterator[Brand]:
    """The brands with something planned in a zone that is no longer theirs."""
    planned = Delivery.objects.filter(brand=OuterRef("pk"), state=DeliveryState.SCHEDULED)
    before, after = (planned.filter(**{f"time_zone__{side}": OuterRef("time_zone")}) for side in ("lt", "gt"))
    return Brand.objects.filter(Exists(before) | Exists(after)).iterator()


def recompute_times(*, now: datetime, brand: Brand | None = None, is_thorough: bool = False) -> int:
    """Let the deliveries that are still to come keep their local date and time in the present zone of their brand.

    Looks at those whose brand has changed its zone; `is_thorough` at all of them, for when the zones' own rules were
    updated. Answers how many moved. Safe to run twice and by several processes.
    """
    rows = Delivery.objects.filter(state=DeliveryState.SCHEDULED, publish_at__gt=now, post__deleted_at__isnull=True)
    if brand is not None:
        rows = rows.filter(brand=brand)
    if not is_thorough:
        rows = rows.exclude(time_zone=F("brand__time_zone"))
    by_post = groupby(rows.order_by("post_id", "pk").only("post_id"), key=lambda row: row.post_id)
    return sum(_follow(list(group), now) for _post_id, group in by_post)


@transaction.atomic
def _follow(rows: list[Delivery], now: datetime) -> int:
    """Move the deliveries of one post, each looked at again under the lock."""
    moved = 0
    for row in rows:
        try:
            moved += _follow_one(lock(row), now)
        except ScheduleError:  # deleted meanwhile
            continue
    return moved


def _follow_one(delivery: Delivery, now: datetime) -> int:
    if delivery.state != DeliveryState.SCHEDULED or delivery.local_date is None or delivery.local_time is None:
        return 0
    zone, is_second = delivery.brand.time_zone, delivery.is_second
    moment = resolve(delivery.local_date, delivery.local_time, zone, is_second=is_second)
    if moment.at == delivery.publish_at and zone == delivery.time_zone:
        return 0
    before = facts(delivery)
    put_at(delivery, moment, is_second=is_second)
    delivery.save(update_fields=TIMES)
    rewrite_messages(delivery, now=now)
    note(delivery, "calendar.delivery_moved", before, None)
    return 1
