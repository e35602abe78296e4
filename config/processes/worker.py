"""The Celery worker: threads, because its work waits for others. WORKER_CONCURRENCY comes from the environment.

A worker can go deaf after its connection to the broker was reset, and its threads can be stuck in work that never ends;
in both cases it still answers `inspect ping`. So it rings a bell that it alone hears, through the broker and its own
threads. When the bell rings and is not heard, or one task takes for ever, this worker ends, to be started again.
"""

import gc
import logging
import os
import platform
import sys
import threading
import time
import warnings
from typing import Any

from celery import signals
from celery.exceptions import SecurityWarning
from kombu import Exchange, Queue

from config.celery import app
from core import alive
from core.doorbell import IMPATIENT

DEAF_SECONDS = 60.0  # within which a free thread hears the worker's own bell
STUCK_SECONDS = 600.0  # no task takes so long
LOOK_SECONDS = 15.0
LAST_SECONDS = 5.0  # for what goes on beside, to come to an end of its own
BELL = "worker.bell"
FORGOTTEN_SECONDS = 3600  # after which the broker drops the bells of a worker that is gone
logger = logging.getLogger(__name__)


@app.task(name=BELL)
def bell() -> None:
    """Does nothing: that it began is what counts."""


class Watch:
    """What the worker hears and does, and since when it should have."""

    def __init__(self, concurrency: int) -> None:
        self.concurrency = concurrency
        self.queue = f"{BELL}.{platform.node()}.{os.getpid()}"
        self.running: dict[str, float] = {}  # each task that goes on, and when it began
        self.rung_at: float | None = None  # the first bell since something was last heard

    def listen(self) -> None:
        """To the bell as well, once the worker starts."""
        queue = Queue(self.queue, routing_key=self.queue)
        app.amqp.queues.add(queue)
        queue.exchange = Exchange("")  # so the broker need not remember whom the queue belongs to
        signals.task_prerun.connect(self.begin)
        signals.task_postrun.connect(self.end)

    def begin(self, task_id: str, **_: Any) -> None:
        self.running[task_id] = time.monotonic()
        self.rung_at = None
        alive.show("worker")

    def end(self, task_id: str, **_: Any) -> None:
        self.running.pop(task_id, None)
        self.rung_at = None

    def ring(self) -> None:
        """A broker that does not answer is nothing that a new worker could mend."""
        try:
            with app.connection_for_write(transport_options=IMPATIENT) as connection:
                app.send_task(BELL, queue=self.queue, connection=connection, retry=False, ignore_result=True)
                broker: Any = connection.default_channel
                broker.client.expire(self.queue, FORGOTTEN_SECONDS)
        except Exception as error:  # whatever the broker's library raises
            logger.warning("the broker does not answer: %s", error)
            self.rung_at = None
        else:
            self.rung_at = self.rung_at or time.monotonic()

    def trouble(self) -> str:
        """Why this worker is of no use any more; nothing when it is."""
        now, began, rung_at = time.monotonic(), list(self.running.values()), self.rung_at
        if began and now - min(began) > STUCK_SECONDS:
            return f"A task has not ended in {STUCK_SECONDS:.0f} s"
        if rung_at and len(began) < self.concurrency and now - rung_at > DEAF_SECONDS:
            return f"This worker has not heard its own bell in {DEAF_SECONDS:.0f} s"
        return ""

    def keep(self) -> None:
        while not (trouble := self.trouble()):
            self.ring()
            time.sleep(LOOK_SECONDS)
        logger.error("%s: it ends, to be started again.", trouble)
        alive.stopping.set()
        time.sleep(LAST_SECONDS)
        os._exit(1)


def main() -> int:
    warnings.simplefilter("ignore", SecurityWarning)  # about root: our messages are JSON, and run nothing by themselves
    concurrency = int(os.environ.get("WORKER_CONCURRENCY", "2"))
    os.nice(alive.BEHIND_PAGES)
    watch = Watch(concurrency)
    watch.listen()
    worker = app.Worker(
        pool="threads",
        concurrency=concurrency,
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    threading.Thread(target=watch.keep, daemon=True).start()
    gc.collect()
    gc.freeze()
    worker.start()
    return worker.exitcode or 0


if __name__ == "__main__":
    sys.exit(main())
