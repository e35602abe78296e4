"""Observations are written in one place and one way: many at once, each (subject, metric, day, source) once; and with
them, in the same transaction, what is read of them: the figures that count, and whose goals they may move."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from analytics.models import CsvImport, Source
from networks.models import Subject
from teams.models import Brand, User


@dataclass(frozen=True, kw_only=True, order=True)
class New:
    """One value of a metric of a subject on a local day. Of the brand itself, the subject is the brand."""

    subject_id: int
    metric: str
    observed_on: date
    value: Decimal


# Which rows the unique constraints are about: the same conditions as in the models.
_OF_BRAND = "account_id IS NULL AND campaign_id IS NULL"
_COLUMN = {subject: f"{subject.value}_id" for subject in Subject}
_OBSERVED = {subject: f"{column} IS NOT NULL" for subject, column in _COLUMN.items()} | {
    Subject.BRAND: f"{_OF_BRAND} AND delivery_id IS NULL"
}
_DAILY = {**_OBSERVED, Subject.BRAND: _OF_BRAND}

_ROWS = """
    FROM unnest(%(subjects)s::bigint[], %(metrics)s::text[], %(days)s::date[], %(values)s::numeric[])
         AS n(subject, metric, day, value)
"""
_UPSERT = """
    INSERT INTO analytics_observation
        ({columns}, metric_id, observed_on, value, source, fetched_at, entered_by_id, csv_import_id)
    SELECT {values}, n.metric, n.day, n.value, %(source)s, %(at)s, %(by)s, %(csv_import)s
    {rows}
    ON CONFLICT ({column}, metric_id, observed_on, source) WHERE {condition}
    DO UPDATE SET value = excluded.value, fetched_at = excluded.fetched_at,
                  entered_by_id = excluded.entered_by_id, csv_import_id = excluded.csv_import_id
    WHERE analytics_observation.fetched_at <= excluded.fetched_at
"""
# A row only ever moves up in the order in which figures count, so the figure that counts is found without reading the
# others: the new one does, unless the one that is there stands above it. `rebuild` finds the same from all of them.
_DELIVERY_FIGURES = """
    INSERT INTO analytics_deliveryfigure
        (brand_id, delivery_id, metric_id, observed_on, value, source, fetched_at, entered_by_id)
    SELECT DISTINCT ON (n.subject, n.metric)
           %(brand)s, n.subject, n.metric, n.day, n.value, %(source)s, %(at)s::timestamptz, %(by)s::bigint
    {rows}
    ORDER BY n.subject, n.metric, n.day DESC
    ON CONFLICT (delivery_id, metric_id)
    DO UPDATE SET observed_on = excluded.observed_on, value = excluded.value, source = excluded.source,
                  fetched_at = excluded.fetched_at, entered_by_id = excluded.entered_by_id
    WHERE (analytics_deliveryfigure.observed_on, analytics_deliveryfigure.fetched_at, analytics_deliveryfigure.source)
          <= (excluded.observed_on, excluded.fetched_at, excluded.source)
"""
_DAILY_FIGURES = """
    INSERT INTO analytics_dailyfigure
        ({columns}, metric_id, observed_on, value, source, fetched_at, entered_by_id)
    SELECT {values}, n.metric, n.day, n.value, %(source)s, %(at)s, %(by)s
    {rows}
    ON CONFLICT ({column}, metric_id, observed_on) WHERE {condition}
    DO UPDATE SET value = excluded.value, source = excluded.source, fetched_at = excluded.fetched_at,
                  entered_by_id = excluded.entered_by_id
    WHERE (analytics_dailyfigure.fetched_at, analytics_dailyfigure.source) <= (excluded.fetched_at, excluded.source)
