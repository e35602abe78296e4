"""What pages and deliveries ask of several tables at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects

from activity.hours import Wishes, ways_of
from activity.models import Endpoint, EndpointBrand, Event, Hours, Message, Notification, Preference, Way
from activity.noted import field_words, model_of, order_of, value_words
from activity.rules.rhythm import held_until
from activity.verbs import LEFT, sentence
from teams.models import Membership, User

# -- messages -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Claimed messages: those to be sent now, those not wanted any more with the reason, and those to wait until."""

    wanted: list[Message]
    unwanted: list[tuple[Message, str]]
    held: list[tuple[Message, datetime, bool]]  # and whether it waits for the day's summary


def split_by_wish(rows: Sequence[Message], *, now: datetime) -> Judged:
    """What is to become of claimed messages, in a constant number of queries."""
    prefetch_related_objects(rows, "recipient", "brand", "workspace")
    readers = _Readers(rows)
    judged = Judged(wanted=[], unwanted=[], held=[])
    for row in rows:
        if reason := readers.objection(row):
            judged.unwanted.append((row, reason))
        elif until := readers.held_until(row, now):
            judged.held.append((row, until, readers.wishes_of(row).is_daily(row)))
        else:
            judged.wanted.append(row)
    return judged


class _Readers:
    """The memberships and preferences of the people whom some messages go to, as they are now."""

    def __init__(self, rows: Sequence[Message]) -> None:
        people = {row.recipient_id for row in rows if row.recipient_id}
        places = {row.workspace_id for row in rows if row.workspace_id}
        members = Membership.objects.filter(user__in=people, workspace__in=places).prefetch_related("brands")
        self._members = {(m.user_id, m.workspace_id): m for m in members}
        self._hours = {hours.user_id: hours for hours in Hours.objects.filter(user__in=people)}
        self._preferences: dict[int, list[Preference]] = defaultdict(list)
        for wish in Preference.objects.filter(user__in=people):
            self._preferences[wish.user_id].append(wish)

    def wishes_of(self, row: Message) -> Wishes:
        reader = cast(User, row.recipient)
        ways = ways_of(self._preferences[reader.pk])
        return Wishes(zone=reader.time_zone, hours=self._hours.get(reader.pk), ways=ways)

    def held_until(self, row: Message, now: datetime) -> datetime | None:
        if row.recipient is None:
            return None
        wishes = self.wishes_of(row)
        return held_until(
            row.wanted_at, wishes.rhythm, due=row.due_at, now=now, is_daily=wishes.is_daily(row),
            is_exempt=wishes.is_exempt(row),
        )  # fmt: skip

    def objection(self, row: Message) -> str:
        """Why a message is not to be sent after all; nothing when it is."""
        if row.recipient is None:
            return ""
        if not row.recipient.is_active:
            return "The person may not sign in any more."
        return self._no_access(row) or self._not_wished(row)

    def _no_access(self, row: Message) -> str:
        if row.workspace_id is None:
            return ""
        member = self._members.get((row.recipient_id or 0, row.workspace_id))
        if member is None:
            return "The person is not a member of the workspace any more."
        is_closed = row.brand_id is not None and not member.may_open(row.brand_id)
        return "The person may not open the brand." if is_closed else ""

    def _not_wished(self, row: Message) -> str:
        is_wished = self.wishes_of(row).way(row) != Way.NEVER
        return "" if is_wished else "The person does not want this kind of message this way."


def endpoints_told(*, workspace_id: int | None, brand_id: int | None, kind: str) -> list[Endpoint]:
    """The endpoints that hear of this kind of thing in this place. One that is limited to brands hears of nothing that
    concerns the whole workspace."""
    limits = EndpointBrand.objects.filter(endpoint=OuterRef("pk"), brand=brand_id)
    hears = Q(is_limited=False) | Exists(limits) if brand_id else Q(is_limited=False)
    found = Endpoint.objects.filter(hears, workspace=workspace_id, off_reason="", kinds__contains=[kind])
    return list(found.defer("url", "secret", "old_secret").order_by("pk")) if workspace_id else []


# -- notifications ----------------------------------------------------------------------------------------------------


def notifications_for(user: User) -> QuerySet[Notification]:
    """A person's list, without what stands in workspaces and brands that they may not open any more."""
    member = Membership.objects.filter(user=user, workspace=OuterRef("workspace"))
    may_open = Q(brand__isnull=True) | Exists(member.filter(Q(is_limited=False) | Q(brands=OuterRef("brand"))))
    return Notification.objects.filter(Q(workspace__isnull=True) | Exists(member), may_open, user=user)


# -- history ----------------------------------------------------------------------------------------------------------

Value = Any


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field: what it is called, what it said and what it says. None: it was or is empty."""

    field: str
    before: Value
    after: Value


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the history, in words."""

    at: datetime
    person: str
    words: str
    changes: list[Change]


def lines(events: Sequence[Event]) -> list[Line]:
    """The history in words; `by` should have been selected with the events."""
    return [
        Line(
            at=event.at,
            person=doer(event),
            words=sentence(event.verb, person=doer(event), label=event.label),
            changes=_changes(event),
        )
        for event in events
    ]


def label_of(thing: str, events: QuerySet[Event]) -> str:
    """What a thing ("goal:17") was called last; nothing when nothing was done to it."""
    return events.filter(about=thing, target=thing).order_by("-at", "-pk").values_list("label", flat=True).first() or ""


def doer(event: Event) -> str:
    """Nobody when Sextant did it itself."""
    return "" if event.is_automatic else str(event.by or LEFT)


def _changes(event: Event) -> list[Change]:
    model = model_of(event.target)
    order = order_of(model)
    names = sorted({**event.before, **event.after}, key=lambda name: order.index(name) if name in order else len(order))
    return [
        Change(
            field=field_words(model, name),
            before=value_words(model, name, event.before.get(name)),
            after=value_words(model, name, event.after.get(name)),
        )
        for name in names
    ]
