"""Many messages at once, while processes are killed or work beside each other."""

import psutil
import pytest

from activity.models import Channel, Message
from core.duework import DueState
from tests.faults import stock
from tests.faults.processes import Crew, until
from tests.faults.servers import Valkey
from tests.faults.sinks import MailSink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


def test_worker_killed_three_times_loses_nothing(crew: Crew, valkey: Valkey, sink: MailSink) -> None:
    readers = stock.people(50)
    mails = stock.messages(4000, Channel.EMAIL, to=readers)
    notices = stock.messages(4000, Channel.IN_APP, to=readers)
    crew.environment["REDIS_URL"] = valkey.url
    crew.beat()

    for reached in (700, 1700, 2700):
        worker = crew.worker()
        until(lambda reached=reached: len(sink) >= reached, what=f"{reached} mails")  # type: ignore[misc]
        worker.kill()
        stock.let_leases_run_out()
    crew.worker()
    until(lambda: stock.open_rows() == 0, 120)

    assert set(sink.times) == stock.ids(mails)
    assert sink.doubled <= 3
    assert stock.listed() == len(notices)


def test_two_beats_two_workers_and_a_loop_double_nothing(crew: Crew, valkey: Valkey, sink: MailSink) -> None:
    readers = stock.people(50)
    mails = stock.messages(2000, Channel.EMAIL, to=readers)
    notices = stock.messages(4000, Channel.IN_APP, to=readers)
    crew.environment["REDIS_URL"] = valkey.url

    for _ in range(2):
        crew.beat()
        crew.worker(WORKER_CONCURRENCY="2")
    crew.loop()
    until(lambda: stock.open_rows() == 0, 120)

    assert set(sink.times) == stock.ids(mails)
    assert (sink.doubled, stock.listed()) == (0, len(notices))
    assert set(Message.objects.exclude(state=DueState.CANCELED).values_list("state", "attempts")) == {("done", 1)}


def test_hundred_thousand_at_once_take_less_than_a_minute_of_work(crew: Crew, sink: MailSink) -> None:
    """The loop's own time is asked, because other things may go on here: `./dev bench storm` asks the clock."""
    readers = stock.people(1000)
    mails = stock.messages(1000, Channel.EMAIL, to=readers)
    notices = stock.messages(100_000, Channel.IN_APP, to=readers)
    loop = crew.loop()

    until(lambda: stock.listed() == len(notices), 400)
    spent = psutil.Process(loop.pid).cpu_times()
    until(lambda: stock.open_rows() == 0, 120)

    assert spent.user + spent.system < 60
    assert set(sink.times) == stock.ids(mails)
