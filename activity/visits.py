"""What changed since a person last looked at a brand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from activity.models import Event
from activity.queries import doer
from activity.verbs import sentence
from teams.models import Brand, User
from teams.rules import Role

SITTING = timedelta(hours=1)  # who comes back sooner has not been away
WRITTEN_EVERY = timedelta(minutes=10)
NEW_SEES = timedelta(days=7)  # of whoever comes for the first time
MOST = 10
READ = 200  # lines that are looked through for them

# Reads the visit, and writes it when it is old enough; two pages at once end in one row.
_SQL = """
    WITH kept AS (SELECT seen_at, before_at FROM activity_visit WHERE brand_id = %(brand)s AND user_id = %(user)s),
    written AS (
        INSERT INTO activity_visit AS visit (brand_id, user_id, seen_at)
        SELECT %(brand)s, %(user)s, %(now)s
        WHERE NOT EXISTS (SELECT FROM kept WHERE seen_at > %(now)s - %(every)s)
        ON CONFLICT (brand_id, user_id) DO UPDATE SET seen_at = excluded.seen_at,
            before_at = CASE WHEN visit.seen_at < excluded.seen_at - %(sitting)s
                        THEN visit.seen_at ELSE visit.before_at END
            WHERE visit.seen_at < excluded.seen_at
        RETURNING before_at
    )
    SELECT before_at, 1 AS place FROM written UNION ALL SELECT before_at, 2 FROM kept ORDER BY place LIMIT 1
"""


def visit(*, brand: Brand, user: User, now: datetime) -> datetime | None:
    """Notes that the person looks at the brand; answers when they did so in the sitting before, if ever. One statement,
    which writes at most every ten minutes."""
    every: dict[str, Any] = {"every": WRITTEN_EVERY, "sitting": SITTING}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"brand": brand.pk, "user": user.pk, "now": now, **every})
        row = cursor.fetchone()
    return row[0] if row else None


@dataclass(frozen=True, kw_only=True)
class News:
    """A line of what changed: the newest deed of its kind, how many more there were like it, and when."""

    at: datetime
    words: str
    more: int


@dataclass(frozen=True, kw_only=True)
class Since:
    """What others did since then. `has_more`: the history tells the rest."""

    at: datetime | None  # None: the person was never here before
    news: Sequence[News]
    has_more: bool


def since(*, brand: Brand, user: User, role: Role, before: datetime | None, now: datetime) -> Since:
    """What others, and Sextant itself, did since the visit before; guests hear of the plan only. One query."""
    rows = Event.objects.filter(brand=brand, at__gt=before or now - NEW_SEES)
    if not role.covers(Role.EDITOR):
        rows = rows.filter(verb__startswith="plans.")
    read = list(rows.select_related("by").order_by("-at", "-pk")[:READ])
    groups: dict[tuple[str, int | None], list[Event]] = {}
    for event in (event for event in read if event.by_id != user.pk):
        groups.setdefault((event.verb, event.by_id), []).append(event)
    shown = [_news(group) for group in list(groups.values())[:MOST]]
    return Since(at=before, news=shown, has_more=len(groups) > MOST or len(read) == READ)


def _news(group: Sequence[Event]) -> News:
    """Events of one kind by one person, the newest first; what was done twice to one thing counts once."""
    newest = group[0]
    things = {event.about for event in group}
    words = sentence(newest.verb, person=doer(newest), label=newest.label)
    return News(at=newest.at, words=words, more=len(things) - 1)
