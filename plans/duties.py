"""What the person who looks at a plan should do next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.desk import Action, Urgency
from plans.models import GoalStatus, Plan
from plans.queries import ENOUGH_GOALS
from plans.steps import Sight, all_steps, known
from teams.rules import Role

MOST = 6


def duties(plan: Plan, sight: Sight, others: Iterable[Action] = ()) -> list[Action]:
    """What waits for the person, the most urgent first, in the order of the steps. No query."""
    found = chain(others, *(step.actions(plan, sight) for step in all_steps()))
    return sorted(found, key=attrgetter("urgency"))[:MOST]


def goal_actions(plan: Plan, sight: Sight) -> Sequence[Action]:
    """Step 1: their own goals that fall behind; for managers what the plan and its goals lack."""
    found, place = known(plan), {"workspace": plan.brand.workspace.slug, "brand": plan.brand.slug}
    own = [*_to_read(found, place), *_own(found.get("mine", []), place)]
    if not sight.is_for(Role.MANAGER):
        return own
    invited = _of_admin(plan, found) if sight.is_for(Role.ADMIN) else ()
    return [*own, *_of_manager(plan, sight, found, place), *invited]


def _to_read(found: Mapping[str, Any], place: dict[str, str]) -> Iterator[Action]:
    revision = found.get("revision")
    if revision and not revision["is_read"]:
        url = reverse("revision_detail", kwargs={**place, "pk": revision["id"]})
        words = _("Read what changed in revision %(number)d of the plan")
        yield Action(words=words % {"number": revision["number"]}, url=url, urgency=Urgency.TODAY)


def _of_revisions(plan: Plan, found: Mapping[str, Any], place: dict[str, str]) -> Iterator[Action]:
    """For those who may rewrite the plan: what calls for that, and a first publication once there is enough."""
    if count := (found.get("calls") or {}).get("count", 0):
        words = ngettext(
            "Settle %(count)d call for a revision of the plan",
            "Settle %(count)d calls for a revision of the plan",
            count,
        )
        yield Action(words=words % {"count": count}, url=reverse("revision_call_list", kwargs={**place, "pk": plan.pk}))
    if not found.get("revision") and (found["goals"] or {}).get("complete", 0) >= ENOUGH_GOALS:
        words = _("Publish the plan, so that the whole team reads it")
        url = reverse("plan_publish", kwargs={**place, "pk": plan.pk})
        yield Action(words=words, url=url, urgency=Urgency.ONCE)


def _own(goals: Iterable[Mapping[str, Any]], place: dict[str, str]) -> Iterator[Action]:
    for goal in goals:
        words = _("Look at your goal “%(goal)s”: %(status)s")
        status = GoalStatus(goal["status"]).label
        yield Action(
            words=words % {"goal": goal["title"], "status": status}, urgency=Urgency.TODAY,
            url=reverse("goal_detail", kwargs={**place, "pk": goal["id"]}),
        )  # fmt: skip


def _of_manager(plan: Plan, sight: Sight, found: Mapping[str, Any], place: dict[str, str]) -> Iterator[Action]:
    if plan.ends_on < sight.today:
        words = _("Open the next plan: this one ended on %(day)s")
        day = date_format(plan.ends_on, "SHORT_DATE_FORMAT")
        yield Action(words=words % {"day": day}, url=reverse("plan_create", kwargs=place), urgency=Urgency.LATE)
    counts = found["goals"] or {"ended": 0, "all": 0, "complete": 0}
    if ended := counts["ended"]:
        words = ngettext(
            "Set the goal that follows “%(goal)s”: it has ended",
            "Set what follows %(count)d goals that have ended", ended,
        )  # fmt: skip
        url = _of_one("goal_detail", found["ended"], ended, place)
        words = words % {"goal": found["ended"][0]["title"], "count": ended}
        yield Action(words=words, url=url, urgency=Urgency.TODAY)
    if incomplete := counts["all"] - counts["complete"]:
        words = ngettext(
            "Finish the goal “%(goal)s”", "Finish %(count)d goals that cannot be judged well yet", incomplete
        )
        url = _of_one("goal_edit", found["incomplete"], incomplete, place)
        yield Action(words=words % {"goal": found["incomplete"][0]["title"], "count": incomplete}, url=url)
    yield from _of_revisions(plan, found, place)
    if step := _first_gap(plan):
        yield step


def _of_admin(plan: Plan, found: Mapping[str, Any]) -> Iterator[Action]:
    if count := (found.get("invitations") or {}).get("count", 0):
        words = ngettext(
            "See to %(count)d invitation that nobody has answered",
            "See to %(count)d invitations that nobody has answered", count,
        )  # fmt: skip
        yield Action(words=words % {"count": count}, url=reverse("member_list", args=[plan.brand.workspace.slug]))


def _of_one(name: str, goals: Sequence[Mapping[str, Any]], count: int, place: dict[str, str]) -> str:
    """The page of the one goal, or the list of all."""
    return reverse(name, kwargs={**place, "pk": goals[0]["id"]}) if count == 1 else reverse("goal_list", kwargs=place)


def _first_gap(plan: Plan) -> Action | None:
    """The first step that lacks something, as one thing to do."""
    for step in all_steps():
        missing = step.checklist(plan).missing
        if missing:
            words = _("Go on with step %(number)d, %(step)s: %(missing)s")
            words = words % {"number": step.number, "step": step.title, "missing": missing[0].label}
            return Action(words=words, url=missing[0].url, urgency=Urgency.ONCE)
    return None
