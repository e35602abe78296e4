"""Which values a metric can have, by its unit."""

from analytics.rules.cells import AMOUNT, COUNT, PERCENT, Range
from networks.models import Metric

UNLIMITED = ("roi",)  # a return of 250 percent is possible
_BY_UNIT = {Metric.Unit.PERCENT: PERCENT, Metric.Unit.CURRENCY: AMOUNT, Metric.Unit.SCORE: AMOUNT}


def range_of(metric: Metric) -> Range:
    return AMOUNT if metric.slug in UNLIMITED else _BY_UNIT.get(Metric.Unit(metric.unit), COUNT)
