"""Lets one process through at a time, on the database's clock: a drain that waits for others must not fill a worker."""

from datetime import datetime, timedelta
from typing import Self

from django.db import connection

from activity.models import Heartbeat

HELD = timedelta(seconds=30)  # longer than anything that is waited for between two renewals


class Turnstile:
    """`with Turnstile("hooks") as turnstile: if turnstile.is_mine: …`, renewing now and then.

    Who holds it and stops (killed, or suspended) is replaced when the hold has run out.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._until: datetime | None = None

    @property
    def is_mine(self) -> bool:
        return self._until is not None

    def __enter__(self) -> Self:
        self._until = self._take("held_until IS NULL OR activity_heartbeat.held_until < statement_timestamp()", [])
        return self

    def __exit__(self, *_: object) -> None:
        if self._until is not None:
            Heartbeat.objects.filter(name=self._name, held_until=self._until).update(held_until=None)

    def renew(self) -> bool:
        """False: it was held for too long without renewal, and somebody else has gone through."""
        self._until = self._take("held_until = %s", [self._until])
        return self.is_mine

    def _take(self, condition: str, values: list[datetime | None]) -> datetime | None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                INSERT INTO activity_heartbeat (name, at, held_until)
                VALUES (%s, statement_timestamp(), statement_timestamp() + make_interval(secs => %s))
                ON CONFLICT (name) DO UPDATE SET held_until = excluded.held_until
                WHERE activity_heartbeat.{condition} RETURNING held_until
                """,  # noqa: S608 -- one of the two conditions above
                [self._name, HELD.total_seconds(), *values],
            )
            row = cursor.fetchone()
        return row[0] if row else None
