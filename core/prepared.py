"""Statements that are asked before every page: PostgreSQL plans them once for each connection, not each time."""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection


class _Cursor(psycopg.Cursor[Any]):
    """Binds on the server, and prepares at once; Django's own cursors do neither."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> "_Cursor":
        return super().execute(query, params, prepare=True)

    def _convert_query(self, query: Any, params: Any = None) -> Any:
        """Django's log of queries reads it from here, and psycopg leaves it out when a statement is prepared."""
        self._query = super()._convert_query(query, params)
        return self._query


def fetch_one(sql: str, params: Sequence[Any] | Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The first row that a statement answers, through Django's wrappers: it is counted and its errors are Django's.

    Worth it where planning takes longer than answering: a statement of several parts that each read a row or two. Its
    text must be the same each time.
    """
    connection.ensure_connection()
    raw: Any = _Cursor(connection.connection)
    with connection.make_debug_cursor(raw) if connection.queries_logged else connection.make_cursor(raw) as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()  # type: ignore[no-any-return]
