"""What `deliver` and the Celery task call: looks whether something calls for a revision of a plan."""

from datetime import datetime

from plans import services


def drain(*, now: datetime) -> int:
    return services.raise_calls(now=now)
