"""A process's clock is wrong by an hour, or is set while it runs: PostgreSQL's clock decides."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from activity.models import Channel, Heartbeat
from tests.faults import stock
from tests.faults.processes import Crew, WrongClock, until
from tests.faults.servers import Valkey
from tests.faults.sinks import MailSink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
HOUR = 3600.0
ON_TIME = 3.0  # seconds, on a machine that has other things to do


def expect_on_time(sink: MailSink, *, within: float) -> None:
    start = datetime.now(UTC) + timedelta(seconds=1)
    mails = stock.messages(10, Channel.EMAIL, to=stock.people(10), due_at=start, apart=0.3)
    due = {id_: row.due_at.timestamp() for row in mails for id_ in stock.ids([row])}

    until(lambda: len(sink) == len(mails), 30)

    late = [at - due[mail["Message-ID"]] for at, mail in sink.arrivals]
    assert min(late) >= 0
    assert max(late) < within
    assert not [mail for mail in sink.mails if "late" in mail.as_string()]


@pytest.mark.parametrize("ahead", [HOUR, -HOUR])
def test_loop_with_a_wrong_clock_is_on_time(crew: Crew, sink: MailSink, folder: Path, ahead: float) -> None:
    crew.loop(**WrongClock(folder, ahead).environment)
    until(Heartbeat.objects.exists)

    expect_on_time(sink, within=ON_TIME)


@pytest.mark.parametrize("ahead", [HOUR, -HOUR])
def test_loop_whose_clock_is_set_is_on_time(crew: Crew, sink: MailSink, folder: Path, ahead: float) -> None:
    clock = WrongClock(folder)
    loop = crew.loop(**clock.environment)
    until(Heartbeat.objects.exists)

    clock.set(loop, ahead)

    expect_on_time(sink, within=ON_TIME)


@pytest.mark.parametrize("ahead", [HOUR, -HOUR])
def test_beat_and_worker_go_on_when_the_clock_is_set(
    crew: Crew, valkey: Valkey, sink: MailSink, folder: Path, ahead: float
) -> None:
    """As on a machine whose clock was wrong, and is put right for all its processes."""
    clock = WrongClock(folder)
    crew.environment |= {"REDIS_URL": valkey.url, **clock.environment}
    both = [crew.beat(), crew.worker()]
    until(Heartbeat.objects.exists)

    for process in both:
        clock.set(process, ahead)

    expect_on_time(sink, within=ON_TIME + 2)
