"""What `deliver` and the Celery tasks call: whether something calls for a revision, whether owners are to be asked."""

from datetime import datetime

from plans import services


def drain(*, now: datetime) -> int:
    return services.raise_calls(now=now)


def ask(*, now: datetime) -> int:
    return services.ask_owners(now=now)
