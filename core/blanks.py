"""A long question to the database, written once with blanks and asked often.

Django takes longer to write a statement of a dozen parts than PostgreSQL takes to answer it, and writes it anew each
time. A `Statement` keeps what it wrote; what differs from time to time stands in it as a `Blank`.

PostgreSQL still plans it anew each time (it is not prepared, as `core.prepared` does it): one plan for all brands reads
whole tables, since it does not know how small the brand is.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Expression, Field, QuerySet


class Blank(Expression):
    """A value that a statement leaves open until it is asked. It may stand wherever an expression may."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


class Statement:
    """What a queryset with blanks asks: its rows as dictionaries, by the names that were given to `values`."""

    def __init__(self, rows: "QuerySet[Any, dict[str, Any]]") -> None:
        compiler = rows.query.get_compiler(connection=connection)
        self.sql, self.params = compiler.as_sql()
        self.names = [*rows.query.values_select, *rows.query.annotation_select]
        self.converters = compiler.get_converters([part for part, _sql, _alias in compiler.select])

    def fetch(self, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """One query. Every blank must have its value."""
        filled = [values[param.name] if isinstance(param, Blank) else param for param in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, filled)
            return [self._row(list(row)) for row in cursor.fetchall()]

    def _row(self, row: list[Any]) -> dict[str, Any]:
        for position, (steps, part) in self.converters.items():
            for step in steps:
                row[position] = step(row[position], part, connection)
        return dict(zip(self.names, row, strict=True))
