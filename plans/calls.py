"""What in the history calls for a revision of a plan, and each call in words."""

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activity.models import Event
from audits.models import SocialAccount
from core.localtime import local_day
from plans.models import CallKind, CallWatch, Goal, Plan, RevisionCall
from teams.models import Brand, Membership
from teams.rules import Role

OVERLAP = timedelta(minutes=1)  # longer than what is in the history may take to be in the database
AT_LEAST = timedelta(hours=1)  # how often the place in the history moves on although nothing calls
OWN = ("audits.account_created", "audits.audit_closed", "plans.goal_status_changed")
OF_PARENT = ("plans.goal_created", "plans.goal_edited")
OF_TEAM = ("teams.member_joined", "teams.member_changed")
OF_BRANCH = ("teams.brand_created",)


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a plan should be looked at again. `key` names what happened: the same calls only once."""

    kind: CallKind
    about: str
    key: str
    proposal: Mapping[str, Any]


Caller = Callable[[CallWatch, datetime], Iterable[Cause]]

_callers: dict[str, Caller] = {}
_waking: set[str] = set()  # verbs of the rooms above after which one looks at once


def register_caller(name: str, caller: Caller, *, verbs: Collection[str] = ()) -> None:
    """A room above this one says what else calls for a revision: asked of each plan that runs at every look, with the
    brand and the plan at hand. It may answer the same causes again, for the same one calls once only. A line of the
    history with one of `verbs` brings the next look forward."""
    _callers[name] = caller
    _waking.update(verbs)


def causes(watch: CallWatch, now: datetime) -> Iterator[Cause]:
    """All that calls: what the history says since the last look, and what the rooms above know of a plan that runs."""
    for event in events_since(watch):
        if cause := cause_of(event, watch.plan, watch.brand):
            yield cause
    if watch.plan.starts_on <= local_day(now, watch.brand.time_zone):
        for caller in _callers.values():
            yield from caller(watch, now)


# -- looking through the history --------------------------------------------------------------------------------------


def watched(now: datetime) -> list[CallWatch]:
    """The plans that have not ended and whose brands' history tells of something that may call or of people who may
    read them now, or was long not looked at."""
    place = {"workspace": OuterRef("brand__workspace"), "at__gt": OuterRef("looked_until") - OVERLAP}
    verbs = (*OWN, *OF_PARENT, *OF_TEAM, *OF_BRANCH, *_waking)
    moved = Exists(Event.objects.filter(verb__in=verbs, **place))
    rows = CallWatch.objects.filter(plan__ends_on__gte=now.date() - timedelta(days=1))
    rows = rows.filter(moved | Q(looked_until__lt=now - AT_LEAST))
    found = rows.select_related("plan", "brand__workspace").order_by("pk")
    return [watch for watch in found if watch.plan.ends_on >= local_day(now, watch.brand.time_zone)]


def events_since(watch: CallWatch) -> QuerySet[Event]:
    """What may call, from where the last look ended and a little before."""
    brand = watch.brand
    mine = Q(brand=brand, verb__in=OWN) | Q(brand__isnull=True, verb__in=OF_TEAM)
    mine |= Q(brand__parent=brand, verb__in=OF_BRANCH)
    if brand.parent_id:
        mine |= Q(brand=brand.parent_id, verb__in=OF_PARENT)
    since = Event.objects.filter(workspace=brand.workspace_id, at__gt=watch.looked_until - OVERLAP)
    return since.filter(mine).order_by("at", "pk")


def cause_of(event: Event, plan: Plan, brand: Brand) -> Cause | None:
    """What an event means for a plan; None when it calls for nothing."""
    pk = int(event.target.partition(":")[2])
    if event.verb == "audits.account_created":
        return _of_account(event, pk, brand)
    if event.verb == "plans.goal_status_changed":
        return _of_status(event, pk, plan)
    if event.verb in OF_TEAM:
        return _of_member(event, pk, brand)
    kind = {"audits.audit_closed": CallKind.AUDIT, "teams.brand_created": CallKind.BRANCH}.get(
        event.verb, CallKind.PARENT
    )
    key = f"{kind}:event:{event.pk}" if kind is CallKind.PARENT else f"{kind}:{event.target}"
    return Cause(kind=kind, about=event.target, key=key, proposal={"name": event.label})


def _of_account(event: Event, pk: int, brand: Brand) -> Cause | None:
    account = SocialAccount.objects.for_brand(brand).open().select_related("network").filter(pk=pk).first()
    if account is None:
        return None
    others = SocialAccount.objects.for_brand(brand).open().filter(network=account.network, pk__lt=pk)
    kind = CallKind.ACCOUNT if others.exists() else CallKind.NETWORK
    proposal = {"name": account.handle, "network": account.network.name}
    return Cause(kind=kind, about=event.target, key=f"account:{pk}", proposal=proposal)


def _of_status(event: Event, pk: int, plan: Plan) -> Cause | None:
    status = event.after.get("status")
    if status not in (CallKind.ACHIEVED, CallKind.MISSED) or not Goal.objects.filter(pk=pk, plan=plan).exists():
        return None
    return Cause(kind=CallKind(status), about=event.target, key=f"{status}:{pk}", proposal={"name": event.label})


def _of_member(event: Event, pk: int, brand: Brand) -> Cause | None:
    """Of those who may open the brand and do more than read. Nobody's name is kept, but the membership's number."""
    if "role" not in event.after or event.after["role"] == event.before.get("role"):
        return None
    member = Membership.objects.for_brand(brand).filter(pk=pk).exclude(role=Role.GUEST).first()
    if member is None:
        return None
    joined = event.verb == "teams.member_joined"
    kind, key = (CallKind.MEMBER, f"member:{pk}") if joined else (CallKind.ROLE, f"role:event:{event.pk}")
    return Cause(kind=kind, about=event.target, key=key, proposal={"role": event.after["role"]})


# -- in words ---------------------------------------------------------------------------------------------------------

PROPOSALS: Mapping[str, str | Promise] = {
    CallKind.NETWORK: gettext_lazy(
        "The brand is new on %(network)s, as “%(name)s”. Say in the plan for whom, and set a goal there."
    ),
    CallKind.ACCOUNT: gettext_lazy("“%(name)s” on %(network)s is new. Say in the plan what it is for."),
    CallKind.ACHIEVED: gettext_lazy("The goal “%(name)s” is achieved. Set the one that follows it."),
    CallKind.MISSED: gettext_lazy("The goal “%(name)s” was missed. Say what the team does differently, or let it go."),
    CallKind.MEMBER: gettext_lazy("%(person)s joined as %(role)s. Say in the plan what they answer for."),
    CallKind.ROLE: gettext_lazy("%(person)s is now %(role)s. Look at who answers for which goal and account."),
    CallKind.BRANCH: gettext_lazy("The branch “%(name)s” is new. Say which goals hold for it too."),
    CallKind.AUDIT: gettext_lazy("The audit “%(name)s” was closed. Take up in the plan what it decided."),
    CallKind.PARENT: gettext_lazy(
        "The parent brand changed its goal “%(name)s”. Look whether the goals here still serve it."
    ),
    CallKind.DRIFT: gettext_lazy(
        "“%(name)s” was %(actual)s%% of what was published on %(account)s in %(period)s, planned were %(planned)s%%. "
        "Change the plan, or what is published."
    ),
    CallKind.SURVEY: gettext_lazy(
        "The survey “%(name)s” says: %(result)s. Look at the goals and personas it is about."
    ),
}
PAGES = {
    "socialaccount": "account_detail", "goal": "goal_detail", "audit": "audit_detail",
    "matrix": "matrix_list", "survey": "survey_results",
}  # fmt: skip


@dataclass(frozen=True)
class CallLine:
    """A call in the reader's words, and the page of its cause; empty when there is none any more."""

    call: RevisionCall
    words: str
    url: str


