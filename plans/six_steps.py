"""Steps 1 to 4 in the registry: goals are this room's own, the others come from the rooms below."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audits import queries as audits
from audits.duties import audit_actions
from audits.queries import Standing
from audits.steps import (
    account_groups,
    accounts_checklist,
    accounts_summary,
    audit_checklist,
    audit_groups,
    audit_summary,
)
from core.asking import Column, few, first, tally
from core.checklist import Check, Checklist
from personas import steps as personas
from personas.models import Persona
from personas.steps import inspiration_checklist, inspiration_groups, inspiration_summary
from plans.current import goal_figures
from plans.duties import goal_actions
from plans.models import (
    Acknowledgement,
    BusinessObjective,
    Goal,
    GoalQuerySet,
    GoalStatus,
    Plan,
    PlanRevision,
    RevisionCall,
)
from plans.plain import goal_groups, plain_goal, plain_objective
from plans.queries import ENOUGH_GOALS, StepState
from plans.rules.smart import NAMES, Letter, lacking
from plans.steps import Asking, Step, all_steps, known, register
from teams.models import Invitation

PAGES = ("objective_list", "persona_list", "goal_create")


def states(plan: Plan) -> list[StepState]:
    """The six steps of a plan as they stand."""
    place = _place(plan)
    return [StepState(step, reverse(step.url_name, kwargs=place), step.checklist(plan)) for step in all_steps()]


def _place(plan: Plan) -> dict[str, str]:
    return {"workspace": plan.brand.workspace.slug, "brand": plan.brand.slug}


# -- step 1 ---------------------------------------------------------------------------------------------------------

NAMED = 5  # incomplete goals that the checklist names
WORST = 8  # goals that the home of a brand shows


def goals_known(asking: Asking) -> Mapping[str, Column]:
    """How many goals there are in each state, which lack a letter, which ended and were not followed by another one."""
    goals, brand = Goal.objects.filter(plan=OuterRef("pk")), asking.brand
    followed = Exists(Goal.objects.filter(predecessor=OuterRef("pk")))
    counts = {f"is_{status}": Count("pk", filter=Q(status=status)) for status in GoalStatus}
    ended = Q(status__in=(GoalStatus.ACHIEVED, GoalStatus.MISSED)) | Q(due_on__lt=asking.today)
    return {
        "objective": Exists(BusinessObjective.objects.filter(brand=brand)),
        "persona": Exists(Persona.objects.filter(brand=brand, is_negative=False)),
        "goals": tally(
            goals, "plan", all=Count("pk"), complete=Count("pk", filter=Q(lacks="")), **counts,
            ended=Count("pk", filter=ended & Q(~followed)),
        ),
        "incomplete": few(goals.exclude(lacks="").order_by("due_on", "pk"), NAMED, id=F("pk"), title=F("title"),
                          lacks=F("lacks")),
        "ended": few(goals.filter(ended).exclude(followed).order_by("due_on", "pk"), 1, id=F("pk"), title=F("title")),
        **_revisions_known(asking),
        **(_for_a_person(goals, asking) if asking.is_desk else {}),
    }  # fmt: skip


def _revisions_known(asking: Asking) -> Mapping[str, Column]:
    """The last published revision and whether the person says that they have read it; how many calls are open."""
    published = PlanRevision.objects.filter(plan=OuterRef("pk")).published().order_by("-number")
    read = Acknowledgement.objects.filter(revision=OuterRef("pk"), user=asking.user_id, read_at__isnull=False)
    return {
        "revision": first(published, id=F("pk"), number=F("number"), is_read=Exists(read)),
        "calls": tally(RevisionCall.objects.filter(plan=OuterRef("pk")).open(), "plan", count=Count("pk")),
    }


def _for_a_person(goals: GoalQuerySet, asking: Asking) -> Mapping[str, Column]:
    """What the home shows besides: the goals that need somebody first, those of the person that fall behind, and
    invitations that wait."""
    invited = Invitation.objects.filter(workspace=OuterRef("brand__workspace")).pending(asking.now)
    behind = goals.needing_attention().filter(owner=asking.user_id, due_on__gte=asking.today).order_by("due_on", "pk")
    owner = Coalesce(NullIf("owner__name", Value("")), "owner__email")
    return {
        "worst": few(goals.by_attention(), WORST, id=F("pk"), title=F("title"), status=F("status"), lacks=F("lacks"),
                     due_on=F("due_on"), owner=owner),
        "mine": few(behind, 2, id=F("pk"), title=F("title"), status=F("status")),
        "invitations": tally(invited, "workspace", count=Count("pk")),
    }  # fmt: skip


def goals_checklist(plan: Plan) -> Checklist:
    """An objective, a persona, three complete goals and each further one complete."""
    found, place = known(plan), _place(plan)
    counts = found["goals"] or {"all": 0, "complete": 0}
    complete, left = counts["complete"], counts["all"] - counts["complete"] - len(found["incomplete"])
    objectives, personas, new = (reverse(name, kwargs=place) for name in PAGES)
    more = ngettext("and %(count)d more goal is not complete", "and %(count)d more goals are not complete", left)
    return Checklist.of([
        Check(label=_("A business objective"), is_met=found["objective"], url=objectives),
        Check(label=_("A persona"), is_met=found["persona"], url=personas),
        Check(label=lacking(complete, ENOUGH_GOALS), is_met=complete >= ENOUGH_GOALS, url=new),
        *(_goal_check(goal, place) for goal in found["incomplete"]),
        *([Check(label=more % {"count": left}, is_met=False, url=reverse("goal_list", kwargs=place))] if left else []),
    ])  # fmt: skip


def _goal_check(goal: Mapping[str, Any], place: Mapping[str, str]) -> Check:
    letters = ", ".join(str(NAMES[letter]) for letter in Letter if letter in goal["lacks"])
    words = {"goal": goal["title"], "letters": letters}
    url = reverse("goal_edit", kwargs={**place, "pk": goal["id"]})
    return Check(label=_now("“%(goal)s” is not yet: %(letters)s") % words, is_met=False, url=url)


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


def _standing(plan: Plan) -> Standing:
    return Standing.read(known(plan))


def register_all() -> None:
    register(Step(
        number=1, slug="goals", title=_("Goals"), purpose=_("What you want to achieve, and how you will know."),
        url_name="goal_list", known=goals_known, checklist=goals_checklist, actions=goal_actions,
        summary=goals_summary, words=goal_groups, template="plans/_step_goals.html", figures=goal_figures,
    ))  # fmt: skip
    register(Step(
        number=2, slug="audit", title=_("Audit"), purpose=_("Where you stand: every account, and what it is for."),
        url_name="audit_list", known=lambda asking: audits.columns(asking.brand),
        checklist=lambda plan: audit_checklist(plan.brand, _standing(plan)),
        actions=lambda plan, sight: [*audit_actions(plan.brand, sight.role, _standing(plan), sight.today)],
        summary=lambda plan: audit_summary(plan.brand), words=audit_groups, template="plans/_step_audit.html",
    ))  # fmt: skip
    register(Step(
        number=3, slug="accounts", title=_("Accounts"), purpose=_("Every profile complete, with a mission of its own."),
        url_name="account_list", checklist=lambda plan: accounts_checklist(plan.brand, _standing(plan)),
        summary=lambda plan: accounts_summary(plan.brand), words=account_groups, template="plans/_step_accounts.html",
    ))  # fmt: skip
    register(Step(
        number=4, slug="inspiration", title=_("Inspiration"), url_name="inspiration_list",
        purpose=_("How your audience speaks, and when it shares."),
        known=lambda asking: personas.columns(asking.brand),
        checklist=lambda plan: inspiration_checklist(plan.brand, known(plan)),
        summary=lambda plan: inspiration_summary(plan.brand), words=inspiration_groups,
        template="plans/_step_inspiration.html",
    ))  # fmt: skip
