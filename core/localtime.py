"""Local times of a place, and the moments they name. The one place where daylight saving is decided."""

import enum
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)  # the days that can be entered: all sums of days stay possible


class Fit(enum.Enum):
    EXACT = "exact"
    SKIPPED = "skipped"  # the clock jumps over this local time: moved forward by the gap
    REPEATED = "repeated"  # the clock shows this local time twice: the first is meant


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What a local date and time in a zone means. `at` is in UTC; `local` is what the clock will show then."""

    at: datetime
    local: datetime
    fit: Fit


def resolve(day: date, clock: time, zone: str, *, is_second: bool = False) -> Moment:
    """The moment a person means by a local date and time in an IANA zone.

    A local time that does not exist (spring) moves forward by the gap; one that occurs twice (autumn) means the
    first, unless the person asked for the second. Python alone decides this: PostgreSQL's AT TIME ZONE answers
    differently for repeated times.
    """
    place = ZoneInfo(zone)
    wished = datetime.combine(day, clock, tzinfo=place).replace(fold=0)
    at = wished.astimezone(UTC)
    local = at.astimezone(place)
    if local.replace(tzinfo=None) != wished.replace(tzinfo=None):
        return Moment(at=at, local=local, fit=Fit.SKIPPED)
    if wished.utcoffset() == wished.replace(fold=1).utcoffset():
        return Moment(at=at, local=local, fit=Fit.EXACT)
    if is_second:
        at = wished.replace(fold=1).astimezone(UTC)
    return Moment(at=at, local=at.astimezone(place), fit=Fit.REPEATED)


def start_of_day(day: date, zone: str) -> datetime:
    """The first moment of a local day, in UTC (a day may start at 01:00 where midnight is skipped)."""
    return resolve(day, time.min, zone).at


def day_bounds(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """The half-open span of UTC moments of the local days `first` to `last`, both included."""
    return start_of_day(first, zone), start_of_day(last + timedelta(days=1), zone)


def local_day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
