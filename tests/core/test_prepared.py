"""A statement that PostgreSQL plans once, asked through Django's wrappers."""

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from core.prepared import fetch_one

pytestmark = pytest.mark.django_db
SQL = "SELECT %(number)s::int + 1, 'asked for this test'"


def planned() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%asked for this test%'")
        return int(cursor.fetchone()[0])


def test_statement_is_planned_once_and_answers_each_time() -> None:
    answers = [fetch_one(SQL, {"number": number}) for number in range(8)]

    assert answers == [(number + 1, "asked for this test") for number in range(8)]
    assert planned() == 1


def test_statement_stands_in_djangos_log_of_queries() -> None:
    with CaptureQueriesContext(connection) as queries:
        fetch_one(SQL, {"number": 1})
        fetch_one(SQL, {"number": 2})

    assert ["asked for this test" in query["sql"] for query in queries] == [True, True]


def test_faults_are_djangos() -> None:
    with pytest.raises(ProgrammingError):
        fetch_one("SELECT nothing_of_the_kind", [])
