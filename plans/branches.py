"""A brand and the brand above it: what a branch takes over, and how the branches stand together."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import Model, Prefetch, QuerySet

from personas.models import Persona
from plans.models import ATTENTION, BusinessObjective, Goal, GoalStatus, Plan
from teams.inheritance import Inheritable
from teams.models import Brand
from teams.queries import with_branches

# -- seen from a branch -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Something of the brand above, and what this brand made of it (None: not taken over)."""

    original: Any
    own: Any = None

    @property
    def state(self) -> str:
        """Whether it is "open" (not taken over), "follows", or is "own" by now."""
        if self.own is None:
            return "open"
        return "follows" if isinstance(self.own, Inheritable) and self.own.follows else "own"


@dataclass(frozen=True, kw_only=True)
class Inherited:
    """All that a branch may take over."""

    objectives: Sequence[Taken]
    personas: Sequence[Taken]
    goals: Sequence[Taken]


def inherited(brand: Brand, today: date) -> Inherited:
    """What the brand above has, and what of it this brand took over. Seven queries at most."""
    above = above_plan(brand, today, today)
    goals = Goal.objects.filter(plan=above).with_all() if above else Goal.objects.none()
    return Inherited(
        objectives=_taken(BusinessObjective.objects.filter(brand__branches=brand), brand),
        personas=_taken(Persona.objects.filter(brand__branches=brand, is_negative=False), brand),
        goals=_taken(goals, brand),
    )


def _taken(originals: "QuerySet[Any]", brand: Brand) -> list[Taken]:
    model: type[Model] = originals.model
    mine = Prefetch("heirs", model._default_manager.filter(brand=brand), to_attr="mine")
    return [Taken(original=row, own=next(iter(row.mine), None)) for row in originals.prefetch_related(mine)]


def above_plan(brand: Brand, starts_on: date, ends_on: date) -> Plan | None:
    """The plan of the brand above that runs in this time; the one that begins first, of several."""
    if brand.parent_id is None:
        return None
    plans = Plan.objects.filter(brand_id=brand.parent_id, starts_on__lte=ends_on, ends_on__gte=starts_on)
    return plans.select_related("brand__workspace").order_by("starts_on").first()


# -- seen from above --------------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class Branch:
    """How a branch stands: its plan of today (the nearest one), its goals by status, and how deep it lies below."""

    brand: Brand
    depth: int
    plan: Plan | None = None
    goals: Counter[str] = field(default_factory=Counter)

    @property
    def statuses(self) -> list[tuple[GoalStatus, int]]:
        return [(status, self.goals[status]) for status in ATTENTION if self.goals[status]]


@dataclass(frozen=True, kw_only=True)
class GoalBelow:
    """A goal of the parent, and the goals that branches set to reach it."""

    goal: Goal
    heirs: Sequence[Goal]
    missing: int  # branches that have not set it

    @property
    def statuses(self) -> list[tuple[GoalStatus, int]]:
        counts = Counter(heir.status for heir in self.heirs)
        return [(status, counts[status]) for status in ATTENTION if counts[status]]


def read_branches(brand: Brand, brands: Iterable[Brand], today: date) -> list[Branch]:
    """The branches with their plans and goals. Two queries, however many there are."""
    listed = sorted(brands, key=attrgetter("name"))
    branches = [Branch(brand=one, depth=depth) for one, depth in with_branches(listed, below=brand.pk)]
    plans: dict[int, Plan] = {}
    for plan in Plan.objects.filter(brand__in=[branch.brand for branch in branches]).nearest(today):
        plans.setdefault(plan.brand_id, plan)
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    rows = Goal.objects.filter(plan__in=plans.values(), starts_on__lte=today).order_by()
    for plan_id, status in rows.values_list("plan_id", "status"):
        counts[plan_id][status] += 1
    for branch in branches:
        branch.plan = plans.get(branch.brand.pk)
        branch.goals = counts[branch.plan.pk] if branch.plan else Counter()
    return branches


def goals_below(plan: Plan, branches: Sequence[Branch]) -> list[GoalBelow]:
    """Each goal of the parent's plan with what these branches made of it. Two queries."""
    shown = [branch.brand.pk for branch in branches]
    heirs = Goal.objects.filter(brand__in=shown).select_related("brand").by_attention()
    goals = Goal.objects.filter(plan=plan).prefetch_related(Prefetch("heirs", heirs, to_attr="below"))
    direct = sum(branch.depth == 0 for branch in branches)
    return [
        GoalBelow(goal=goal, heirs=goal.below, missing=direct - len(goal.below))  # type: ignore[attr-defined]
        for goal in goals.order_by("due_on", "pk")
    ]
