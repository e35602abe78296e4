"""Rings Celery's doorbells. It knows the settings and the tasks' names only: no model, no database connection."""

import logging
import signal

from celery.beat import Service

from config.celery import app


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    service = Service(app)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: service.stop())
    service.start()


if __name__ == "__main__":
    main()