"""
# Posts stand on local days of the watcher, whose zone may be another: one day more at both ends is enough.
_TOUCHED = {
    Subject.DELIVERY: """
        SELECT d.account_id, NULL::bigint, true, n.metric,
               (min(d.published_at) AT TIME ZONE 'UTC')::date - 1, (max(d.published_at) AT TIME ZONE 'UTC')::date + 1
        {rows} JOIN calendar_app_delivery d ON d.id = n.subject AND d.published_at IS NOT NULL
        GROUP BY d.account_id, n.metric
    """,
    Subject.ACCOUNT: "SELECT n.subject, NULL::bigint, false, n.metric, min(n.day), max(n.day) {rows} GROUP BY 1, 4",
    Subject.CAMPAIGN: "SELECT NULL::bigint, n.subject, false, n.metric, min(n.day), max(n.day) {rows} GROUP BY 2, 4",
    Subject.BRAND: "SELECT NULL::bigint, NULL::bigint, false, n.metric, min(n.day), max(n.day) {rows} GROUP BY 4",
}
_ARRIVE = """
    WITH RECURSIVE above AS (
        SELECT id, parent_id FROM teams_brand WHERE id = %(brand)s
        UNION SELECT b.id, b.parent_id FROM teams_brand b JOIN above a ON b.id = a.parent_id
    ),
    watching AS (SELECT id FROM above UNION SELECT brand_id FROM plans_target WHERE branch_id = %(brand)s),
    touched (account_id, campaign_id, is_of_posts, metric_id, first_day, last_day) AS ({touched})
    INSERT INTO analytics_arrival
        (workspace_id, watcher_id, brand_id, account_id, campaign_id, is_of_posts, metric_id, first_day, last_day)
    SELECT %(workspace)s, w.id, %(brand)s, t.* FROM watching w CROSS JOIN touched t
"""


@transaction.atomic
def store(
    *, brand: Brand, subject: Subject, rows: Iterable[New], source: Source, at: datetime,
    by: User | None = None, csv_import: CsvImport | None = None,
) -> int:  # fmt: skip
    """Write observations of deliveries, accounts, campaigns or the brand itself, in three statements; answers how many.

    Writing the same again changes nothing but when it was fetched; another value of the same day and source replaces
    the former, unless that was fetched later. Rows go in one order, so that two writers never wait for each other in
    a circle.
    """
    ordered = sorted({(row.subject_id, row.metric, row.observed_on): row for row in rows}.values())
    if not ordered:
        return 0
    values: dict[str, Any] = {
        "brand": brand.pk, "workspace": brand.workspace_id, "source": source.value, "at": at,
        "by": by.pk if by else None, "csv_import": csv_import.pk if csv_import else None,
        "subjects": [row.subject_id for row in ordered], "metrics": [row.metric for row in ordered],
        "days": [row.observed_on for row in ordered], "values": [row.value for row in ordered],
    }  # fmt: skip
    _run(_UPSERT, subject, _OBSERVED, values)
    _run(_DELIVERY_FIGURES if subject is Subject.DELIVERY else _DAILY_FIGURES, subject, _DAILY, values)
    _run(_ARRIVE.replace("{touched}", _TOUCHED[subject]), subject, _DAILY, values)
    return len(ordered)


def _run(statement: str, subject: Subject, conditions: Mapping[Subject, str], values: Mapping[str, Any]) -> None:
    column = _COLUMN[subject]
    is_of_brand = subject is Subject.BRAND
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(
                column=column, condition=conditions[subject], rows=_ROWS,
                columns=column if is_of_brand else f"brand_id, {column}",
                values="n.subject" if is_of_brand else "%(brand)s, n.subject",
            ),
            values,
        )  # fmt: skip


# -- again from the observations --------------------------------------------------------------------------------------

_REBUILD = """
    TRUNCATE analytics_deliveryfigure, analytics_dailyfigure;
    INSERT INTO analytics_deliveryfigure
        (brand_id, delivery_id, metric_id, observed_on, value, source, fetched_at, entered_by_id)
    SELECT DISTINCT ON (delivery_id, metric_id)
           brand_id, delivery_id, metric_id, observed_on, value, source, fetched_at, entered_by_id
    FROM analytics_observation WHERE delivery_id IS NOT NULL
    ORDER BY delivery_id, metric_id, observed_on DESC, fetched_at DESC, source DESC;
    INSERT INTO analytics_dailyfigure
        (brand_id, account_id, campaign_id, metric_id, observed_on, value, source, fetched_at, entered_by_id)
    SELECT DISTINCT ON (brand_id, account_id, campaign_id, metric_id, observed_on)
           brand_id, account_id, campaign_id, metric_id, observed_on, value, source, fetched_at, entered_by_id
    FROM analytics_observation WHERE delivery_id IS NULL
    ORDER BY brand_id, account_id, campaign_id, metric_id, observed_on, fetched_at DESC, source DESC;
"""


@transaction.atomic
def rebuild_rollups() -> None:
    """Make all figures that count anew from the observations. Nothing is written meanwhile, and pages wait."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE analytics_observation IN SHARE MODE")
        cursor.execute(_REBUILD)
