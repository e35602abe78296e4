"""Tells the workers at once that something is due, when that can be told: nothing depends on it being heard.

What is due stands in PostgreSQL and is found by the next look in any case. So a bell that cannot be rung is left
alone, quickly: a request must neither fail nor wait because Redis is down.
"""

import logging
import time
from functools import partial

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)
IMPATIENT = {
    "socket_connect_timeout": 0.3,
    "socket_timeout": 0.3,
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}  # seconds
SILENCE = 15.0  # seconds in which a bell that did not answer is not tried again
_silent_until = 0.0


def ring_after_commit(task: str) -> None:
    """Starts a Celery task, by its name, once this transaction is in the database."""
    transaction.on_commit(partial(ring, task), robust=True)


def ring(task: str) -> bool:
    """Whether the bell was heard. Never raises, never takes longer than about a second."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    try:
        with current_app.connection_for_write(transport_options=IMPATIENT) as connection:
            current_app.send_task(task, connection=connection, retry=False, ignore_result=True)
    except Exception as error:  # whatever the broker's library raises: the sweep finds the work
        _silent_until = time.monotonic() + SILENCE
        logger.warning("%s was not rung for: %s", task, error)
        return False
    return True
