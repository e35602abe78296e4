import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from celery import signals

from config.celery import app
from config.processes import worker
from config.processes.beat import RingingScheduler
from config.processes.worker import DEAF_SECONDS, STUCK_SECONDS, Watch
from core import alive


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Of a worker with two threads."""
    monkeypatch.setattr(alive.tempfile, "gettempdir", lambda: str(tmp_path))
    watch = Watch(concurrency=2)
    watch.listen()
    yield watch
    signals.task_prerun.disconnect(watch.begin)
    signals.task_postrun.disconnect(watch.end)
    app.amqp.queues.pop(watch.queue)
    broker().delete(watch.queue)


def broker() -> Any:
    return app.connection_for_read().default_channel.client


def long_ago(seconds: float) -> float:
    return time.monotonic() - seconds - 1


def test_worker_that_rings_and_hears_nothing_is_deaf(watch: Watch) -> None:
    watch.ring()
    assert watch.trouble() == ""

    watch.rung_at = long_ago(DEAF_SECONDS)
    watch.ring()

    assert "has not heard its own bell in 60 s" in watch.trouble()


def test_whatever_is_heard_shows_that_the_worker_is_not_deaf(watch: Watch) -> None:
    watch.rung_at = long_ago(DEAF_SECONDS)
    signals.task_prerun.send(sender=None, task_id="1")

    assert watch.trouble() == ""
    assert alive.is_alive("worker", seconds=60)


def test_worker_whose_threads_are_all_busy_is_not_deaf(watch: Watch) -> None:
    for task in ("1", "2"):
        signals.task_prerun.send(sender=None, task_id=task)
    watch.rung_at = long_ago(DEAF_SECONDS)

    assert watch.trouble() == ""

    signals.task_postrun.send(sender=None, task_id="1")
    assert (watch.rung_at, list(watch.running)) == (None, ["2"])


def test_worker_with_a_task_that_never_ends_is_stuck(watch: Watch) -> None:
    watch.begin("1")
    watch.running["1"] = long_ago(STUCK_SECONDS)
    watch.begin("2")

    assert watch.trouble() == "A task has not ended in 600 s"


def test_worker_is_not_deaf_when_the_broker_is_away(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    watch.rung_at = long_ago(DEAF_SECONDS)
    monkeypatch.setitem(worker.IMPATIENT, "socket_connect_timeout", 0.1)
    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")

    watch.ring()

    assert (watch.rung_at, watch.trouble()) == (None, "")


def test_bells_of_a_worker_that_is_gone_are_forgotten(watch: Watch) -> None:
    watch.ring()

    assert (broker().llen(watch.queue), 0 < broker().ttl(watch.queue) <= 3600) == (1, True)


def test_beat_rings_on_when_the_clock_is_put_back() -> None:
    scheduler = RingingScheduler(app)
    entry = scheduler.schedule["deliver messages"]
    entry.last_run_at = entry.default_now() - timedelta(seconds=3)

    with time_machine.travel(datetime.now(UTC) - timedelta(hours=1)):
        assert entry.is_due().is_due
        assert 1 < next(entry).is_due().next <= 2


def test_sign_of_life_ages(watch: Watch) -> None:
    assert not alive.is_alive("worker", seconds=60)

    watch.begin("1")
    assert alive.is_alive("worker", seconds=60)

    os.utime(alive.sign("worker"), (time.time() - 61, time.time() - 61))
    assert not alive.is_alive("worker", seconds=60)
