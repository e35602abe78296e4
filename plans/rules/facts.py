"""What goals are judged by: the conditions (`Spec`) and what is known (`DeliveryFact`, `AccountFact`)."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

PUBLISHED = "published_deliveries"  # the metric that counts publications themselves


class Per(enum.StrEnum):
    """Over what a target is judged. The same values as `plans.models.Per`."""

    DELIVERY = "delivery"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    WHOLE = "whole"


class Aggregation(enum.StrEnum):
    """How figures become one number. The same values as `plans.models.Aggregation`."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    LAST = "last"
    CHANGE = "change"
    SHARE = "share"  # percent of all that was published in the same places


class Reach(enum.StrEnum):
    """Whose publications and figures count. The same values as `plans.models.Reach`."""

    BRAND = "brand"
    FAMILY = "family"  # the brand and its branches
    BRANCH = "branch"


class Comparison(enum.StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"


class Kind(enum.StrEnum):
    """What sort of condition a target is."""

    CADENCE = "cadence"  # how many are published
    THRESHOLD = "threshold"  # what each publication reaches
    TOTAL = "total"
    MEAN = "mean"
    LEVEL = "level"  # where an account stands
    GROWTH = "growth"  # by how much it rose


KINDS = {
    Aggregation.COUNT: Kind.CADENCE,
    Aggregation.SUM: Kind.TOTAL,
    Aggregation.MEAN: Kind.MEAN,
    Aggregation.LAST: Kind.LEVEL,
    Aggregation.CHANGE: Kind.GROWTH,
}


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One target, as plain data. "Three photos a week on Instagram" is metric published_deliveries, aggregation count,
    per week, low 3, network instagram, format photo.

    Per delivery, the aggregation does not matter: the latest figure of each publication is compared. `is_additive` is
    False for metrics of which several accounts' values are averaged, not added (percentages, scores, seconds).
    """

    id: int
    metric: str
    aggregation: Aggregation
    per: Per
    comparison: Comparison
    value: Decimal
    value_to: Decimal | None = None
    network: str | None = None
    account_id: int | None = None
    reach: Reach = Reach.BRAND
    branch_id: int | None = None
    format: str = ""
    content_kind_id: int | None = None
    campaign_id: int | None = None
    baseline: Decimal | None = None
    is_additive: bool = True

    @property
    def kind(self) -> Kind:
        return Kind.THRESHOLD if self.per is Per.DELIVERY else KINDS[self.aggregation]

    @property
    def low(self) -> Decimal | None:
        """What must be reached; None when there is only an upper limit."""
        return None if self.comparison is Comparison.AT_MOST else self.value

    @property
    def high(self) -> Decimal | None:
        """What must not be passed; None when there is none."""
        return {Comparison.AT_MOST: self.value, Comparison.BETWEEN: self.value_to}.get(self.comparison)


@dataclass(frozen=True, kw_only=True)
class DeliveryFact:
    """One published delivery. `day` is the local date of the brand. A metric that is neither in `figures` nor in
    `not_available` (the network gives none) is not yet known."""

    id: int
    label: str
    network: str
    account_id: int
    format: str
    day: date
    figures: Mapping[str, Decimal] = field(default_factory=dict)
    not_available: frozenset[str] = frozenset()

    def is_in(self, spec: Spec) -> bool:
        return (
            spec.network in (None, self.network)
            and spec.account_id in (None, self.account_id)
            and spec.format in ("", self.format)
        )


@dataclass(frozen=True, kw_only=True)
class AccountFact:
    """What is known of one metric of one account: one value per local day, in any order."""

    account_id: int
    metric: str
    network: str
    series: Sequence[tuple[date, Decimal]] = ()
    is_available: bool = True  # False: the network never gives it

    def is_in(self, spec: Spec) -> bool:
        return (
            self.metric == spec.metric
            and spec.network in (None, self.network)
            and spec.account_id in (None, self.account_id)
        )
