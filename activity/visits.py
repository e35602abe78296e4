"""When a person last looked at a brand."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from teams.models import Brand, User

SITTING = timedelta(hours=1)  # who comes back sooner has not been away
WRITTEN_EVERY = timedelta(minutes=10)

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
