"""What `deliver` calls: closes the surveys whose last day is over."""

from datetime import datetime

from surveys import services


def drain(*, now: datetime) -> int:
    return services.close_due(now=now)
