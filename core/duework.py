"""Work that must happen at a time: a row that is claimed, done once, and never lost.

PostgreSQL is the truth; a queue or a clock is only a doorbell, and any number of them may ring at once. A row goes

    waiting -> claimed -> done
                  |-----> waiting again, later (retry with full jitter; the lease of a dead process runs out: sweep)
                  |-----> dead (after the last attempt; a person may retry or discard)
    waiting or claimed -> canceled

The database's clock decides what is due, so that a machine with a wrong clock sends nothing early.
"""

import random
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.functions import Now
from django.db.models.sql import UpdateQuery
from django.utils.translation import gettext_lazy as _

LEASE = timedelta(seconds=120)
FIRST_RETRY = timedelta(seconds=15)
LONGEST_RETRY = timedelta(hours=1)
MOST_ATTEMPTS = 10


def database_now() -> datetime:
    """What time it is on the one clock that all processes share."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cast(datetime, cursor.fetchone()[0])


class DueState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    CLAIMED = "claimed", _("in progress")
    DONE = "done", _("done")
    CANCELED = "canceled", _("canceled")
    DEAD = "dead", _("given up")


def backoff(attempts: int, *, retry_after: timedelta | None = None) -> timedelta:
    """How long to wait after the given number of failed attempts: full jitter under a doubling cap, at least one
    second, and never less than the other side asked for."""
    cap: timedelta = min(LONGEST_RETRY, FIRST_RETRY * int(2 ** min(max(0, attempts - 1), 16)))
    wait = max(timedelta(seconds=1), cap * random.random())
    return max(wait, retry_after) if retry_after else wait


class DueQuerySet(models.QuerySet[Any]):
    def claim(self, *, limit: int, lease: timedelta = LEASE, **only: str | int | list[int]) -> list[Any]:
        """Take up to `limit` due rows for this process alone, oldest first, and count the attempt.

        One statement on the database's clock; rows that another process is claiming are skipped, not waited for. An
        array of keys, because PostgreSQL would read the whole table to join more than a few hundred rows.
        `only` names columns and the value they must have, or the list of which it must be one: channel="email".
        """
        meta = self.model._meta
        table = connection.ops.quote_name(meta.db_table)
        token = uuid.uuid4()
        also = "".join(
            f" AND {connection.ops.quote_name(column)} = {'ANY(%s)' if isinstance(value, list) else '%s'}"
            for column, value in only.items()
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                UPDATE {table} SET state = 'claimed', lease_token = %s,
                       lease_until = statement_timestamp() + make_interval(secs => %s), attempts = attempts + 1
                WHERE id = ANY(ARRAY(
                    SELECT id FROM {table} WHERE state = 'waiting' AND next_attempt_at <= statement_timestamp(){also}
                    ORDER BY next_attempt_at LIMIT %s FOR UPDATE SKIP LOCKED))
                RETURNING id
                """,  # noqa: S608 -- the names of the table and its columns
                [token, lease.total_seconds(), *only.values(), limit],
            )
            ids = [row[0] for row in cursor.fetchall()]
        return list(self.filter(pk__in=ids, lease_token=token).order_by("next_attempt_at", "pk")) if ids else []

    def renew(self, row: "DueWork", *, lease: timedelta = LEASE) -> bool:
        """Immediately before the act that cannot be undone. False: the row was canceled, moved or taken: stop."""
        return bool(self._held(row).update(lease_until=Now() + lease))

    def finish(self, row: "DueWork", **changes: Any) -> bool:
        return bool(self._held(row).update(state=DueState.DONE, done_at=Now(), lease_until=None, **changes))

    def renew_all(self, rows: Collection[Any], *, lease: timedelta = LEASE) -> list[Any]:
        """Like `renew`, for several at once; answers those of the rows that are still held."""
        held = set(self._all_held(rows)._update_returning(lease_until=Now() + lease))
        return [row for row in rows if row.pk in held]

    def finish_all(self, rows: Collection["DueWork"], **changes: Any) -> list[int]:
        """Marks rows done that are still held; what the caller does in the same transaction for the rows whose keys
        are answered happens exactly once."""
        done = {"state": DueState.DONE, "done_at": Now(), "lease_until": None}
        return self._all_held(rows)._update_returning(**done, **changes)

    def finish_and_renew(
        self, done: Collection["DueWork"], wanted: Collection[Any], *, lease: timedelta = LEASE, **changes: str
    ) -> list[Any]:
        """`finish_all` for what was just done and `renew_all` for what comes next, in one statement; answers those of
        the latter that are still held. Written out, because it runs once for every mail."""
        quote = connection.ops.quote_name
        set_too = "".join(f", {quote(name)} = CASE WHEN is_done THEN %s ELSE {quote(name)} END" for name in changes)
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                UPDATE {quote(self.model._meta.db_table)} AS work
                SET state = CASE WHEN is_done THEN 'done' ELSE state END,
                    done_at = CASE WHEN is_done THEN statement_timestamp() END,
                    lease_until = CASE WHEN NOT is_done THEN statement_timestamp() + make_interval(secs => %s) END
                    {set_too}
                FROM unnest(%s::bigint[], %s::uuid[], %s::boolean[]) AS held (id, token, is_done)
                WHERE work.id = held.id AND lease_token = held.token AND state = 'claimed' RETURNING work.id
                """,  # noqa: S608 -- the names of the table and its columns
                [
                    lease.total_seconds(),
                    *changes.values(),
                    [row.pk for row in (*done, *wanted)],
                    [row.lease_token for row in (*done, *wanted)],
                    [True] * len(done) + [False] * len(wanted),
                ],
            )
            held = {row[0] for row in cursor.fetchall()}
        return [row for row in wanted if row.pk in held]

    def retry(self, row: "DueWork", *, error: str, retry_after: timedelta | None = None) -> bool:
        """Give the row back for later, or call it dead after the last attempt."""
        if row.attempts >= self.model.most_attempts:
            return self.bury(row, error=error)
        wait = backoff(row.attempts, retry_after=retry_after)
        return bool(
            self._held(row).update(
                state=DueState.WAITING, next_attempt_at=Now() + wait, lease_until=None, last_error=error[:500]
            )
        )

    def bury(self, row: "DueWork", *, error: str) -> bool:
        return bool(self._held(row).update(state=DueState.DEAD, lease_until=None, last_error=error[:500]))

    def drop(self, row: "DueWork", *, reason: str) -> bool:
        """The row turned out not to be wanted any more."""
        return bool(self._held(row).update(state=DueState.CANCELED, lease_until=None, last_error=reason[:500]))

    def postpone(self, row: "DueWork", *, until: datetime, **changes: Any) -> bool:
        """The row turned out to be due later: it waits, and the attempt does not count."""
        return bool(
            self._held(row).update(
                state=DueState.WAITING, due_at=until, next_attempt_at=until, lease_until=None,
                attempts=models.F("attempts") - 1, **changes,
            )
        )  # fmt: skip

    def release(self, rows: Collection["DueWork"]) -> int:
        """Give back rows that were claimed but not tried: the attempt does not count."""
        return self._all_held(rows).update(state=DueState.WAITING, lease_until=None, attempts=models.F("attempts") - 1)

    def sweep(self) -> int:
        """Give back the rows whose process died holding them, however long ago that was; a row that was so lost at
        its last attempt is dead, so that one that kills its process cannot do so for ever.

        A row that a process which came to a stop has locked is left for the next time: nobody waits for it.
        """
        table = connection.ops.quote_name(self.model._meta.db_table)
        most = self.model.most_attempts
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                UPDATE {table} SET state = CASE WHEN attempts >= %s THEN 'dead' ELSE 'waiting' END,
                       last_error = CASE WHEN attempts >= %s THEN %s ELSE last_error END,
                       next_attempt_at = statement_timestamp(), lease_until = NULL
                WHERE id = ANY(ARRAY(
                    SELECT id FROM {table} WHERE state = 'claimed' AND lease_until < statement_timestamp()
                    FOR UPDATE SKIP LOCKED))
                """,  # noqa: S608 -- the name of the table
                [most, most, "The process that worked on it died."],
            )
            return int(cursor.rowcount)

    def cancel(self) -> int:
        """Whatever of these was not done yet will not be: also a row in another process's hands, up to its renew."""
        open_states = (DueState.WAITING, DueState.CLAIMED, DueState.DEAD)
        return self.filter(state__in=open_states).update(state=DueState.CANCELED, lease_until=None)

    def revive(self) -> int:
        """A person asks to try dead rows again."""
        return self.filter(state=DueState.DEAD).update(state=DueState.WAITING, attempts=0, next_attempt_at=Now())

    def dead(self) -> Self:
        return self.filter(state=DueState.DEAD)

    def waiting(self) -> Self:
        return self.filter(state=DueState.WAITING)

    def late(self, *, now: datetime, by: timedelta) -> Self:
        return self.filter(state__in=(DueState.WAITING, DueState.CLAIMED), due_at__lt=now - by)

    def _update_returning(self, **values: Any) -> list[int]:
        """Like `update`, but answers the keys of the rows that it changed, in the same statement."""
        query = cast(UpdateQuery, self.query.chain(UpdateQuery))
        query.add_update_values(values)
        try:
            sql, params = query.get_compiler(self.db).as_sql()
        except EmptyResultSet:  # none was asked for
            return []
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} RETURNING id", params)
            return [row[0] for row in cursor.fetchall()]

    def _held(self, row: "DueWork") -> Self:
        return self.filter(pk=row.pk, state=DueState.CLAIMED, lease_token=row.lease_token)

    def _all_held(self, rows: Collection["DueWork"]) -> Self:
        """Tokens are never used twice, so that a row with one of these and one of these keys is the very claim."""
        tokens = {row.lease_token for row in rows}
        return self.filter(pk__in=[row.pk for row in rows], state=DueState.CLAIMED, lease_token__in=tokens)


class DueWork(models.Model):
    most_attempts: ClassVar[int] = MOST_ATTEMPTS

    state = models.CharField(max_length=8, choices=DueState, default=DueState.WAITING)
    due_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True


def due_indexes(prefix: str, *only: str) -> Sequence[models.Index]:
    """The partial indexes that `claim` and `sweep` read: small however many finished rows there are.

    `only` are the columns by which rows are claimed apart.
    """
    return [
        models.Index(fields=[*only, "next_attempt_at"], name=f"{prefix}_due", condition=models.Q(state="waiting")),
        models.Index(fields=["lease_until"], name=f"{prefix}_held", condition=models.Q(state="claimed")),
        models.Index(fields=["due_at"], name=f"{prefix}_dead", condition=models.Q(state="dead")),
    ]


def due_constraints(prefix: str) -> Sequence[models.BaseConstraint]:
    return [
        models.CheckConstraint(
            condition=models.Q(state="claimed", lease_token__isnull=False, lease_until__isnull=False)
            | (~models.Q(state="claimed") & models.Q(lease_until__isnull=True)),
            name=f"{prefix}_lease_iff_claimed",
        ),
    ]
