"""What moment a local time names, also when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.localtime import Fit, day_bounds, local_day, resolve, start_of_day

ZONES = [
    "UTC", "Europe/Paris", "Australia/Lord_Howe", "Africa/Casablanca", "America/New_York", "America/Havana",
    "Africa/Cairo", "Asia/Beirut", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "Pacific/Chatham",
    "Europe/Dublin", "America/Asuncion",
]  # fmt: skip
days = st.dates(date(2005, 1, 1), date(2035, 12, 31))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))

TABLE = [
    # zone, local day and time, what the clock will show, the moment in UTC, fit
    ("Europe/Paris", "2026-11-23 10:00", "2026-11-23 10:00", "2026-11-23 09:00", Fit.EXACT),
    ("Europe/Paris", "2027-03-28 01:59", "2027-03-28 01:59", "2027-03-28 00:59", Fit.EXACT),
    ("Europe/Paris", "2027-03-28 02:00", "2027-03-28 03:00", "2027-03-28 01:00", Fit.SKIPPED),
    ("Europe/Paris", "2027-03-28 02:30", "2027-03-28 03:30", "2027-03-28 01:30", Fit.SKIPPED),
    ("Europe/Paris", "2027-03-28 03:00", "2027-03-28 03:00", "2027-03-28 01:00", Fit.EXACT),
    ("Europe/Paris", "2026-10-25 02:30", "2026-10-25 02:30", "2026-10-25 00:30", Fit.REPEATED),
    ("Europe/Paris", "2026-10-25 03:00", "2026-10-25 03:00", "2026-10-25 02:00", Fit.EXACT),
    ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-04 02:45", "2026-10-03 15:45", Fit.SKIPPED),
    ("Australia/Lord_Howe", "2027-04-04 01:45", "2027-04-04 01:45", "2027-04-03 14:45", Fit.REPEATED),
    ("Africa/Casablanca", "2026-02-15 02:30", "2026-02-15 02:30", "2026-02-15 01:30", Fit.REPEATED),
    ("Africa/Casablanca", "2026-03-22 02:30", "2026-03-22 03:30", "2026-03-22 02:30", Fit.SKIPPED),
]


@pytest.mark.parametrize(("zone", "wish", "shown", "moment", "fit"), TABLE)
def test_resolve_decides_for_clock_changes(zone: str, wish: str, shown: str, moment: str, fit: Fit) -> None:
    wished = datetime.fromisoformat(wish)

    answer = resolve(wished.date(), wished.time(), zone)

    assert answer.at == datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert answer.local.replace(tzinfo=None) == datetime.fromisoformat(shown)
    assert answer.fit == fit


def test_resolve_means_the_second_of_two_when_asked() -> None:
    first = resolve(date(2026, 10, 25), time(2, 30), "Europe/Paris")
    second = resolve(date(2026, 10, 25), time(2, 30), "Europe/Paris", is_second=True)

    assert second.at - first.at == timedelta(hours=1)
    assert (second.local.tzname(), second.fit) == ("CET", Fit.REPEATED)


@given(days, clocks, st.sampled_from(ZONES))
def test_resolve_never_moves_back_and_moves_only_what_does_not_exist(day: date, clock: time, zone: str) -> None:
    wished = datetime.combine(day, clock)

    answer = resolve(day, clock, zone)

    shown = answer.local.replace(tzinfo=None)
    assert answer.local == answer.at.astimezone(ZoneInfo(zone))
    assert (shown > wished) if answer.fit == Fit.SKIPPED else (shown == wished)


@pytest.mark.parametrize(
    ("zone", "day", "moment"),
    [
        ("Europe/Paris", "2026-11-23", "2026-11-22 23:00"),
        ("Africa/Cairo", "2026-04-24", "2026-04-23 22:00"),  # midnight is skipped: the day starts at 01:00
        ("America/Havana", "2026-11-01", "2026-11-01 04:00"),  # midnight comes twice: the first
        ("Asia/Kathmandu", "2026-01-01", "2025-12-31 18:15"),
    ],
)
def test_start_of_day(zone: str, day: str, moment: str) -> None:
    assert start_of_day(date.fromisoformat(day), zone) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@given(days, st.integers(0, 10), st.sampled_from(ZONES), st.floats(0, 0.999999))
def test_day_bounds_hold_exactly_the_moments_of_the_days(day: date, more: int, zone: str, part: float) -> None:
    last = day + timedelta(days=more)
    start, end = day_bounds(day, last, zone)
    inside = start + (end - start) * part

    assert start == end or day <= local_day(inside, zone) <= last
    assert local_day(start - timedelta(microseconds=1), zone) < day
    assert local_day(end, zone) > last


def test_skipped_day_holds_no_moment() -> None:
    start, end = day_bounds(date(2011, 12, 30), date(2011, 12, 30), "Pacific/Apia")  # Samoa crossed the date line

    assert start == end
