"""The Celery worker: threads, because its work waits for others. WORKER_CONCURRENCY comes from the environment.

A worker can go deaf after its connection to the broker was reset, and still answer `inspect ping`. So it watches
itself: doorbells that wait although this worker began nothing for a while mean that it must go, and be started again.
"""

import gc
import logging
import os
import sys
import threading
import time
import warnings
from typing import Any

from celery import signals
from celery.exceptions import SecurityWarning

from config.celery import app
from core import alive

DEAF_SECONDS = 60
logger = logging.getLogger(__name__)


class Watch:
    """Notes when a task last began, and shows it."""

    def __init__(self) -> None:
        self.heard_at = time.monotonic()

    def hear(self, **_: Any) -> None:
        self.heard_at = time.monotonic()
        alive.show("worker")

    def is_deaf(self) -> bool:
        return time.monotonic() - self.heard_at > DEAF_SECONDS and waiting_doorbells() > 0

    def keep(self) -> None:
        while not self.is_deaf():
            time.sleep(DEAF_SECONDS / 4)
        logger.error("No task began in %s s although some wait: this worker ends, to be started again.", DEAF_SECONDS)
        os._exit(1)


def waiting_doorbells() -> int:
    """How many tasks wait in the queue; 0 as well when the broker does not answer, which a new worker cannot mend."""
    with app.connection_for_read() as connection:
        broker: Any = connection.default_channel
        try:
            return int(broker.client.llen(app.conf.task_default_queue))
        except (*connection.connection_errors, *connection.channel_errors):
            return 0


def main() -> int:
    warnings.simplefilter("ignore", SecurityWarning)  # about root: our messages are JSON, and run nothing by themselves
    worker = app.Worker(
        pool="threads",
        concurrency=int(os.environ.get("WORKER_CONCURRENCY", "2")),
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    watch = Watch()
    signals.task_prerun.connect(watch.hear)
    threading.Thread(target=watch.keep, daemon=True).start()
    gc.collect()
    gc.freeze()
    worker.start()
    return worker.exitcode or 0


if __name__ == "__main__":
    sys.exit(main())
