"""What was published and measured, added up by the database: day by day, or each publication by itself.

One statement serves any number of targets. Those that ask for the same thing share one scope; the days are the local
days of the brand whose goals are judged, whose bounds Python decides (`core.localtime`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db import connection

from core.localtime import start_of_day
from plans.rules.gathered import KEPT_DELIVERIES, DayFact, Posts
from plans.rules.results import DeliveryResult

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which publications, and which figure of them. `given` are those of the accounts whose network gives it."""

    metric: str
    accounts: tuple[int, ...]
    given: tuple[int, ...]
    format: str = ""
    content_kind_id: int | None = None
    campaign_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Each:
    """Every publication of a scope within some days, compared with a number by itself."""

    scope: Scope
    low: Decimal | None
    high: Decimal | None
    first: date
    last: date


_PUBLISHED = """
    WITH published AS MATERIALIZED (
        SELECT d.id, d.account_id, p.format, p.content_kind_id, p.campaign_id,
               width_bucket(d.published_at, %(starts)s::timestamptz[]) AS day
        FROM calendar_app_delivery d JOIN calendar_app_post p ON p.id = d.post_id AND p.deleted_at IS NULL
        WHERE d.state = 'published' AND d.account_id = ANY(%(accounts)s)
          AND d.published_at >= %(first)s AND d.published_at < %(end)s
    ),
    scope AS (
        SELECT n, metric, accounts::bigint[], given::bigint[], format, kind, campaign, low, high, first, last
        FROM unnest(
            %(metric)s::text[], %(scope_accounts)s::text[], %(given)s::text[], %(format)s::text[], %(kind)s::bigint[],
            %(campaign)s::bigint[], %(low)s::numeric[], %(high)s::numeric[], %(first_day)s::int[], %(last_day)s::int[]
        ) WITH ORDINALITY AS s(metric, accounts, given, format, kind, campaign, low, high, first, last, n)
    )
"""
_WITHIN = """
    p.account_id = ANY(s.accounts) AND (s.format = '' OR p.format = s.format)
    AND (s.kind IS NULL OR p.content_kind_id = s.kind) AND (s.campaign IS NULL OR p.campaign_id = s.campaign)
    AND p.day BETWEEN s.first AND s.last
"""
_FIGURE = "analytics_deliveryfigure f ON f.delivery_id = p.id AND f.metric_id = s.metric"
_FITS = "(s.low IS NULL OR f.value >= s.low) AND (s.high IS NULL OR f.value <= s.high)"
_DAYS = f"""
    {_PUBLISHED}
    SELECT s.n, p.day, count(*), count(f.value),
           count(*) FILTER (WHERE f.value IS NULL AND NOT p.account_id = ANY(s.given)),
           coalesce(sum(f.value), 0), max(f.fetched_at),
           array_agg(f.value) FILTER (WHERE f.value IS NOT NULL AND s.n = ANY(%(valued)s))
    FROM scope s JOIN published p ON {_WITHIN} LEFT JOIN {_FIGURE}
    GROUP BY s.n, p.day ORDER BY s.n, p.day
"""  # noqa: S608 -- only the constants above
_TALLIES = f"""
    {_PUBLISHED}
    SELECT s.n, count(f.value) FILTER (WHERE {_FITS}), count(f.value), coalesce(sum(f.value), 0),
           count(*) FILTER (WHERE f.value IS NULL AND p.account_id = ANY(s.given)),
           count(*) FILTER (WHERE f.value IS NULL AND NOT p.account_id = ANY(s.given)), max(f.fetched_at)
    FROM scope s JOIN published p ON {_WITHIN} LEFT JOIN {_FIGURE}
    GROUP BY s.n
"""  # noqa: S608
_LATEST = f"""
    {_PUBLISHED}
    SELECT s.n, found.is_short, found.id, d.brand_id, post.title, found.day, found.value
    FROM scope s CROSS JOIN LATERAL (
        (SELECT false AS is_short, p.id, p.day, f.value FROM published p JOIN {_FIGURE} WHERE {_WITHIN}
         ORDER BY p.day DESC, p.id DESC LIMIT %(kept)s)
        UNION ALL
        (SELECT true, p.id, p.day, f.value FROM published p JOIN {_FIGURE} WHERE {_WITHIN} AND NOT ({_FITS})
         ORDER BY p.day DESC, p.id DESC LIMIT %(kept)s)
    ) AS found
    JOIN calendar_app_delivery d ON d.id = found.id JOIN calendar_app_post post ON post.id = d.post_id
    ORDER BY s.n, found.is_short, found.day DESC, found.id DESC
"""  # noqa: S608


