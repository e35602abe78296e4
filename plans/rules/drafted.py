"""Goals and targets as far as they have been written: what the SMART test reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plans.rules.facts import Aggregation, Comparison, Per, Reach


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What an observed pace stands on: `counted` posts (or days, or accounts) had figures, `lacking` had none."""

    starts_on: date
    ends_on: date
    counted: int
    lacking: int = 0


@dataclass(frozen=True, kw_only=True)
class TargetDraft:
    """One target as far as it has been written."""

    words: str = ""  # the target as a sentence
    metric: str = ""
    metric_name: str = ""
    unit: str = "count"  # as in the catalogue: count, percent, currency, seconds, score
    subject: str = "both"  # what the metric is about: account, delivery, both or brand
    is_vanity: bool = False
    aggregation: Aggregation = Aggregation.COUNT
    per: Per = Per.WEEK
    comparison: Comparison = Comparison.AT_LEAST
    value: Decimal | None = None
    value_to: Decimal | None = None
    network: str | None = None
    account_id: int | None = None
    reach: Reach = Reach.BRAND
    branch_id: int | None = None
    format: str = ""
    content_kind_id: int | None = None
    campaign_id: int | None = None
    baseline: Decimal | None = None  # typed by a person
    observed: Decimal | None = None  # the same number in the time before, typed or measured
    basis: Basis | None = None  # what it was measured from
    not_given_by: str = ""  # the name of the network in scope that never gives this metric
    instead: tuple[str, ...] = ()  # metrics that it does give
    is_given_of_posts: bool = False  # although not of accounts

    @property
    def low(self) -> Decimal | None:
        return None if self.comparison is Comparison.AT_MOST else self.value

    @property
    def high(self) -> Decimal | None:
        return {Comparison.AT_MOST: self.value, Comparison.BETWEEN: self.value_to}.get(self.comparison)

    @property
    def measure(self) -> str:
        """The unit of its number: a share is a percentage, whatever it is a share of."""
        return "percent" if self.aggregation is Aggregation.SHARE else self.unit

    @property
    def is_of_posts(self) -> bool:
        """Whether it is read from publications, rather than from accounts or from the brand as a whole."""
        is_level = self.per is not Per.DELIVERY and self.aggregation in (Aggregation.LAST, Aggregation.CHANGE)
        return self.subject != "brand" and not is_level

    @property
    def is_level_of_posts(self) -> bool:
        """Whether it asks how accounts stand or grow in what the network tells of posts alone."""
        return bool(self.not_given_by) and self.is_given_of_posts and not self.is_of_posts

    @property
    def has_number(self) -> bool:
        return self.value is not None and (self.comparison is not Comparison.BETWEEN or self.value_to is not None)


@dataclass(frozen=True, kw_only=True)
class GoalDraft:
    """A goal as far as it has been written. `answered` are the personas for which "how does this help reach them?" has
    an answer, by name, and `unanswered` those for which it has none yet."""

    action: str = ""
    network: str | None = None
    has_objective: bool = False
    has_personas: bool = True
    answered: Sequence[str] = ()
    unanswered: Sequence[str] = ()
    targets: Sequence[TargetDraft] = ()
    starts_on: date | None = None
    due_on: date | None = None
    plan_starts_on: date | None = None
    plan_ends_on: date | None = None

    @property
    def days(self) -> int | None:
        """How long it lasts, its first and last day included."""
        if self.starts_on is None or self.due_on is None or self.due_on < self.starts_on:
            return None
        return (self.due_on - self.starts_on).days + 1
