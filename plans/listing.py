"""Lists of goals, of one plan or of all brands: narrowed, sorted, a page at a time, and as rows for a spreadsheet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, When, Window
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans import drafts
from plans.models import ATTENTION, Goal, GoalQuerySet, Plan, Target
from plans.queries import ENOUGH_GOALS
from plans.rules.smart import lacking
from teams.models import Brand

SIZE = 50
SORTS = {
    "attention": gettext_lazy("What needs attention"),
    "due": gettext_lazy("Due date"),
    "brand": gettext_lazy("Brand"),
    "owner": gettext_lazy("Owner"),
    "status": gettext_lazy("Status"),
    "title": gettext_lazy("Title"),
}
Chosen = Mapping[str, Any]  # what a form cleaned: brand, status, owner, network, objective, due_from, due_to, …


@dataclass(frozen=True)
class GoalRow:
    """A goal in a list, fetched by `listed`."""

    goal: Goal

    @property
    def href(self) -> str:
        brand = self.goal.brand
        return reverse("goal_detail", args=[brand.workspace.slug, brand.slug, self.goal.pk])

    @property
    def lacks(self) -> str:
        """The letters of SMART that are not met: M, R."""
        return ", ".join(self.goal.lacks)

    @cached_property
    def sentences(self) -> list[str]:
        return [drafts.of_target(target).words for target in self.goal.targets.all()]


@dataclass(frozen=True)
class GoalsPage:
    rows: list[GoalRow]
    number: int
    total: int

    @property
    def has_next(self) -> bool:
        return self.number * SIZE < self.total

    @property
    def next(self) -> int:
        return self.number + 1

    @property
    def previous(self) -> int:
        return self.number - 1


@dataclass(frozen=True)
class Facets:
    """What the goals of a list are of: keys and names of brands, owners and networks, by name."""

    brands: Sequence[tuple[int, str]]
    owners: Sequence[tuple[int, str]]
    networks: Sequence[tuple[str, str]]


def facets(goals: GoalQuerySet) -> Facets:
    """One query."""
    names = ("brand", "brand__name", "owner", "owner__name", "owner__email", "network", "network__name")
    rows = list(goals.order_by().values_list(*names).distinct())
    return Facets(
        brands=_by_name((row[0], row[1]) for row in rows),
        owners=_by_name((row[2], row[3] or row[4]) for row in rows),
        networks=_by_name((row[5], row[6]) for row in rows),
    )


def _by_name(pairs: Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
    known = {pair for pair in pairs if pair[0] is not None}
    return sorted(known, key=lambda pair: (pair[1].lower(), pair[0]))


def of_brands(brands: QuerySet[Brand]) -> GoalQuerySet:
    return Goal.objects.filter(brand__in=brands)


def of_plan(plan: Plan) -> GoalQuerySet:
    return Goal.objects.filter(plan=plan)


def listed(goals: GoalQuerySet, chosen: Chosen) -> GoalQuerySet:
    """The goals that were asked for, in the order that was asked for, with all that a row says. Two queries."""
    targets = Prefetch("targets", Target.objects.select_related(*Target.PARTS))
    found = narrowed(goals, chosen).select_related("brand__workspace", "network", "owner", "objective")
    return in_order(found, chosen.get("sort") or "attention").prefetch_related(targets)


def page(goals: GoalQuerySet, number: int) -> GoalsPage:
    """Some of the goals of `listed`, and how many there are in all."""
    first = (number - 1) * SIZE
    rows = list(goals.annotate(total=Window(Count("*")))[first : first + SIZE])
    return GoalsPage([GoalRow(goal) for goal in rows], number, getattr(rows[0], "total", 0) if rows else 0)


def narrowed(goals: GoalQuerySet, chosen: Chosen) -> GoalQuerySet:
    lookups = {
        "brand": "brand", "status": "status", "owner": "owner", "network": "network",
        "objective": "objective__title__icontains", "due_from": "due_on__gte", "due_to": "due_on__lte",
    }  # fmt: skip
    goals = goals.filter(**{lookups[name]: chosen[name] for name in lookups if chosen.get(name)})
    return goals.exclude(lacks="") if chosen.get("incomplete") else goals


def in_order(goals: GoalQuerySet, sort: str) -> GoalQuerySet:
    if sort == "attention":
        return goals.by_attention()
    ranks = [When(status=status, then=rank) for rank, status in enumerate(ATTENTION)]
    orders: Mapping[str, list[Any]] = {
        "brand": [Lower("brand__name")],
        "owner": [Lower("owner__name").asc(nulls_last=True)],
        "status": [Case(*ranks, output_field=IntegerField())],
        "title": [Lower("title")],
    }
    return goals.order_by(*orders.get(sort, []), "due_on", "pk")


def plan_of(brand: Brand, today: date) -> Plan | None:
    """The plan whose goals are listed, which knows how many of them are complete. One query."""
    complete = Count("goals", filter=Q(goals__lacks=""))
    return Plan.objects.for_brand(brand).nearest(today).annotate(complete=complete).first()


def not_ready(plan: Plan) -> str:
    """Why a plan read by `plan_of` does not count as ready; nothing when enough of its goals are complete."""
    complete: int = plan.complete  # type: ignore[attr-defined]
    if complete >= ENOUGH_GOALS:
        return ""
    return _("This plan is not ready: %(lacking)s.") % {"lacking": lacking(complete, ENOUGH_GOALS)}


def sheet(goals: GoalQuerySet) -> Iterator[list[object]]:
    """The goals as rows for a spreadsheet, under their heads."""
    yield [
        _("Brand"), _("Goal"), _("Status"), _("Lacks"), _("Owner"), _("Network"), _("Business objective"), _("Targets"),
        _("Starts on"), _("Due on"),
    ]  # fmt: skip
    for row in map(GoalRow, goals):
        goal = row.goal
        yield [
            goal.brand.name, goal.title, goal.get_status_display(), row.lacks, str(goal.owner or ""),
            str(goal.network or ""), str(goal.objective or ""), "\n".join(row.sentences), goal.starts_on.isoformat(),
            goal.due_on.isoformat(),
        ]  # fmt: skip


def is_narrowed(chosen: Chosen) -> bool:
    return any(value for name, value in chosen.items() if name != "sort")
