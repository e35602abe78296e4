"""What `deliver` and the Celery tasks call: fetches what is due, then judges the goals that something moved."""

import time
from datetime import datetime, timedelta

from activity.deliver import beat
from analytics import services
from core import alive

TURN = timedelta(seconds=10)  # in the loop that also sends the reminders, nobody waits longer for them


def drain(*, now: datetime) -> int:
    """Fetch figures for a while and judge goals anew; answers how many pulls and goals it dealt with."""
    end = time.monotonic() + TURN.total_seconds()
    count = services.run_pulls(now=now, is_over=lambda: time.monotonic() > end or alive.stopping.is_set())
    count += services.evaluate_stale_goals(now=now)
    beat("pulls", at=now)
    return count
