"""The chain in which a goal stands: those that it follows, and those that follow it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from plans.models import Goal


@dataclass(frozen=True)
class Link:
    goal: Goal
    is_here: bool


def chain_of(goal: Goal) -> list[Link]:
    """From the first goal to the last one; empty when the goal follows none and none follows it. One query, however
    long the chain is."""
    followed = Exists(Goal.objects.filter(predecessor=OuterRef("pk")))
    linked = Goal.objects.filter(brand=goal.brand_id).filter(Q(predecessor__isnull=False) | followed)
    found = list(ordered(goal.pk, linked.order_by("starts_on", "pk")))
    return [Link(one, one.pk == goal.pk) for one in found]


def ordered(pk: int, goals: Iterable[Goal]) -> Iterator[Goal]:
    """The goals before one, itself, and those after it, which may be several at a time. A ring is walked once."""
    known = {goal.pk: goal for goal in goals}
    before: list[int] = []
    place: int | None = pk
    while place in known and place not in before:
        before.append(place)
        place = known[place].predecessor_id
    yield from (known[one] for one in reversed(before))
    seen, row = set(before), [pk] if before else []
    while row:
        row = [one.pk for one in known.values() if one.predecessor_id in row and one.pk not in seen]
        seen.update(row)
        yield from (known[one] for one in row)
