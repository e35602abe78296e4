"""A webhook is under way when the process that calls is killed."""

import threading
from typing import Any

import pytest

from activity.models import Heartbeat, Message
from tests import make
from tests.activity.sink import sinking
from tests.core.servers import answer
from tests.faults import stock
from tests.faults.processes import Crew, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
MESSAGES = 30


def test_what_was_under_way_is_told_again_under_the_same_number(crew: Crew) -> None:
    """Each at least once, and the one that was told twice can be known by its number."""
    killed = threading.Event()

    def speechless(connection: Any, head: str) -> None:
        killed.wait(30)
        answer(b"taken")(connection, head)

    with sinking() as sink:
        sink.behavior = speechless
        endpoint = make.endpoint(url=sink.url)
        rows = [make.hook(endpoint=endpoint) for _ in range(MESSAGES)]
        caller = crew.loop(OUTBOUND_ALLOWED_HOSTS="127.0.0.1")
        until(lambda: sink.requests)
        caller.kill()
        killed.set()
        stock.let_leases_run_out()
        Heartbeat.objects.filter(name="hooks").update(held_until=None)
        crew.loop(OUTBOUND_ALLOWED_HOSTS="127.0.0.1")
        until(lambda: Message.objects.filter(endpoint=endpoint, state="done").count() == len(rows))
        numbers = [request.number for request in sink.requests]

    assert len(set(numbers)) == len(rows)
    assert len(numbers) <= len(rows) + 1
    assert numbers.count(numbers[0]) == len(numbers) - len(rows) + 1
