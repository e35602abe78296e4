"""When a person wants to be told: not in quiet hours, and some things only once a day. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.localtime import local_day, resolve

MORNING = time(8)


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """A person's quiet hours, and when their day is summed up, by their own clock. Without both ends of the quiet
    hours there are none; they may pass midnight."""

    zone: str
    quiet_from: time | None = None
    quiet_until: time | None = None
    daily_at: time = MORNING

    def quiet_end(self, at: datetime) -> datetime | None:
        """The end of the quiet hours that a moment lies in; None when it lies in none."""
        return next((end for start, end in self._quiet(local_day(at, self.zone)) if start <= at < end), None)

    def next_daily(self, at: datetime) -> datetime:
        """The first moment from then on at which the day is summed up."""
        day = local_day(at, self.zone)
        moments = (resolve(day + timedelta(days=ahead), self.daily_at, self.zone).at for ahead in range(3))
        return next(moment for moment in moments if moment >= at)

    def _quiet(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The quiet hours that may hold a moment of that day: those that began on it or the day before."""
        if self.quiet_from is None or self.quiet_until is None:
            return
        nights = self.quiet_until <= self.quiet_from
        for start in (day - timedelta(days=1), day):
            end = start + timedelta(days=int(nights))
            yield resolve(start, self.quiet_from, self.zone).at, resolve(end, self.quiet_until, self.zone).at


def due_at(planned: datetime, rhythm: Rhythm, *, is_daily: bool, is_exempt: bool) -> datetime:
    """When what was planned for a moment is due for this person. What is exempt knows no quiet hours."""
    wished = rhythm.next_daily(planned) if is_daily else planned
    return wished if is_exempt else rhythm.quiet_end(wished) or wished


def held_until(
    planned: datetime, rhythm: Rhythm, *, due: datetime, now: datetime, is_daily: bool, is_exempt: bool
) -> datetime | None:
    """Asked when it is to be sent, being `due`: until when it must wait after all; None when it may go.

    Only ever later than it is due already: whose clock is wrong holds nothing back twice.
    """
    wished = due_at(planned, rhythm, is_daily=is_daily, is_exempt=is_exempt)
    end = None if is_exempt else rhythm.quiet_end(now)
    return next((moment for moment in (wished, end) if moment and moment > due), None)
