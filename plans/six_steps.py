"""Steps 1 to 4 in the registry: goals are this room's own, the others come from the rooms below."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from audits.steps import (
    account_groups,
    accounts_checklist,
    accounts_summary,
    audit_checklist,
    audit_groups,
    audit_summary,
)
from core.checklist import Check, Checklist
from personas.models import Persona
from personas.steps import inspiration_checklist, inspiration_groups, inspiration_summary
from plans.current import goal_figures
from plans.models import Goal, Plan
from plans.plain import goal_groups, plain_goal, plain_objective
from plans.queries import ENOUGH_GOALS, GoalLine, StepState, goal_lines, read_plans, with_goals
from plans.rules.smart import lacking
from plans.steps import Step, all_steps, register

PAGES = ("objective_list", "persona_list", "goal_create")


def states(plan: Plan) -> list[StepState]:
    """The six steps of a plan as they stand."""
    place = _place(plan)
    return [StepState(step, reverse(step.url_name, kwargs=place), step.checklist(plan)) for step in all_steps()]


def _place(plan: Plan) -> dict[str, str]:
    return {"workspace": plan.brand.workspace.slug, "brand": plan.brand.slug}


# -- step 1 ---------------------------------------------------------------------------------------------------------


def goals_checklist(plan: Plan) -> Checklist:
    """An objective, a persona, three complete goals and each further one complete. No query for the current plan."""
    plan = _read(plan)
    place = _place(plan)
    lines = goal_lines(plan)
    complete = sum(line.is_complete for line in lines)
    objectives, personas, new = (reverse(name, kwargs=place) for name in PAGES)
    return Checklist.of([
        Check(label=_("A business objective"), is_met=plan.has_objective, url=objectives),
        Check(label=_("A persona"), is_met=plan.has_persona, url=personas),
        Check(label=lacking(complete, ENOUGH_GOALS), is_met=complete >= ENOUGH_GOALS, url=new),
        *(_goal_check(line, place) for line in lines),
    ])  # fmt: skip


def _goal_check(line: GoalLine, place: Mapping[str, str]) -> Check:
    words = {"goal": line.goal.title, "letters": ", ".join(str(verdict.name) for verdict in line.lacking)}
    if line.is_complete:
        return Check(label=line.goal.title, is_met=True)
    url = reverse("goal_edit", kwargs={**place, "pk": line.goal.pk})
    return Check(label=_now("“%(goal)s” is not yet: %(letters)s") % words, is_met=False, url=url)


def _read(plan: Plan) -> Plan:
    """The plan with what the checklist asks for; as it is when it was fetched so."""
    if "goals" in getattr(plan, "_prefetched_objects_cache", {}) and hasattr(plan, "has_objective"):
        return plan
    return with_goals(read_plans(plan.brand).get(pk=plan.pk), plan.brand)


def goals_summary(plan: Plan) -> Mapping[str, Any]:
    """The objectives, personas and goals. Five queries."""
    goals = (
        Goal.objects.filter(plan=plan).with_all().prefetch_related("persona_answers__persona").order_by("due_on", "pk")
    )
    personas = Persona.objects.for_brand(plan.brand).addressed()
    return {
        "objectives": [plain_objective(objective) for objective in plan.brand.business_objectives.all()],
        "personas": list(personas.values("id", "name", "summary")),
        "goals": [plain_goal(goal) for goal in goals],
    }


def register_all() -> None:
    register(Step(
        number=1, slug="goals", title=_("Goals"), purpose=_("What you want to achieve, and how you will know."),
        url_name="goal_list", checklist=goals_checklist, summary=goals_summary, words=goal_groups,
        template="plans/_step_goals.html", figures=goal_figures,
    ))  # fmt: skip
    register(Step(
        number=2, slug="audit", title=_("Audit"), purpose=_("Where you stand: every account, and what it is for."),
        url_name="audit_list", checklist=lambda plan: audit_checklist(plan.brand),
        summary=lambda plan: audit_summary(plan.brand), words=audit_groups, template="plans/_step_audit.html",
    ))  # fmt: skip
    register(Step(
        number=3, slug="accounts", title=_("Accounts"), purpose=_("Every profile complete, with a mission of its own."),
        url_name="account_list", checklist=lambda plan: accounts_checklist(plan.brand),
        summary=lambda plan: accounts_summary(plan.brand), words=account_groups, template="plans/_step_accounts.html",
    ))  # fmt: skip
    register(Step(
        number=4, slug="inspiration", title=_("Inspiration"), url_name="inspiration_list",
        purpose=_("How your audience speaks, and when it shares."),
        checklist=lambda plan: inspiration_checklist(plan.brand),
        summary=lambda plan: inspiration_summary(plan.brand), words=inspiration_groups,
        template="plans/_step_inspiration.html",
    ))  # fmt: skip
