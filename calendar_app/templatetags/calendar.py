"""Small tags for the pages of the calendar."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template

from calendar_app.models import Delivery, DeliveryState

register = template.Library()


@register.simple_tag
def shown_state(delivery: Delivery, now: datetime) -> DeliveryState:
    """The state of a delivery as people see it: one whose time has passed was missed."""
    return delivery.shown_state(now)


@register.filter
def of_account(found: Mapping[int, Any], pk: int) -> Any:
    """What was found of one account: its measured text, what its week lacks."""
    return found.get(pk)
