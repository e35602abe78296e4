"""Does what is due, without Celery and without Redis."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connections
from django.utils.module_loading import import_string

from core import alive
from core.duework import database_now

logger = logging.getLogger("deliver")
Drain = Callable[..., int]


class Command(BaseCommand):
    help = "Does what is due: sends messages, pulls figures. With --loop it goes on until it is stopped."
    requires_system_checks = []  # they load every page, of which this process has none

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until SIGTERM or SIGINT")
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between two looks (default: 1)")

    def handle(self, *args: Any, loop: bool, interval: float, **options: Any) -> None:
        drains = [import_string(path) for path in settings.DRAINS]
        apart = [import_string(path) for path in settings.DRAINS_APART]
        if loop:
            run_all(drains, apart, interval)
        else:
            self.stdout.write(str(sum(drain(now=database_now()) for drain in [*drains, *apart])))


def run_all(drains: Sequence[Drain], apart: Sequence[Drain], interval: float) -> None:
    """Until the process is asked to stop. What waits for other people's servers has a thread of its own, so that it
    delays nothing else."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: alive.stopping.set())
    os.nice(alive.BEHIND_PAGES)
    logger.info("looking every %g s for what is due", interval)
    threads = [threading.Thread(target=run, args=([drain], interval), name=drain.__module__) for drain in apart]
    for thread in threads:
        thread.start()
    run(drains, interval, show=lambda: alive.show("deliver"))
    for thread in threads:
        thread.join()
    logger.info("stopped")


def run(drains: Sequence[Drain], interval: float, *, show: Callable[[], None] = lambda: None) -> None:
    """Looks every `interval` seconds of a clock that nobody sets, and survives whatever a drain raises."""
    is_database_there = True
    while not alive.stopping.is_set():
        started = time.monotonic()
        is_database_there = _look(drains, is_database_there)
        show()
        alive.stopping.wait(max(0.0, interval - (time.monotonic() - started)))
    connections.close_all()


def _look(drains: Sequence[Drain], was_database_there: bool) -> bool:
    """One round; the main thread says once when the database goes and once when it is back."""
    is_speaker = threading.current_thread() is threading.main_thread()
    for drain in drains:
        try:
            drain(now=database_now())
        except (OperationalError, InterfaceError) as error:
            if was_database_there and is_speaker:
                logger.warning("the database is away: %s", str(error).strip().splitlines()[0])
            connections.close_all()
            return False
        except Exception:
            logger.exception("%s failed; it is tried again at the next look", drain.__module__)
        if not was_database_there and is_speaker:
            logger.info("the database is back")
        was_database_there = True
    return True
