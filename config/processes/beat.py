"""Rings Celery's doorbells. It knows the settings and the tasks' names only: no model, no database connection."""

import logging
import signal
from typing import Any

from celery.beat import Scheduler, Service

from config.celery import app
from core import alive


class RingingScheduler(Scheduler):
    """In memory: every interval is short, so nothing is worth a file but the sign of life."""

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