def days(
    scopes: Sequence[Scope], *, first: date, last: date, zone: str, valued: frozenset[Scope]
) -> dict[Scope, list[DayFact]]:
    """The days on which anything was published in each scope, oldest first, with the single figures of `valued` ones.
    One query."""
    asked = [Each(scope=scope, low=None, high=None, first=first, last=last) for scope in scopes]
    numbers = [number for number, scope in enumerate(scopes, 1) if scope in valued]
    found: dict[Scope, list[DayFact]] = {scope: [] for scope in scopes}
    for number, day, count, known, never, total, at, values in _rows(_DAYS, asked, first, last, zone, valued=numbers):
        found[scopes[number - 1]].append(
            DayFact(
                day=first + (day - 1) * DAY, count=count, known=known, not_available=never, total=total,
                values=sorted(values or ()), fetched_at=at,
            )
        )  # fmt: skip
    return found


def posts(asked: Sequence[Each], *, zone: str) -> dict[Each, tuple[Posts, datetime | None]]:
    """How many publications met each number, the latest ones and those that fell short, and when the newest of these
    figures came in. Two queries."""
    first, last = min(one.first for one in asked), max(one.last for one in asked)
    rows: dict[tuple[int, bool], list[DeliveryResult]] = {}
    latest_rows = _rows(_LATEST, asked, first, last, zone, kept=KEPT_DELIVERIES)
    for number, is_short, pk, brand_id, title, day, value in latest_rows:
        is_met = not is_short and _is_met(asked[number - 1], value)
        result = DeliveryResult(
            id=pk, brand_id=brand_id, label=title, day=first + (day - 1) * DAY, actual=value, is_met=is_met
        )
        rows.setdefault((number, is_short), []).append(result)
    found: dict[Each, tuple[Posts, datetime | None]] = {one: (Posts(), None) for one in asked}
    for number, met, judged, total, not_yet, never, at in _rows(_TALLIES, asked, first, last, zone):
        latest, short = rows.get((number, False), []), rows.get((number, True), [])
        tally = Posts(
            met=met, judged=judged, total=total, not_yet=not_yet, not_available=never, latest=tuple(reversed(latest)),
            short=tuple(short),
        )  # fmt: skip
        found[asked[number - 1]] = tally, at
    return found


def _is_met(one: Each, value: Decimal) -> bool:
    return (one.low is None or value >= one.low) and (one.high is None or value <= one.high)


def _rows(sql: str, asked: Sequence[Each], first: date, last: date, zone: str, **more: Any) -> list[Any]:
    starts = [start_of_day(first + number * DAY, zone) for number in range((last - first).days + 2)]
    scopes = [one.scope for one in asked]
    values: Mapping[str, Any] = {
        "starts": starts[:-1], "first": starts[0], "end": starts[-1],
        "accounts": sorted({pk for scope in scopes for pk in scope.accounts}),
        "metric": [scope.metric for scope in scopes], "format": [scope.format for scope in scopes],
        "scope_accounts": [_array(scope.accounts) for scope in scopes],
        "given": [_array(scope.given) for scope in scopes],
        "kind": [scope.content_kind_id for scope in scopes], "campaign": [scope.campaign_id for scope in scopes],
        "low": [one.low for one in asked], "high": [one.high for one in asked],
        "first_day": [(one.first - first).days + 1 for one in asked],
        "last_day": [(one.last - first).days + 1 for one in asked], **more,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _array(numbers: Sequence[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def between(facts: Sequence[DayFact], first: date, last: date) -> Sequence[DayFact]:
    """Those of sorted days that lie between two, both included."""
    by_day = attrgetter("day")
    return facts[bisect_left(facts, first, key=by_day) : bisect_right(facts, last, key=by_day)]
