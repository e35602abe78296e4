"""Reads about revisions of a plan: the last one, who has read one, what stands in the way of the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from plans.changes import Difference, difference, in_words
from plans.models import Acknowledgement, Plan, PlanRevision, RevisionCall
from plans.queries import goal_lines, with_goals
from plans.rules.smart import contradictions_between
from plans.snapshots import snapshot
from teams.models import Brand, Membership, User


def last_published(plan: Plan) -> PlanRevision | None:
    return PlanRevision.objects.of_plan(plan).published().order_by("-number").first()


def unread_revision(plan: Plan, user: User) -> PlanRevision | None:
    """The last revision, unless the person says that they have read it."""
    last = last_published(plan)
    is_read = last and Acknowledgement.objects.filter(revision=last, user=user, read_at__isnull=False).exists()
    return None if is_read else last


def since_last(plan: Plan, last: PlanRevision | None) -> Difference | None:
    """What the plan says now and did not when it was published last; None before the first time."""
    return None if last is None else difference(last.content, snapshot(plan))


# -- before publishing ------------------------------------------------------------------------------------------------


def contradicting(plan: Plan) -> list[str]:
    """What goals of the plan ask for that cannot all be reached, in words."""
    lines = goal_lines(_read(plan))
    return list(contradictions_between([(line.goal.title, line.draft) for line in lines]))


def complete_goals(plan: Plan) -> int:
    return sum(line.is_complete for line in goal_lines(_read(plan)))


def _read(plan: Plan) -> Plan:
    return with_goals(Plan.objects.for_brand(plan.brand).get(pk=plan.pk), plan.brand)


def taken_up(plan: Plan, last: PlanRevision | None) -> list[RevisionCall]:
    """The calls that were taken up since the plan was published last, oldest first."""
    calls = RevisionCall.objects.filter(plan=plan).taken().order_by("settled_at", "pk")
    return list(calls.filter(settled_at__gt=last.published_at) if last else calls)


def suggested_words(plan: Plan, last: PlanRevision | None) -> str:
    """What changed, to start from."""
    found = since_last(plan, last)
    return in_words(found) if found else ""


# -- who has read it --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reader:
    """A member who may open the brand, and when they said that they have read the revision."""

    person: User
    read_at: datetime | None


def readers(revision: PlanRevision, brand: Brand) -> Sequence[Reader]:
    """Who has not read it first, then by name; also those who joined since. Two queries."""
    read = dict(Acknowledgement.objects.filter(revision=revision).values_list("user_id", "read_at"))
    members = Membership.objects.for_brand(brand).select_related("user")
    found = [Reader(member.user, read.get(member.user_id)) for member in members]
    return sorted(found, key=lambda reader: (reader.read_at is not None, str(reader.person).lower()))
