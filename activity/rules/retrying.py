"""What an answer to a webhook means: whether it got through, and when to try again."""

import email.utils
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

GONE = 410
LONGEST_WAIT = timedelta(days=1)  # however long a service asks us to wait
UNWELL = frozenset({408, 425, 429})  # like 5xx, these say that the service is the trouble, not the message
HOPELESS_AFTER = timedelta(days=5)  # with nothing but failures
HOPELESS_FROM = 5  # and at least so many: one lost message a week does not switch a webhook off


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one call of an endpoint went. Without a status nobody answered, or not in time."""

    status: int | None
    milliseconds: int
    answer: str = ""
    error: str = ""
    retry_after: timedelta | None = None

    @property
    def got_through(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == GONE

    @property
    def is_unwell(self) -> bool:
        """The next message would fare no better: leave the endpoint alone for a while."""
        return self.status is None or self.status >= 500 or self.status in UNWELL


def asked_wait(header: str, *, now: datetime) -> timedelta | None:
    """How long a Retry-After asks us to wait (RFC 9110, 10.2.3: seconds or a date); None when it cannot be read."""
    if header.strip().isascii() and header.strip().isdigit():
        return min(timedelta(seconds=int(header.strip()[:9])), LONGEST_WAIT)
    try:
        until = email.utils.parsedate_to_datetime(header)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


def is_hopeless(*, failures: int, failing_since: datetime | None, now: datetime) -> bool:
    """Nothing has got through for so long that an endpoint is switched off."""
    return failing_since is not None and failures >= HOPELESS_FROM and now - failing_since >= HOPELESS_AFTER
