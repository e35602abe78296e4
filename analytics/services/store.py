"""Observations are written in one place and one way: many at once, each (subject, metric, day, source) once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from analytics.models import CsvImport, Source
from networks.models import Subject
from teams.models import Brand, User


@dataclass(frozen=True, kw_only=True, order=True)
class New:
    """One value of a metric of a subject on a local day."""

    subject_id: int
    metric: str
    observed_on: date
    value: Decimal


_UPSERT = """
    INSERT INTO analytics_observation
        (brand_id, {subject}_id, metric_id, observed_on, value, source, fetched_at, entered_by_id, csv_import_id)
    SELECT %(brand)s, n.subject, n.metric, n.day, n.value, %(source)s, %(at)s, %(by)s, %(csv_import)s
    FROM unnest(%(subjects)s::bigint[], %(metrics)s::text[], %(days)s::date[], %(values)s::numeric[])
         AS n(subject, metric, day, value)
    ON CONFLICT ({subject}_id, metric_id, observed_on, source) WHERE {subject}_id IS NOT NULL
    DO UPDATE SET value = excluded.value, fetched_at = excluded.fetched_at,
                  entered_by_id = excluded.entered_by_id, csv_import_id = excluded.csv_import_id
    WHERE analytics_observation.fetched_at <= excluded.fetched_at
"""


def store(
    *, brand: Brand, subject: Subject, rows: Iterable[New], source: Source, at: datetime,
    by: User | None = None, csv_import: CsvImport | None = None,
) -> int:  # fmt: skip
    """Write observations of deliveries, or of accounts, in one statement; answers how many.

    Writing the same again changes nothing but when it was fetched; another value of the same day and source replaces
    the former, unless that was fetched later. Rows go in one order, so that two writers never wait for each other in
    a circle.
    """
    ordered = sorted({(row.subject_id, row.metric, row.observed_on): row for row in rows}.values())
    if not ordered:
        return 0
    values: dict[str, Any] = {
        "brand": brand.pk, "source": source.value, "at": at, "by": by.pk if by else None,
        "csv_import": csv_import.pk if csv_import else None,
        "subjects": [row.subject_id for row in ordered], "metrics": [row.metric for row in ordered],
        "days": [row.observed_on for row in ordered], "values": [row.value for row in ordered],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT.format(subject=subject.value), values)
    return len(ordered)
