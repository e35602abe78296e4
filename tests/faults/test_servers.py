"""Redis or PostgreSQL dies while messages go out."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from activity.models import Channel, Heartbeat
from tests.faults import stock
from tests.faults.processes import Crew, until
from tests.faults.servers import Postgres, Valkey
from tests.faults.sinks import MailSink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


def test_redis_killed_for_ten_seconds_loses_nothing(crew: Crew, valkey: Valkey, sink: MailSink) -> None:
    readers = stock.people(20)
    mails = stock.messages(1500, Channel.EMAIL, to=readers)
    crew.environment["REDIS_URL"] = valkey.url
    both = [crew.beat(), crew.worker()]
    until(lambda: len(sink) > 200)

    valkey.kill()
    time.sleep(10)
    valkey.start()
    until(lambda: stock.open_rows() == 0, 120)
    later = stock.messages(3, Channel.EMAIL, to=readers)
    until(lambda: stock.open_rows() == 0, 120, "the doorbells are heard again")

    assert set(sink.times) == stock.ids(mails) | stock.ids(later)
    assert sink.doubled == 0
    assert all(process.is_running for process in both)


def test_postgres_stopped_at_once_loses_nothing(crew: Crew, valkey: Valkey, postgres: Postgres, sink: MailSink) -> None:
    readers = stock.people(20)
    mails = stock.messages(2000, Channel.EMAIL, to=readers)
    notices = stock.messages(2000, Channel.IN_APP, to=readers)
    crew.environment["REDIS_URL"] = valkey.url
    everyone = [crew.beat(), crew.worker(), crew.loop()]
    until(lambda: len(sink) > 300)
    connections.close_all()

    postgres.stop_at_once()
    time.sleep(3)
    postgres.start()
    stock.let_leases_run_out()
    until(lambda: stock.open_rows() == 0, 120)

    assert set(sink.times) == stock.ids(mails)
    assert sink.doubled <= 2  # one in flight for each process that sends
    assert stock.listed() == len(notices)
    assert all(process.is_running for process in everyone)


def test_reminders_are_on_time_with_redis_dead_all_the_while(crew: Crew, sink: MailSink) -> None:
    crew.beat()
    crew.worker()
    crew.loop()
    until(Heartbeat.objects.exists)
    start = datetime.now(UTC) + timedelta(seconds=1)
    mails = stock.messages(20, Channel.EMAIL, to=stock.people(20), due_at=start, apart=0.4)
    due = {id_: row.due_at.timestamp() for row in mails for id_ in stock.ids([row])}

    until(lambda: len(sink) == len(mails))

    late = [at - due[mail["Message-ID"]] for at, mail in sink.arrivals]
    assert min(late) >= 0
    assert max(late) < 3  # on a machine that has other things to do
