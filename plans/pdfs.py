"""What `deliver` and the Celery task call: makes the PDFs that are due."""

import time
from datetime import datetime, timedelta

from activity.deliver import beat
from core import alive
from plans.services.pdfs import make_pdfs

TURN = timedelta(seconds=20)  # after which no other is begun: the longest ends within a task's time limit


def drain(*, now: datetime) -> int:
    """Answers how many PDFs were dealt with. Any number of processes may do so at once."""
    end = time.monotonic() + TURN.total_seconds()
    count = make_pdfs(now=now, is_over=lambda: time.monotonic() > end or alive.stopping.is_set())
    beat("pdfs", at=now)
    return count
