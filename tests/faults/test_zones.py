"""Planned by the clock on a wall that is changed: the exact moments in UTC at which people are reminded."""

from datetime import UTC, datetime

import pytest

from activity.models import Message
from calendar_app import services
from calendar_app.models import Delivery
from calendar_app.services import zones
from core.duework import DueState
from teams.models import User
from teams.rules import Role
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)
DUE = {  # zone: wish on the wall -> reminded at, in UTC
    "Europe/Paris": {
        "2026-03-29 01:30": "2026-03-29 00:30",  # an hour before the clock jumps
        "2026-03-29 02:30": "2026-03-29 01:30",  # does not exist: 03:30
        "2026-03-29 03:30": "2026-03-29 01:30",
        "2026-10-25 01:30": "2026-10-24 23:30",
        "2026-10-25 02:30": "2026-10-25 00:30",  # twice: the first
        "2026-10-25 03:30": "2026-10-25 02:30",
    },
    "Australia/Lord_Howe": {  # half an hour
        "2026-04-05 01:15": "2026-04-04 14:15",
        "2026-04-05 01:45": "2026-04-04 14:45",  # twice: the first
        "2026-04-05 02:15": "2026-04-04 15:45",
        "2026-10-04 01:45": "2026-10-03 15:15",
        "2026-10-04 02:15": "2026-10-03 15:45",  # does not exist: 02:45
        "2026-10-04 02:45": "2026-10-03 15:45",
    },
    "Africa/Casablanca": {  # an hour back for Ramadan
        "2026-02-15 01:30": "2026-02-15 00:30",
        "2026-02-15 02:30": "2026-02-15 01:30",  # twice: the first
        "2026-02-15 03:30": "2026-02-15 03:30",
        "2026-03-22 01:30": "2026-03-22 01:30",
        "2026-03-22 02:30": "2026-03-22 02:30",  # does not exist: 03:30
        "2026-03-22 03:30": "2026-03-22 02:30",
    },
}


def plan(zone: str, wishes: list[str]) -> tuple[User, list[Delivery]]:
    brand = make.brand(time_zone=zone)
    editor = make.person(Role.EDITOR, brand=brand)
    account = make.account(brand=brand)
    planned = []
    for wish in wishes:
        wished = datetime.fromisoformat(wish)
        delivery = make.delivery(account=account, post=make.post(brand=brand, assignee=editor))
        services.schedule_delivery(delivery=delivery, day=wished.date(), clock=wished.time(), by=editor, now=NOW)
        planned.append(delivery)
    return editor, planned


def reminded(delivery: Delivery) -> list[str]:
    rows = Message.objects.filter(about=f"delivery:{delivery.pk}", state=DueState.WAITING, channel="email")
    due = rows.filter(template__endswith="delivery_due").values_list("due_at", flat=True)
    return [f"{at:%Y-%m-%d %H:%M}" for at in due]


@pytest.mark.parametrize("zone", DUE)
def test_reminders_follow_the_clock_on_the_wall(zone: str) -> None:
    _editor, planned = plan(zone, list(DUE[zone]))

    assert [reminded(delivery) for delivery in planned] == [[at] for at in DUE[zone].values()]


@pytest.mark.parametrize(("before", "after"), [(one, two) for one in DUE for two in DUE if one != two])
def test_reminders_follow_a_brand_into_another_zone(before: str, after: str) -> None:
    _editor, planned = plan(before, list(DUE[after]))
    brand = planned[0].brand
    brand.time_zone = after
    brand.save(update_fields=["time_zone"])

    zones.drain(now=NOW)

    assert [reminded(delivery) for delivery in planned] == [[at] for at in DUE[after].values()]
