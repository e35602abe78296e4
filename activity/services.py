"""The history: services of every room write down what was done, by whom, before and after."""

import json
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model

from activity import hours
from activity.models import Channel, Event, Hours, Kind, Notification, Preference, Way
from activity.rules.rhythm import MORNING
from teams.models import Brand, User, Workspace

Values = Mapping[str, Any]


def ref(target: Model) -> str:
    """How messages and the history name a thing: "delivery:17"."""
    return f"{target._meta.model_name}:{target.pk}"


def changes(before: Values, after: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only what differs: the old values and the new ones of the fields that changed."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}


def record(
    *,
    by: User | None,
    verb: str,
    target: Model,
    part_of: Model | None = None,
    brand: Brand | None = None,
    workspace: Workspace | None = None,
    label: str = "",
    before: Values | None = None,
    after: Values | None = None,
) -> Event:
    """Writes one line of the history, in the caller's transaction.

    `verb` is "<room>.<noun>_<participle>", for example "calendar.delivery_scheduled"; without `by` Sextant itself did
    it. `part_of` is the thing in whose history people look for it (the post of a delivery, the audit of a review).
    `label` is what the thing is called now (its own words, unless given). `before` and `after` hold changed fields
    only; dates, times and decimals are written as text, other objects as they call themselves.
    """
    place = {"workspace": workspace} if workspace else {"workspace_id": brand.workspace_id if brand else None}
    return Event.objects.create(
        **place,
        brand=brand,
        by=by,
        is_automatic=by is None,
        verb=verb,
        target=ref(target),
        about=ref(part_of or target),
        label=(label or str(target))[:200],
        before=plain(before),
        after=plain(after),
    )


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def plain(values: Values | None) -> Any:
    """The values as JSON can hold them."""
    return json.loads(json.dumps(dict(values or {}), cls=_Encoder))


# -- what a person does with their notifications --------------------------------------------------------------------


def mark_read(*, notification: Notification, now: datetime) -> None:
    """The first time counts."""
    Notification.objects.filter(pk=notification.pk, read_at=None).update(read_at=now)


def mark_all_read(*, user: User, now: datetime) -> int:
    return Notification.objects.filter(user=user, read_at=None).update(read_at=now)


@transaction.atomic
def set_preferences(
    *,
    user: User,
    wishes: Mapping[Kind, Mapping[Channel, Way]],
    quiet_from: time | None = None,
    quiet_until: time | None = None,
    lets_reminders: bool = True,
    daily_at: time = MORNING,
) -> None:
    """How the person wants each kind of notification, and when, from now on: also those that are waiting already."""
    rows = [
        Preference(user=user, kind=kind, in_app=ways[Channel.IN_APP], email=ways[Channel.EMAIL])
        for kind, ways in wishes.items()
    ]
    Preference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "kind"], update_fields=["in_app", "email"]
    )
    times = {"quiet_from": quiet_from, "quiet_until": quiet_until, "daily_at": daily_at}
    Hours.objects.update_or_create(user=user, defaults={**times, "lets_reminders": lets_reminders})
    hours.rearrange(user)
