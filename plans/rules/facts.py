"""What goals are judged by: the conditions (`Spec`) and what is known (the facts)."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    MEDIAN = "median"
    SHARE = "share"  # of all that was published in the same places
    LEVEL = "level"  # where an account stands
    GROWTH = "growth"  # by how much it rose


KINDS = {
    Aggregation.COUNT: Kind.CADENCE,
    Aggregation.SUM: Kind.TOTAL,
    Aggregation.MEAN: Kind.MEAN,
    Aggregation.MEDIAN: Kind.MEDIAN,
    Aggregation.SHARE: Kind.SHARE,
    Aggregation.LAST: Kind.LEVEL,
    Aggregation.CHANGE: Kind.GROWTH,
}


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One target, as plain data. "Three photos a week on Instagram" is metric published_deliveries, aggregation count,
    per week, low 3, network instagram, format photo.

    Per delivery, the aggregation does not matter: the latest figure of each publication is compared. `is_additive` is
    False for metrics of which several accounts' values are averaged, not added (percentages, scores, seconds).
    `is_of_brand` is True for what no network gives (visits, leads, money, answers): noted for the brand, a campaign or
    an account, by day.
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
    is_of_brand: bool = False

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

    @property
    def is_of_accounts(self) -> bool:
        """Whether the figures of accounts are compared, not those of publications."""
        return not self.is_of_brand and self.kind in (Kind.LEVEL, Kind.GROWTH)

    def reaches(self, branch_id: int | None, network: str | None, account_id: int | None) -> bool:
        """Whether a place is within the target's: `branch_id` None is the brand itself."""
        is_reached = {
            Reach.BRAND: branch_id is None,
            Reach.FAMILY: True,
            Reach.BRANCH: branch_id is not None and branch_id == self.branch_id,
        }[self.reach]
        return is_reached and self.network in (None, network) and self.account_id in (None, account_id)

    @property
    def whole(self) -> "Spec":
        """The same places, whatever the format, content type and campaign: what a share is a share of."""
        return replace(self, format="", content_kind_id=None, campaign_id=None)


@dataclass(frozen=True, kw_only=True)
class DeliveryFact:
    """One published delivery. `day` is the local date of the brand whose goal it is; `branch_id` names the branch that
    published it, None the brand itself. A metric that is neither in `figures` nor in `not_available` (the network gives
    none) is not yet known."""

    id: int
    label: str
    network: str
    account_id: int
    format: str
    day: date
    branch_id: int | None = None
    content_kind_id: int | None = None
    campaign_id: int | None = None
    figures: Mapping[str, Decimal] = field(default_factory=dict)
    not_available: frozenset[str] = frozenset()

    def is_in(self, spec: Spec) -> bool:
        return (
            spec.reaches(self.branch_id, self.network, self.account_id)
            and spec.format in ("", self.format)
            and spec.content_kind_id in (None, self.content_kind_id)
            and spec.campaign_id in (None, self.campaign_id)
        )


Series = Sequence[tuple[date, Decimal]]


@dataclass(frozen=True, kw_only=True)
class AccountFact:
    """What is known of one metric of one account: one value per local day, in any order."""

    account_id: int
    metric: str
    network: str
    branch_id: int | None = None
    series: Series = ()
    is_available: bool = True  # False: the network never gives it

    def is_in(self, spec: Spec) -> bool:
        return self.metric == spec.metric and spec.reaches(self.branch_id, self.network, self.account_id)


@dataclass(frozen=True, kw_only=True)
class PortionFact:
    """What was noted of a metric that no network gives, for the brand itself, one campaign, or one account. Portions
    never overlap: a lead that was noted for a campaign is not noted for the brand as well."""

    metric: str
    branch_id: int | None = None
    account_id: int | None = None
    network: str | None = None  # of the account
    campaign_id: int | None = None
    series: Series = ()

    def is_in(self, spec: Spec) -> bool:
        return (
            self.metric == spec.metric
            and spec.reaches(self.branch_id, self.network, self.account_id)
            and spec.campaign_id in (None, self.campaign_id)
        )
