"""Tests a goal letter by letter: specific, measurable, achievable, relevant, time-bound. Says in words what is missing.

Text comes from gettext; nothing else of Django is used.
"""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plans.rules.clashes import clash, contradictions, contradictions_between
from plans.rules.drafted import Basis, GoalDraft, TargetDraft
from plans.rules.facts import PUBLISHED

__all__ = [
    "NAMES", "Basis", "GoalDraft", "Letter", "Pace", "TargetDraft", "Verdict", "achievable", "check", "clash",
    "contradictions", "contradictions_between", "is_complete", "lacking", "letters", "measurable", "pace", "relevant",
    "specific", "time_bound", "unavailable",
]  # fmt: skip

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
class Pace:
    """The needed number beside the one reached before; `observed` None means that there is no history. It was typed in
    by a person, or measured from what `basis` says: figures of posts, posts themselves, or other figures."""

    words: str
    needed: Decimal
    observed: Decimal | None
    is_ambitious: bool
    unit: str = "count"
    is_typed: bool = False
    basis: Basis | None = None
    counts: str = "figures"  # what `basis` counts: "posts", "figures of posts" or "figures"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One letter: met or not, what is missing, what to think about even if it is met, and what is there already."""

    letter: Letter
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
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


def letters(draft: GoalDraft) -> str:
    """The letters that are not met, "MR" for example: nothing when the goal is complete."""
    return "".join(verdict.letter for verdict in check(draft) if not verdict.is_met)


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
    missing += [clash(one, other) for one, other in contradictions(targets, draft.days)]
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
    if target.is_level_of_posts:
        return (
            _(
                "%(network)s gives “%(metric)s” of posts only, and older posts had longer to earn theirs, so that no "
                "growth could be told from them. Choose the total or average, and give what it was before."
            )
            % words
        )
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
    seen, is_typed = target.observed, target.baseline is not None
    is_ambitious = target.low is not None and seen is not None and seen > 0 and target.low > AMBITIOUS * seen
    return Pace(
        words=target.words, needed=needed, observed=seen, is_ambitious=is_ambitious, unit=target.measure,
        is_typed=is_typed, basis=None if is_typed else target.basis, counts=_counted(target),
    )  # fmt: skip


def _counted(target: TargetDraft) -> str:
    if target.metric == PUBLISHED:
        return "posts"
    return "figures of posts" if target.is_of_posts else "figures"


def relevant(draft: GoalDraft) -> Verdict:
    missing = []
    if not draft.has_objective:
        missing.append(_("Choose the business objective that it supports."))
    if not draft.has_personas:
        missing.append(_("Describe a persona first: whom should it reach?"))
    elif not draft.answered:
        missing.append(_("Say for at least one persona how this helps to reach them."))
    return Verdict(letter=Letter.R, missing=tuple(missing), notes=tuple(_reached(draft)))


def _reached(draft: GoalDraft) -> Iterator[str]:
    """For which personas it is said how the goal helps, and for which it is not."""
    if draft.answered and all(draft.answered):
        yield _("Said for %(names)s.") % {"names": ", ".join(draft.answered)}
    if draft.answered and draft.unanswered:
        yield _("Nothing said yet for %(names)s.") % {"names": ", ".join(draft.unanswered)}


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


def lacking(count: int, least: int) -> str:
    """How far a plan is from ready, in words."""
    return ngettext(
        "%(count)d of at least %(least)d complete goals", "%(count)d of at least %(least)d complete goals", count
    ) % {"count": count, "least": least}
