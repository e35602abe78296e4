"""Which values a metric can have, where its unit alone does not say."""

from decimal import Decimal

LOWEST = {  # every other metric ends at zero
    "roi": Decimal(-100),  # percent: all that was spent can be lost, and no more
    "survey_score": Decimal(-100),  # nobody recommends, everybody warns
}
UNLIMITED = ("roi",)  # a return of 250 percent is possible
