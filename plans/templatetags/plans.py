"""Small filters for the pages of the plan."""

from decimal import Decimal

from django import template

from plans import words
from plans.rules.smart import Pace

register = template.Library()


@register.filter
def with_unit(value: Decimal, unit: str) -> str:
    """3; 20%; 90 s."""
    return words.quantity(value, unit)


@register.filter
def stands_on(pace: Pace) -> str:
    """What the number of the time before was measured from."""
    return words.stands_on(pace.basis, pace.counts) if pace.basis else ""
