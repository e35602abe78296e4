"""The log of the calls: kept for a month."""

from datetime import datetime, timedelta

from activity.models import Attempt

KEPT = timedelta(days=30)


def forget(*, now: datetime) -> int:
    """Deletes what is older than a month; answers how many lines that were."""
    return Attempt.objects.filter(at__lt=now - KEPT).delete()[0]
