"""A process comes to a stop longer than its lease, and goes on as if nothing had happened."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections, transaction

from activity import messages
from activity.models import Channel, Heartbeat, Message
from core.duework import DueState, database_now
from tests import make
from tests.faults import stock
from tests.faults.processes import Crew, until
from tests.faults.sinks import MailSink

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.faults
def test_process_stopped_past_its_lease_doubles_one_mail_at_most(crew: Crew, sink: MailSink) -> None:
    readers = stock.people(10)
    stopped = crew.loop()
    until(Heartbeat.objects.exists)
    sink.pause = 0.02
    mails = stock.messages(120, Channel.EMAIL, to=readers)
    until(lambda: len(sink) > 10)

    stopped.freeze()
    notices = stock.messages(200, Channel.IN_APP, to=readers)
    stock.let_leases_run_out()
    other = crew.loop()
    until(lambda: stock.open_rows() == 0)
    other.stop()
    stopped.thaw()
    beat = Heartbeat.objects.get(name="messages").at
    until(lambda: Heartbeat.objects.get(name="messages").at > beat)

    assert set(sink.times) == stock.ids(mails)
    assert sink.doubled <= 1
    assert stock.listed() == len(notices)


@contextmanager
def stopped_in_the_middle(row: Message) -> Iterator[None]:
    """Another session has changed the row, and neither commits nor goes away."""
    begun, end = threading.Event(), threading.Event()

    def other() -> None:
        with transaction.atomic():
            Message.objects.filter(pk=row.pk).update(last_error="about to be done")
            begun.set()
            end.wait(30)
            transaction.set_rollback(True)
        connections.close_all()

    thread = threading.Thread(target=other)
    thread.start()
    begun.wait(10)
    yield
    end.set()
    thread.join()


def test_process_stopped_in_a_transaction_holds_up_nobody(posted: MailSink) -> None:
    held, free = make.message(), make.message()
    assert len(Message.objects.claim(limit=2)) == 2
    stock.let_leases_run_out()

    with stopped_in_the_middle(held):
        drained = threading.Thread(target=lambda: (messages.drain(now=database_now()), connections.close_all()))
        drained.start()
        drained.join(10)
        is_waiting = drained.is_alive()
        meanwhile = dict(Message.objects.values_list("pk", "state"))
    drained.join()
    messages.drain(now=database_now())

    assert not is_waiting
    assert meanwhile == {held.pk: DueState.CLAIMED, free.pk: DueState.DONE}
    assert posted.doubled == 0
    assert stock.open_rows() == 0
