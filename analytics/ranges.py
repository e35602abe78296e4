"""Which values a metric can have, by its unit."""

from dataclasses import replace
from decimal import Decimal

from analytics.rules.cells import AMOUNT, COUNT, PERCENT, SCORE, Range
from networks.models import Metric
from networks.rules.values import LOWEST, UNLIMITED

_BY_UNIT = {Metric.Unit.PERCENT: PERCENT, Metric.Unit.CURRENCY: AMOUNT, Metric.Unit.SCORE: SCORE}


def range_of(metric: Metric) -> Range:
    usual = AMOUNT if metric.slug in UNLIMITED else _BY_UNIT.get(Metric.Unit(metric.unit), COUNT)
    return replace(usual, least=LOWEST.get(metric.slug, Decimal(0)))
