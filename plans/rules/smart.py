"""Tests a goal letter by letter: specific, measurable, achievable, relevant, time-bound. Says in words what is missing.

Text comes from gettext; nothing else of Django is used.
"""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import combinations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plans.rules.facts import Aggregation, Comparison, Per, Reach
from plans.rules.targets import Observed

AMBITIOUS = Decimal(2)  # needing more than twice what was reached before deserves a warning
SHORTEST_ACTION = 3  # words: "Share photos" says neither who nor what for


class Letter(enum.StrEnum):
    S = "S"
    M = "M"
    A = "A"
    R = "R"
    T = "T"


NAMES: dict[Letter, str | Promise] = {
    Letter.S: gettext_lazy("Specific"),
    Letter.M: gettext_lazy("Measurable"),
    Letter.A: gettext_lazy("Achievable"),
    Letter.R: gettext_lazy("Relevant"),
    Letter.T: gettext_lazy("Time-bound"),
}


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
    stands_on: Observed | None = None  # what it stands on, when it was measured
    not_given_by: str = ""  # the name of the network in scope that never gives this metric
    instead: tuple[str, ...] = ()  # metrics that it does give

    @property
    def low(self) -> Decimal | None:
        return None if self.comparison is Comparison.AT_MOST else self.value

    @property
    def high(self) -> Decimal | None:
        return {Comparison.AT_MOST: self.value, Comparison.BETWEEN: self.value_to}.get(self.comparison)

    @property
    def has_number(self) -> bool:
        return self.value is not None and (self.comparison is not Comparison.BETWEEN or self.value_to is not None)


@dataclass(frozen=True, kw_only=True)
class GoalDraft:
    """A goal as far as it has been written. `answered` of `personas` are the personas for which "how does this help
    reach them?" has an answer, by name."""

    action: str = ""
    network: str | None = None
    has_objective: bool = False
    has_personas: bool = True
    answered: Sequence[str] = ()
    targets: Sequence[TargetDraft] = ()
    starts_on: date | None = None
    due_on: date | None = None
    plan_starts_on: date | None = None
    plan_ends_on: date | None = None


