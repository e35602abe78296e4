"""Columns that answer for a whole table: many small questions asked in the one statement of a row they belong to.

Each is relative to that row: its `rows` are filtered by `OuterRef`. None where there is nothing to count.
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import JSONField, QuerySet, Subquery
from django.db.models.expressions import BaseExpression
from django.db.models.functions import JSONObject

Column = BaseExpression


def tally(rows: "QuerySet[Any]", per: str, **numbers: Any) -> Column:
    """What is counted of the rows that share a value of `per`, as one object."""
    counted = rows.order_by().values(per).annotate(found=JSONObject(**numbers)).values("found")
    return Subquery(counted, output_field=JSONField())


def first(rows: "QuerySet[Any]", **values: Any) -> Column:
    """The first row, as one object."""
    return Subquery(rows.values(found=JSONObject(**values))[:1], output_field=JSONField())


def few(rows: "QuerySet[Any]", most: int, **values: Any) -> Column:
    """The first rows, as a list of objects."""
    return ArraySubquery(rows.values(found=JSONObject(**values))[:most])
