"""All brands that somebody may open, each with how its plan stands: for whoever looks after many of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db.models import OuterRef, Subquery

from activity.models import Event
from plans.models import ATTENTION, GoalStatus, Plan
from plans.queries import StepState, next_step
from plans.six_steps import states
from plans.steps import Sight, read
from teams.access import visible_brands
from teams.models import Brand, Membership
from teams.queries import with_branches

NEED_SOMEBODY = (GoalStatus.OFF_TRACK, GoalStatus.MISSED, GoalStatus.AT_RISK)
SORTS = ("name", "attention", "missed", "complete", "active")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A brand, under its parent brand when that is in the list too. Its plan is the one that runs, or the nearest."""

    brand: Brand
    plan: Plan | None
    depth: int = 0
    parent: Brand | None = None

    @cached_property
    def steps(self) -> list[StepState]:
        return states(self.plan) if self.plan else []

    @cached_property
    def next(self) -> StepState | None:
        return next_step(self.steps)

    @property
    def percent(self) -> int:
        """How complete the six steps are together."""
        return int(100 * sum(step.share for step in self.steps) / len(self.steps)) if self.steps else 0

    @cached_property
    def goals(self) -> Counter[GoalStatus]:
        """How many goals there are in each state."""
        counts: Mapping[str, int] = (self.plan.known["goals"] if self.plan else None) or {}
        return Counter({status: counts.get(f"is_{status}", 0) for status in GoalStatus})

    @property
    def statuses(self) -> list[tuple[GoalStatus, int]]:
        return statuses(self.goals)

    @property
    def attention(self) -> int:
        return sum(self.goals[status] for status in NEED_SOMEBODY)

    @property
    def missed(self) -> int:
        """Posts that nobody published or moved in time."""
        waiting: Mapping[str, int] = (self.plan.known.get("waiting") if self.plan else None) or {}
        return waiting.get("missed", 0)

    @property
    def revision(self) -> int | None:
        """The number of the revision that was published last."""
        found: Mapping[str, int] = (self.plan.known.get("revision") if self.plan else None) or {}
        return found.get("number")

    @property
    def is_unread(self) -> bool:
        """Whether the person has not said yet that they have read that revision."""
        found: Mapping[str, bool] = (self.plan.known.get("revision") if self.plan else None) or {}
        return bool(found) and not found["is_read"]

    @property
    def calls(self) -> int:
        """What calls for a revision and was not settled."""
        found: Mapping[str, int] = (self.plan.known.get("calls") if self.plan else None) or {}
        return found.get("count", 0)

    @property
    def active_at(self) -> datetime | None:
        found: datetime | None = getattr(self.brand, "active_at", None)
        return found


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The rows in the order that was asked for, and what they come to."""

    rows: Sequence[Row]

    @cached_property
    def goals(self) -> Counter[GoalStatus]:
        return sum((row.goals for row in self.rows), Counter())

    @property
    def statuses(self) -> list[tuple[GoalStatus, int]]:
        return statuses(self.goals)

    @property
    def goal_count(self) -> int:
        return sum(self.goals.values())

    @property
    def attention(self) -> int:
        return sum(row.attention for row in self.rows)

    @property
    def missed(self) -> int:
        return sum(row.missed for row in self.rows)

    @property
    def planless(self) -> int:
        return sum(row.plan is None for row in self.rows)


def statuses(goals: Counter[GoalStatus]) -> list[tuple[GoalStatus, int]]:
    """The states of which there are goals, the worst first."""
    return [(status, goals[status]) for status in ATTENTION if goals[status]]


def overview(membership: Membership, *, now: datetime, today: date, sort: str = "name") -> Overview:
    """Two queries, however many brands there are. Days are those of whoever looks, not of each brand."""
    newest = Event.objects.filter(brand=OuterRef("pk")).order_by("-at", "-pk").values("at")[:1]
    nearest = Plan.objects.filter(brand=OuterRef("pk")).nearest(today).values("pk")[:1]
    found = visible_brands(membership).annotate(active_at=Subquery(newest), plan_now=Subquery(nearest))
    brands = {brand.pk: brand for brand in found.order_by("name", "pk")}
    plans = Plan.objects.filter(pk__in=[brand.plan_now for brand in brands.values() if brand.plan_now])
    plan_of = {plan.brand_id: plan for plan in read(plans, Sight(now=now, today=today, user=membership.user))}
    for brand in brands.values():
        brand.workspace = membership.workspace
        if plan := plan_of.get(brand.pk):
            plan.brand = brand
    rows = [
        Row(brand=brand, plan=plan_of.get(brand.pk), depth=depth, parent=brands.get(brand.parent_id))
        for brand, depth in with_branches(brands.values())
    ]
    return Overview(rows=_sorted(rows, sort))


def _sorted(rows: Sequence[Row], sort: str) -> Sequence[Row]:
    """What wants somebody first; by name the branches stand under their parents."""
    keys: dict[str, Any] = {
        "attention": lambda row: -row.attention, "missed": lambda row: -row.missed, "complete": attrgetter("percent"),
        "active": lambda row: -row.active_at.timestamp() if row.active_at else 1,
    }  # fmt: skip
    return sorted(rows, key=keys[sort]) if sort in keys else rows
