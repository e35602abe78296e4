"""Goals of one plan that cannot all be reached."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from django.utils.translation import gettext as _

from plans.rules.smart import GoalDraft, contradictions


def contradictions_between(drafts: Sequence[tuple[str, GoalDraft]]) -> Iterator[str]:
    """In words, each pair of targets of two goals that run at the same time and exclude each other."""
    for (title, one), (other_title, other) in combinations(drafts, 2):
        if not _overlap(one, other):
            continue
        mine = {id(target) for target in one.targets}
        for first, second in contradictions([*one.targets, *other.targets]):
            if (id(first) in mine) != (id(second) in mine):
                yield _("“%(goal)s” and “%(other)s” cannot both be met: “%(first)s”, but “%(second)s”.") % {
                    "goal": title, "other": other_title, "first": first.words, "second": second.words,
                }  # fmt: skip


def _overlap(one: GoalDraft, other: GoalDraft) -> bool:
    if not (one.starts_on and one.due_on and other.starts_on and other.due_on):
        return False
    return one.starts_on <= other.due_on and other.starts_on <= one.due_on
