"""Rings Celery's doorbells. It knows the settings and the tasks' names only: no model, no database connection."""

import logging
import signal
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from celery.beat import ScheduleEntry, Scheduler, Service
from celery.schedules import schedule as every

from config.celery import app
from core import alive

_started_at, _started = datetime.now(UTC), time.monotonic()


def steady_now() -> datetime:
    """The time by a clock that nobody sets: were the one on the wall put back an hour, Celery's own would be silent for
    an hour."""
    return _started_at + timedelta(seconds=time.monotonic() - _started)


class SteadyEntry(ScheduleEntry):
    """One doorbell, rung every so many seconds."""

    def __init__(self, *, schedule: Any, **kwargs: Any) -> None:
        if isinstance(schedule, int | float):
            schedule = every(timedelta(seconds=schedule), nowfun=steady_now, app=app)
        super().__init__(schedule=schedule, **kwargs)


class RingingScheduler(Scheduler):
    """In memory: every interval is short, so nothing is worth a file but the sign of life."""

    Entry = SteadyEntry

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        alive.show("beat")
        return super().tick(*args, **kwargs)


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    service = Service(app, scheduler_cls=RingingScheduler)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: service.stop())
    service.start()


if __name__ == "__main__":
    main()
