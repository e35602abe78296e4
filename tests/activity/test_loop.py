"""`manage.py deliver --loop` as a process of its own: no Celery, no Redis."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from activity.models import Channel, Heartbeat, Message
from tests import make
from tests.activity.sink import sinking
from tests.core.servers import answer

pytestmark = pytest.mark.django_db(transaction=True)
Start = Callable[..., subprocess.Popen[str]]


def database_url() -> str:
    values = connection.settings_dict
    return f"postgresql://{values['USER']}@/{values['NAME']}?host={values['HOST']}"


@pytest.fixture
def deliver(smtp: Any, tmp_path: Any) -> Iterator[Start]:
    """Starts the command on this test's database and mail server, with a Redis that is not there."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "deliver", *arguments],
            cwd=settings.BASE_DIR, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={
                **os.environ, "DATABASE_URL": database_url(), "REDIS_URL": f"unix://{tmp_path}/nobody.sock",
                "PGAPPNAME": "deliver-in-test", "EMAIL_HOST": smtp.host, "EMAIL_PORT": str(smtp.port),
            },
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def until(happened: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"not after {seconds} s"
        time.sleep(0.05)


def stop(process: subprocess.Popen[str], number: int) -> tuple[int, float, str]:
    started = time.monotonic()
    process.send_signal(number)
    output, _ = process.communicate(timeout=10)
    return process.returncode, time.monotonic() - started, output


def test_one_look_sends_what_is_due_and_ends(deliver: Start, smtp: Any) -> None:
    make.message()

    process = deliver()

    output, _ = process.communicate(timeout=30)
    assert (process.returncode, output.strip()[-1], len(smtp.messages)) == (0, "1", 1), output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_loop_sends_on_time_and_stops_when_asked(deliver: Start, smtp: Any, number: int) -> None:
    process = deliver("--loop", "--interval", "0.3")
    until(Heartbeat.objects.filter(name="messages").exists)
    due = datetime.now(UTC) + timedelta(seconds=1)
    make.message(due_at=due)

    smtp.wait_for(1)
    arrived = datetime.now(UTC)
    code, seconds, output = stop(process, number)

    assert due <= arrived < due + timedelta(seconds=1.5)
    assert (code, seconds < 3) == (0, True), output


def test_loop_survives_the_loss_of_its_connections(deliver: Start, smtp: Any) -> None:
    process = deliver("--loop", "--interval", "0.2")
    until(Heartbeat.objects.filter(name="messages").exists)

    for _ in range(3):
        with psycopg.connect(database_url(), autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'deliver-in-test'"
            )
        make.message()
    smtp.wait_for(3)

    code, _seconds, output = stop(process, signal.SIGTERM)
    assert code == 0
    assert output.count("the database is away") == output.count("the database is back"), output


def test_loop_stops_in_the_middle_of_many_and_loses_none(deliver: Start, smtp: Any) -> None:
    person = make.user()
    for _ in range(40):
        make.message(to=person)
    smtp.before_answer = lambda _mail: time.sleep(0.05)

    process = deliver("--loop")
    smtp.wait_for(3, seconds=30)
    code, seconds, output = stop(process, signal.SIGTERM)

    states = Message.objects.filter(channel=Channel.EMAIL).values_list("state", "attempts")
    sent = sum(state == "done" for state, _attempts in states)
    assert (code, seconds < 3) == (0, True), output
    assert sent == len(smtp.messages) < 40
    assert {state for state in states if state[0] != "done"} == {("waiting", 0)}


def test_loop_sends_mails_while_a_webhook_keeps_it_waiting(
    deliver: Start, smtp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTBOUND_ALLOWED_HOSTS", "127.0.0.1")
    mailed = threading.Event()

    def slow(connection: Any, head: str) -> None:
        mailed.wait(8)
        answer(b"taken")(connection, head)

    with sinking() as sink:
        sink.behavior = slow
        message = make.hook(endpoint=make.endpoint(url=sink.url))
        process = deliver("--loop", "--interval", "0.2")
        until(lambda: bool(sink.requests))
        make.message()
        smtp.wait_for(1)
        state = Message.objects.get(pk=message.pk).state
        mailed.set()
        until(lambda: Message.objects.get(pk=message.pk).state == "done")
        code, _seconds, output = stop(process, signal.SIGTERM)

    assert (state, code) == ("claimed", 0), output
    assert len(sink.requests) == 1
