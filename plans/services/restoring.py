"""An old revision comes back into the working plan: its texts, objectives and goals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from activity.services import record
from audits.models import SocialAccount
from core.errors import Refusal
from networks.models import Metric, Network
from personas.models import Persona
from plans.models import BusinessObjective, Campaign, ContentKind, Goal, Plan, PlanRevision, PlanSection
from plans.plain import read_day, read_number
from plans.services.goals import TargetFacts, create_goal, edit_goal
from plans.services.objectives import create_objective, edit_objective
from plans.services.places import locked
from plans.services.plan import edit_plan
from plans.services.sections import edit_section
from plans.snapshots import snapshot
from plans.steps import all_steps
from teams.access import require
from teams.models import Membership, User
from teams.queries import branches_below
from teams.rules import Permission

Plain = Mapping[str, Any]


@dataclass
class Restored:
    """What could not come back, and which goals stay because they are newer; in words. `content` is the plan after."""

    lost: list[str] = field(default_factory=list)
    stayed: list[str] = field(default_factory=list)
    content: Plain = field(default_factory=dict)


@transaction.atomic
def restore_revision(*, revision: PlanRevision, by: User, now: datetime) -> Restored:
    """Write an old revision back as the draft, whole or not at all; what stood there is kept, to be compared or brought
    back in its turn. Accounts, audits, personas and posts stay as they are: they are facts, not plans."""
    require(by, Permission.PUBLISH_PLAN, revision.brand)
    brand = locked(revision.brand)
    plan = Plan.objects.get(pk=revision.plan_id)
    plan.brand = brand
    PlanRevision.objects.create(
        brand=brand, plan=plan, kept_for=revision.number or revision.kept_for, content=snapshot(plan), created_at=now
    )
    result = _Restoring(plan, by, now).run(revision.content)
    record(
        by=by, verb="plans.revision_restored", target=revision, part_of=plan, brand=brand, label=plan.title,
        after={"number": revision.number},
    )  # fmt: skip
    return result


@transaction.atomic
def try_restoring(*, revision: PlanRevision, by: User, now: datetime) -> Restored:
    """What restoring would make of the plan: done, looked at, and taken back."""
    result = restore_revision(revision=revision, by=by, now=now)
    transaction.set_rollback(True)
    return result


class _Restoring:
    """The parts of one restoration, which share what is known of the brand today."""

    def __init__(self, plan: Plan, by: User, now: datetime) -> None:
        self.plan, self.by, self.now, self.brand = plan, by, now, plan.brand
        self.result = Restored()
        members = Membership.objects.for_brand(self.brand).select_related("user")
        self.people = {member.user_id: member.user for member in members}
        self.metrics, self.networks = Metric.objects.in_bulk(), Network.objects.in_bulk()
        self.accounts = {one.pk: one for one in SocialAccount.objects.for_brand(self.brand).open()}
        self.kinds = {one.pk: one for one in ContentKind.objects.filter(brand=self.brand)}
        self.campaigns = {one.pk: one for one in Campaign.objects.for_brand(self.brand)}
        self.branches = {one.pk: one for one, _depth in branches_below(self.brand)}
        self.personas = {one.pk: one for one in Persona.objects.for_brand(self.brand)}
        self.objectives: dict[int, BusinessObjective] = {}

    def run(self, content: Plain) -> Restored:
        self._head(content)
        self._sections(content["steps"])
        data = content["steps"].get("goals", {}).get("data", {})
        for row in data.get("objectives", ()):
            self._objective(row)
        kept = {row["id"] for row in data.get("goals", ())}
        newer = Goal.objects.filter(plan=self.plan).exclude(pk__in=kept).order_by("due_on", "pk")
        self.result.stayed = [goal.title for goal in newer]
        for row in data.get("goals", ()):
            self._goal(row)
        self.result.content = snapshot(self.plan)
        return self.result

    def _say(self, words: str) -> None:
        self.result.lost.append(words)

    def _owner(self, pk: int | None, title: str) -> User | None:
        person = self.people.get(pk) if pk else None
        if pk and person is None:
            self._say(_("Who answered for “%(title)s” has left: name somebody else.") % {"title": title})
        return person

    # -- title, period and texts --------------------------------------------------------------------------------------

    def _head(self, content: Plain) -> None:
        starts_on, ends_on = read_day(content["starts_on"]), read_day(content["ends_on"])
        assert starts_on is not None  # a snapshot has both
        assert ends_on is not None
        try:
            with transaction.atomic():
                self.plan = edit_plan(
                    plan=self.plan, by=self.by, version=None, title=content["title"], starts_on=starts_on,
                    ends_on=ends_on,
                )  # fmt: skip
        except Refusal as refusal:
            self._say(_("The title and the period stay as they are: %(reason)s") % {"reason": refusal})

    def _sections(self, kept: Plain) -> None:
        now = {section.number: section for section in PlanSection.objects.filter(plan=self.plan)}
        for step in all_steps():
            section = now.get(step.number)
            text = kept.get(step.slug, {}).get("text", "")
            if step.slug in kept and text != (section.text if section else ""):
                edit_section(
                    plan=self.plan, number=step.number, text=text, by=self.by, now=self.now,
                    private_note=section.private_note if section else "", version=section.version if section else 0,
                )  # fmt: skip

    # -- objectives ---------------------------------------------------------------------------------------------------

    def _objective(self, row: Plain) -> None:
        existing = BusinessObjective.objects.for_brand(self.brand)
        found = existing.filter(pk=row["id"]).first() or existing.filter(title__iexact=row["title"]).first()
        facts: Any = {
            "title": row["title"], "description": row["description"], "horizon_on": read_day(row["horizon_on"]),
            "owner": self._owner(row["owner"], row["title"]),
        }  # fmt: skip
        try:
            with transaction.atomic():
                if found is None:
                    found = create_objective(brand=self.brand, by=self.by, now=self.now, **facts)
                else:
                    found = edit_objective(objective=found, by=self.by, now=self.now, version=None, **facts)
        except Refusal as refusal:
            self._say(_("“%(title)s” did not come back: %(reason)s") % {"title": row["title"], "reason": refusal})
        if found is not None:
            self.objectives[row["id"]] = found

    # -- goals --------------------------------------------------------------------------------------------------------

    def _goal(self, row: Plain) -> None:
        goal = Goal.objects.filter(pk=row["id"], plan=self.plan).select_related("plan__brand").first()
        shared: Any = {
            "targets": self._targets(row), "answers": self._answers(row), "by": self.by, **self._facts(row)
        }  # fmt: skip
        try:
            with transaction.atomic():
                if goal is None:
                    create_goal(plan=self.plan, now=self.now, **shared)
                else:
                    edit_goal(goal=goal, version=None, **shared)
        except Refusal as refusal:
            self._say(_("“%(title)s” did not come back: %(reason)s") % {"title": row["title"], "reason": refusal})

    def _facts(self, row: Plain) -> Plain:
        return {
            "title": row["title"], "action": row["action"], "objective": self.objectives.get(row["objective"]),
            "network": self.networks.get(row["network"]), "owner": self._owner(row["owner"], row["title"]),
            "starts_on": read_day(row["starts_on"]), "due_on": read_day(row["due_on"]),
        }  # fmt: skip

    def _answers(self, row: Plain) -> dict[Persona, str]:
        answers = {}
        for answer in row["answers"]:
            persona = self.personas.get(answer["persona"])
            if persona is None:
                words = _("“%(title)s”: the persona %(name)s is gone, and with it the answer.")
                self._say(words % {"title": row["title"], "name": answer["name"]})
            else:
                answers[persona] = answer["text"]
        return answers

    def _targets(self, row: Plain) -> list[TargetFacts]:
        found = []
        for target in row["targets"]:
            missing = self._missing(target)
            if missing:
                words = _("“%(title)s” lost a target: %(missing)s is closed or gone.")
                self._say(words % {"title": row["title"], "missing": missing})
            else:
                found.append(self._target(target))
        return found

    def _missing(self, target: Plain) -> str:
        """What the target is measured by or in and is not there any more, as it was called."""
        wanted: tuple[tuple[Any, Mapping[Any, Any], str], ...] = (
            (target["metric"], self.metrics, target["metric"]), (target["network"], self.networks, target["place"]),
            (target["account"], self.accounts, target["place"]),
            (target["branch"], self.branches, target["branch_name"]),
            (target["content_kind"], self.kinds, target["content_kind_name"]),
            (target["campaign"], self.campaigns, target["campaign_name"]),
        )  # fmt: skip
        return next((name for key, known, name in wanted if key is not None and key not in known), "")

    def _target(self, target: Plain) -> TargetFacts:
        return {
            "id": target["id"], "metric": self.metrics[target["metric"]],
            "network": self.networks.get(target["network"]), "account": self.accounts.get(target["account"]),
            "reach": target["reach"], "branch": self.branches.get(target["branch"]), "format": target["format"],
            "content_kind": self.kinds.get(target["content_kind"]),
            "campaign": self.campaigns.get(target["campaign"]), "aggregation": target["aggregation"],
            "per": target["per"], "comparison": target["comparison"], "value": read_number(target["value"]),
            "value_to": read_number(target["value_to"]), "baseline": read_number(target["baseline"]),
        }  # fmt: skip
