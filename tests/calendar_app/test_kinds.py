"""Content types: two people at once."""

import threading
from typing import Any

import pytest
from django.db import connection, connections

from calendar_app import services
from teams.rules import Role
from tests import make


@pytest.mark.django_db(transaction=True)
def test_of_several_that_take_the_same_name_at_once_all_but_one_are_refused() -> None:
    brand = make.brand()
    editor = make.person(Role.EDITOR, brand=brand)
    start = threading.Barrier(6)
    answers: list[Any] = []

    def one() -> None:
        connection.ensure_connection()
        start.wait()
        try:
            answers.append(services.create_content_kind(brand=brand, name="Behind the roast", color=1, by=editor).name)
        except Exception as error:
            answers.append(type(error))
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, answers)) == sorted(map(str, ["Behind the roast", *[services.PostError] * 5]))
