"""What `deliver` calls: whether something calls for a revision, and whether owners of goals are to be asked."""

from datetime import datetime

from plans import services


def drain(*, now: datetime) -> int:
    return services.raise_calls(now=now) + services.ask_owners(now=now)