@dataclass(frozen=True)
class Pace:
    """The needed number beside the one reached before; `observed` None means that there is no history."""

    words: str
    needed: Decimal
    observed: Decimal | None
    is_ambitious: bool


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One letter: met or not, what is missing, and what to think about even if it is met."""

    letter: Letter
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    paces: tuple[Pace, ...] = field(default=())

    @property
    def is_met(self) -> bool:
        return not self.missing

    @property
    def name(self) -> str | Promise:
        return NAMES[self.letter]


def check(draft: GoalDraft) -> tuple[Verdict, ...]:
    """The five verdicts, in the order S, M, A, R, T."""
    return (specific(draft), measurable(draft), achievable(draft), relevant(draft), time_bound(draft))


def is_complete(draft: GoalDraft) -> bool:
    """Whether a goal counts towards the three that make a plan ready."""
    return all(verdict.is_met for verdict in check(draft))


# -- the letters ----------------------------------------------------------------------------------------------------


def specific(draft: GoalDraft) -> Verdict:
    missing = []
    if not draft.action.strip():
        missing.append(_("Say who does what."))
    elif len(draft.action.split()) < SHORTEST_ACTION:
        missing.append(_("Say it in a sentence: who does what, and what it should convey."))
    if not draft.network and not (draft.targets and all(target.network for target in draft.targets)):
        missing.append(_("Choose the network on which it happens."))
    return Verdict(letter=Letter.S, missing=tuple(missing))


def measurable(draft: GoalDraft) -> Verdict:
    targets = [target for target in draft.targets if target.metric]
    missing = [] if targets else [_("Add at least one target with a number.")]
    missing += [
        _("“%(metric)s” lacks its number.") % {"metric": target.metric_name}
        for target in targets
        if not target.has_number
    ]
    missing += [unavailable(target) for target in targets if target.not_given_by]
    missing += [clash(one, other) for one, other in contradictions(targets)]
    return Verdict(letter=Letter.M, missing=tuple(missing), warnings=tuple(vanity(targets)))


def vanity(targets: Sequence[TargetDraft]) -> Iterator[str]:
    """A warning when nothing that is measured says what the company gains."""
    if targets and all(target.is_vanity for target in targets):
        yield _(
            "All these metrics are pleasant to see but say little about what the company gains. "
            "Add one such as link clicks, leads or conversion rate."
        )


def unavailable(target: TargetDraft) -> str:
    words = {"network": target.not_given_by, "metric": target.metric_name, "others": ", ".join(target.instead)}
    if not target.instead:
        return _("%(network)s never gives “%(metric)s”.") % words
    return _("%(network)s never gives “%(metric)s”. Use instead: %(others)s.") % words


def achievable(draft: GoalDraft) -> Verdict:
    paces = tuple(pace(target) for target in draft.targets if target.metric and target.has_number)
    missing = [] if paces else [_("Give a target its number, to see the pace that it needs.")]
    warnings = []
    if any(pace.is_ambitious for pace in paces):
        warnings.append(_("This asks for more than twice what was reached before. What will be done differently?"))
    return Verdict(letter=Letter.A, missing=tuple(missing), warnings=tuple(warnings), paces=paces)


def pace(target: TargetDraft) -> Pace:
    needed = (target.high if target.low is None else target.low) or Decimal(0)
    seen = target.observed
    is_ambitious = target.low is not None and seen is not None and seen > 0 and target.low > AMBITIOUS * seen
    return Pace(target.words, needed, seen, is_ambitious)


def relevant(draft: GoalDraft) -> Verdict:
    missing = []
    if not draft.has_objective:
        missing.append(_("Choose the business objective that it supports."))
    if not draft.has_personas:
        missing.append(_("Describe a persona first: whom should it reach?"))
    elif not draft.answered:
        missing.append(_("Say for at least one persona how this helps to reach them."))
    return Verdict(letter=Letter.R, missing=tuple(missing))


def time_bound(draft: GoalDraft) -> Verdict:
    missing = []
    if draft.starts_on is None:
        missing.append(_("Say when it starts."))
    if draft.due_on is None:
        missing.append(_("Say when it is due."))
    if draft.starts_on and draft.due_on:
        missing += order(draft, draft.starts_on, draft.due_on)
    return Verdict(letter=Letter.T, missing=tuple(missing))


def order(draft: GoalDraft, starts_on: date, due_on: date) -> Iterator[str]:
    if due_on <= starts_on:
        yield _("It must be due after the day it starts.")
    if draft.plan_starts_on and starts_on < draft.plan_starts_on:
        yield _("It starts before the plan does.")
    if draft.plan_ends_on and due_on > draft.plan_ends_on:
        yield _("It is due after the plan ends.")


# -- contradictions -------------------------------------------------------------------------------------------------


def contradictions(targets: Sequence[TargetDraft]) -> Iterator[tuple[TargetDraft, TargetDraft]]:
    """Pairs of targets that cannot both be met: at least 5 and at most 3 of the same thing."""
    for one, other in combinations(targets, 2):
        if excludes(one, other) or excludes(other, one):
            yield one, other


def excludes(one: TargetDraft, other: TargetDraft) -> bool:
    """Whether reaching the first passes the second's limit. For counts and totals, what is reached in a part (photos
    on Instagram) is also reached in the whole (all posts)."""
    if one.low is None or other.high is None or one.low <= other.high:
        return False
    if (one.metric, one.per) != (other.metric, other.per):
        return False
    is_each = one.per is Per.DELIVERY
    if not is_each and one.aggregation is not other.aggregation:
        return False
    is_sum = one.aggregation in (Aggregation.COUNT, Aggregation.SUM)
    return lies_in(one, other) if is_each or is_sum else scope(one) == scope(other)


def scope(target: TargetDraft) -> tuple[str | None, int | None, str]:
    return target.network, target.account_id, target.format


def lies_in(part: TargetDraft, whole: TargetDraft) -> bool:
    """Whether everything in the scope of the first is in the scope of the second."""
    return all(wide in (None, "") or wide == narrow for narrow, wide in zip(scope(part), scope(whole), strict=True))


def clash(one: TargetDraft, other: TargetDraft) -> str:
    return _("These two cannot both be met: “%(one)s” and “%(other)s”.") % {"one": one.words, "other": other.words}


def lacking(count: int, least: int) -> str:
    """How far a plan is from ready, in words."""
    return ngettext(
        "%(count)d of at least %(least)d complete goals", "%(count)d of at least %(least)d complete goals", count
    ) % {"count": count, "least": least}
