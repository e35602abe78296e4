"""Short ways to do and to see what the tests of the verbs do and see."""

from datetime import UTC, date, datetime, time
from typing import Any

from activity.models import Message
from calendar_app import services
from calendar_app.models import Delivery
from networks.models import NetworkFact
from teams.models import User
from tests import make
from tests.make import NOW

MONDAY = date(2026, 11, 30)
TEN = time(10, 0)
TEN_IN_PARIS = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def schedule(delivery: Delivery, by: User, **values: Any) -> Any:
    return services.schedule_delivery(
        **{"delivery": delivery, "day": MONDAY, "clock": TEN, "by": by, "now": NOW, **values}
    )


def limit(network: str, field: str, value: int) -> None:
    place = make.network(network)
    NetworkFact.objects.create(network=place, field=field, value=value, source="test", looked_up_on=date(2026, 1, 1))


def open_messages(delivery: Delivery) -> list[tuple[str, datetime]]:
    """What is still to be said about a delivery by one channel: the template's name and when."""
    rows = Message.objects.filter(about=f"delivery:{delivery.pk}", channel="email", state="waiting").order_by("due_at")
    return [(row.template.rpartition("/")[2], row.due_at) for row in rows]


def stored(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)