def in_words(calls: Sequence[RevisionCall], brand: Brand) -> list[CallLine]:
    """For a page that is gone when it is left. Two queries at most, however many calls there are."""
    kinds = (CallKind.MEMBER, CallKind.ROLE)
    wanted = [_number(call.about) for call in calls if call.kind in kinds]
    members = Membership.objects.for_brand(brand).filter(pk__in=wanted).select_related("user") if wanted else []
    names = {member.pk: str(member.user) for member in members}
    branches = [_number(call.about) for call in calls if call.kind == CallKind.BRANCH]
    found = {one.pk: one for one in Brand.objects.filter(parent=brand, pk__in=branches)} if branches else {}
    gone = _("Somebody who left")
    return [
        CallLine(call, _words(call, names.get(_number(call.about), gone)), _url(call, brand, found)) for call in calls
    ]


def without_names(calls: Sequence[RevisionCall]) -> list[str]:
    """For a text that is kept for good, in which nobody could forget a person's name. No query."""
    return [_words(call, _("Somebody")) for call in calls]


def _words(call: RevisionCall, person: str) -> str:
    role = call.proposal.get("role", "")
    words = {
        "name": "", "network": "", "account": "", "actual": "", "planned": "", **call.proposal,
        "period": _month(call.proposal.get("month", "")), "result": _result(call.proposal.get("result")),
        "person": person,
        "role": Role(role).label if role in Role.values else role,
    }  # fmt: skip
    return str(PROPOSALS[call.kind]) % words


def _month(written: str) -> str:
    """A month ("2026-10") as the reader's language calls it."""
    return date_format(date.fromisoformat(f"{written}-01"), "YEAR_MONTH_FORMAT") if written else ""


def _result(result: Mapping[str, Any] | None) -> str:
    """What a survey says: how many answered, and with which score where it asked for one."""
    if not result:
        return ""
    count, score = int(result["answers"]), result["score"]
    answers = ngettext("%(count)d answer", "%(count)d answers", count) % {"count": count}
    return answers if score is None else _("NPS %(score)s from %(answers)s") % {"score": score, "answers": answers}


def _number(about: str) -> int:
    return int(about.partition(":")[2] or 0)


def _url(call: RevisionCall, brand: Brand, branches: Mapping[int, Brand]) -> str:
    model, pk = call.about.partition(":")[0], _number(call.about)
    workspace = brand.workspace.slug
    if model == "membership":
        return reverse("member_list", kwargs={"workspace": workspace})
    if model == "brand":
        return (
            reverse("brand_home", kwargs={"workspace": workspace, "brand": branches[pk].slug}) if pk in branches else ""
        )
    if model not in PAGES:
        return ""
    place = {"workspace": workspace, "brand": brand.slug}
    if call.kind == CallKind.PARENT:
        parent = brand.parent
        return reverse("goal_detail", kwargs={**place, "brand": parent.slug, "pk": pk}) if parent else ""
    if model == "matrix":
        return _of_month(reverse(PAGES[model], kwargs=place), pk, call.proposal.get("month", ""))
    return reverse(PAGES[model], kwargs={**place, "pk": pk})


def _of_month(page: str, account: int, written: str) -> str:
    """The page of the matrices for the month that drifted, at the account."""
    if not written:
        return page
    first = date.fromisoformat(f"{written}-01")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    return f"{page}?first={first}&last={last}#account-{account}"
