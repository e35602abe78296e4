"""Which values a metric can have, by its unit."""

from analytics.rules.cells import AMOUNT, COUNT, PERCENT, SCORE, Range
from networks.models import Metric

_BY_METRIC = {"roi": AMOUNT, "survey_score": SCORE}  # a return of 250 percent is possible; a score may be negative
_BY_UNIT = {Metric.Unit.PERCENT: PERCENT, Metric.Unit.CURRENCY: AMOUNT, Metric.Unit.SCORE: AMOUNT}


def range_of(metric: Metric) -> Range:
    return _BY_METRIC.get(metric.slug) or _BY_UNIT.get(Metric.Unit(metric.unit), COUNT)
