"""A worker whose drains have stopped although it answers pings ends, is started again, and work goes on."""

import pytest
from celery import Celery
from django.db import connection, transaction

from activity.models import Channel
from teams.models import User
from tests.faults import stock
from tests.faults.processes import Crew, until
from tests.faults.servers import Valkey, proxy_to
from tests.faults.sinks import MailSink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
SUPERVISED = ("-m", "tests.faults.supervised")


def ping(valkey: Valkey) -> bool:
    with Celery("asker", broker=valkey.url) as asker:
        return bool(asker.control.ping(timeout=5))


@pytest.fixture
def reader(transactional_db: None) -> list[User]:
    return stock.people(1)


def work_goes_on(sink: MailSink, reader: list[User]) -> None:
    mails = stock.messages(3, Channel.EMAIL, to=reader)
    until(lambda: stock.ids(mails) <= set(sink.times), 90, "mails go out")


def test_worker_whose_connections_lead_nowhere_is_started_again(
    crew: Crew, valkey: Valkey, sink: MailSink, reader: list[User]
) -> None:
    with proxy_to(valkey.port) as proxy:
        crew.beat(REDIS_URL=valkey.url)
        supervisor = crew.start(*SUPERVISED, REDIS_URL=f"redis://127.0.0.1:{proxy.port}/0")
        work_goes_on(sink, reader)

        proxy.swallow()

        until(lambda: "has not heard its own bell" in supervisor.said)
        work_goes_on(sink, reader)


def test_worker_hears_again_after_its_connections_were_reset(
    crew: Crew, valkey: Valkey, sink: MailSink, reader: list[User]
) -> None:
    with proxy_to(valkey.port) as proxy:
        crew.beat(REDIS_URL=valkey.url)
        crew.start(*SUPERVISED, REDIS_URL=f"redis://127.0.0.1:{proxy.port}/0")
        for _ in range(6):
            work_goes_on(sink, reader)
            until(proxy.reset, what="it connects again")
        work_goes_on(sink, reader)


def test_worker_whose_threads_are_stuck_is_started_again(
    crew: Crew, valkey: Valkey, sink: MailSink, reader: list[User]
) -> None:
    crew.environment["REDIS_URL"] = valkey.url
    crew.beat()
    supervisor = crew.start(*SUPERVISED)
    work_goes_on(sink, reader)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE activity_message IN ACCESS EXCLUSIVE MODE")
        until(lambda: "A task has not ended" in supervisor.said)
        assert ping(valkey)

    work_goes_on(sink, reader)
