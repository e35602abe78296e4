"""Which values a metric can have, where its unit alone does not say."""

from decimal import Decimal

LOWEST = {"roi": Decimal(-100)}  # percent: all that was spent can be lost, and no more; every other metric ends at zero
UNLIMITED = ("roi",)  # a return of 250 percent is possible
