"""What the home of a brand shows of its calendar: the next seven days, and what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from calendar_app.models import MISSED_AFTER, DeliveryState
from core.desk import Panel
from plans.steps import Sight
from teams.models import Brand
from teams.rules import Role

DAYS = 7
MOST_A_DAY = 4
MOST_LATE = 6

# As in `queries`: local days are compared as they were chosen; the moments, a day wider, only lead to the index.
_SQL = """
    WITH lines AS NOT MATERIALIZED (
        SELECT d.id, d.post_id AS post, p.title, d.local_date AS day, d.local_time AS clock, d.publish_at,
               n.name || ' · ' || a.handle AS account, a.color, d.state, coalesce(p.assignee_id, p.author_id) AS person
        FROM calendar_app_delivery d JOIN calendar_app_post p ON p.id = d.post_id
        JOIN audits_socialaccount a ON a.id = d.account_id JOIN networks_network n ON n.slug = a.network_id
        WHERE d.brand_id = %(brand)s AND p.deleted_at IS NULL
    ), week AS (
        SELECT *, FALSE AS is_late, count(*) OVER (PARTITION BY day) AS total,
               row_number() OVER (PARTITION BY day ORDER BY clock, id) AS place
        FROM lines
        WHERE publish_at >= %(from)s AND publish_at < %(to)s AND day >= %(first)s AND day < %(end)s
    ), late AS (
        SELECT *, TRUE AS is_late, count(*) OVER () AS total,
               row_number() OVER (ORDER BY (person = %(me)s) IS TRUE DESC, publish_at DESC, id) AS place
        FROM lines WHERE state = 'scheduled' AND publish_at < %(now)s
    ), shown AS (
        SELECT * FROM week WHERE place <= %(a_day)s UNION ALL SELECT * FROM late WHERE place <= %(late)s
    )
    SELECT s.id, s.post, s.title, s.day, s.clock, s.account, s.color, s.person, s.is_late, s.total,
           CASE WHEN s.state = 'scheduled' AND s.publish_at < %(missed)s THEN 'missed' ELSE s.state END AS state,
           coalesce(nullif(u.name, ''), u.email, '') AS person_name
    FROM shown s LEFT JOIN teams_user u ON u.id = s.person
    ORDER BY s.is_late, CASE WHEN s.is_late THEN NULL ELSE s.day END, s.place
"""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A delivery in a few words. `total` counts those of its day, or all that are late."""

    id: int
    post: int
    title: str
    day: date
    clock: time
    account: str
    color: int
    person: int | None
    is_late: bool
    total: int
    state: DeliveryState
    person_name: str


@dataclass(frozen=True, kw_only=True)
class WeekDay:
    """One of the seven days: what is shown of it, and how many more there are."""

    day: date
    is_today: bool
    lines: Sequence[Line]

    @property
    def more(self) -> int:
        return self.lines[0].total - len(self.lines) if self.lines else 0


def week_panels(brand: Brand, sight: Sight) -> list[Panel]:
    """For everybody the seven days, for editors what is late, their own first. One query."""
    rows = _lines(brand, sight)
    of_day = {day: list(group) for day, group in groupby([row for row in rows if not row.is_late], attrgetter("day"))}
    days = [sight.today + timedelta(days=number) for number in range(DAYS)]
    week = [WeekDay(day=day, is_today=day == sight.today, lines=of_day.get(day, [])) for day in days]
    panels = [
        Panel(slug="week", title=_("The next seven days"), template="calendar_app/_week.html", data={"days": week})
    ]
    late = [row for row in rows if row.is_late]
    if late and sight.is_for(Role.EDITOR):
        data = {"lines": late, "more": late[0].total - len(late), "me": sight.user.pk if sight.user else None}
        panels.append(Panel(slug="late", title=_("Late"), template="calendar_app/_late.html", data=data))
    return panels


def _lines(brand: Brand, sight: Sight) -> list[Line]:
    first, end = sight.today, sight.today + timedelta(days=DAYS)
    values: dict[str, Any] = {
        "brand": brand.pk, "first": first, "end": end, "from": first - timedelta(days=1),
        "to": end + timedelta(days=1), "now": sight.now, "missed": sight.now - MISSED_AFTER,
        "me": sight.user.pk if sight.user else None, "a_day": MOST_A_DAY, "late": MOST_LATE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [Line(**{**row, "state": DeliveryState(row["state"])}) for row in rows]
