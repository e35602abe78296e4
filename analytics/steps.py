"""Step 6 of the method: whether what was published is measured, and what the figures say of the goals."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from analytics.current import results_figures
from analytics.models import DailyFigure, DeliveryFigure
from analytics.queries.figures import FOLLOWERS
from analytics.services import observe
from audits.models import SocialAccount
from calendar_app.models import Delivery
from core.asking import Column, tally
from core.checklist import Check, Checklist
from core.desk import Action
from core.localtime import local_day
from networks.models import MetricAvailability, Subject
from plans.models import Goal, GoalStatus, Plan
from plans.steps import Asking, Sight, Step, known, register
from teams.models import Brand
from teams.rules import Role

PUBLISHED_WITHIN = timedelta(days=30)
FRESH_FOR = timedelta(days=7)  # of an account's followers

_without = ngettext_lazy(
    "%(left)d post of the last 30 days has no figures yet",
    "%(left)d posts of the last 30 days have no figures yet",
    "left",
)
_stale = ngettext_lazy(
    "%(left)d account's followers were not noted for a week",
    "The followers of %(left)d accounts were not noted for a week",
    "left",
)
_unjudged = ngettext_lazy("%(left)d goal cannot be judged yet", "%(left)d goals cannot be judged yet", "left")


@dataclass(frozen=True, kw_only=True)
class Measured:
    """How much of a brand is measured. `stale` counts open accounts whose network gives followers and that have no
    figure of the last week; `counted` all such accounts."""

    published: int
    without: int
    counted: int
    stale: int


def _given() -> QuerySet[MetricAvailability]:
    return MetricAvailability.objects.filter(
        network=OuterRef("network"), metric=FOLLOWERS, subject=Subject.ACCOUNT, is_given=True
    )


def results_known(asking: Asking) -> Mapping[str, Column]:
    """`Measured` as columns of a plan, and how many of its goals have begun and cannot be judged."""
    own = DeliveryFigure.objects.filter(delivery=OuterRef("pk"))
    recent = Delivery.objects.filter(brand=asking.brand, post__deleted_at__isnull=True).published()
    fresh = DailyFigure.objects.filter(
        account=OuterRef("pk"), metric=FOLLOWERS, observed_on__gte=asking.today - FRESH_FOR
    )
    accounts = SocialAccount.objects.filter(brand=asking.brand).open().filter(Exists(_given()))
    begun = Goal.objects.filter(plan=OuterRef("pk"), starts_on__lte=asking.today)
    return {
        "recent": tally(
            recent.filter(published_at__gt=asking.now - PUBLISHED_WITHIN), "brand", published=Count("pk"),
            without=Count("pk", filter=~Exists(own)),
        ),
        "followed": tally(accounts, "brand", counted=Count("pk"), stale=Count("pk", filter=~Exists(fresh))),
        "begun": tally(
            begun, "plan", all=Count("pk"), unjudged=Count("pk", filter=Q(status=GoalStatus.NOT_YET))
        ),
    }  # fmt: skip


def _measured(plan: Plan) -> Measured:
    found = known(plan)
    posts = found["recent"] or {"published": 0, "without": 0}
    return Measured(**posts, **(found["followed"] or {"counted": 0, "stale": 0}))


def results_checklist(plan: Plan) -> Checklist:
    """Posts have figures, followers are fresh, goals can be judged."""
    found, goals = _measured(plan), known(plan)["begun"] or {"all": 0, "unjudged": 0}
    results, imports, goal_list = (_url(plan.brand, name) for name in ("results", "figures_import", "goal_list"))
    has_all = bool(found.published) and not found.without
    posts: str | Promise = _without % {"left": found.without} if found.without else _("Every recent post has figures")
    is_fresh = bool(found.counted) and not found.stale
    accounts: str | Promise = _stale % {"left": found.stale} if found.stale else _("Followers were noted this week")
    unjudged = goals["unjudged"]
    judged: str | Promise = _unjudged % {"left": unjudged} if unjudged else _("Every goal that has begun is judged")
    return Checklist.of([
        Check(label=_("Something was published in the last 30 days"), is_met=bool(found.published), url=results),
        Check(label=posts, is_met=has_all, url=imports),
        Check(label=accounts, is_met=is_fresh, url=results),
        Check(label=judged, is_met=bool(goals["all"]) and not unjudged, url=goal_list),
    ])  # fmt: skip


def results_actions(plan: Plan, sight: Sight) -> Iterator[Action]:
    """For editors: figures to enter."""
    if not sight.is_for(Role.EDITOR):
        return
    found, results = _measured(plan), _url(plan.brand, "results")
    if count := found.without:
        words = ngettext("Enter the figures of %(count)d post", "Enter the figures of %(count)d posts", count)
        yield Action(words=words % {"count": count}, url=results)
    if count := found.stale:
        words = ngettext("Note the followers of %(count)d account", "Note the followers of %(count)d accounts", count)
        yield Action(words=words % {"count": count}, url=results)


def _goals(plan: Plan) -> Counter[str]:
    """The goals of the plan that have begun, counted by status."""
    today = local_day(timezone.now(), plan.brand.time_zone)
    rows = Goal.objects.filter(plan=plan, starts_on__lte=today).order_by()
    return Counter(rows.values_list("status", flat=True))


def results_summary(plan: Plan) -> Mapping[str, Any]:
    """How much was published and measured in the last 30 days, and how the goals stand."""
    found, goals = _measured(plan), _goals(plan)
    return {
        "published": found.published,
        "measured": found.published - found.without,
        "goals": [
            {"status": status.value, "label": str(status.label), "count": goals[status]}
            for status in GoalStatus
            if goals[status]
        ],
    }


def _url(brand: Brand, name: str) -> str:
    return reverse(name, kwargs={"workspace": brand.workspace.slug, "brand": brand.slug})


def register_step() -> None:
    """Puts step 6 into the registry."""
    register(
        Step(
            number=6, slug="results", title=_("Results"), purpose=_("What it earned, and what to change."),
            url_name="results", known=results_known, checklist=results_checklist, summary=results_summary,
            actions=lambda plan, sight: [*results_actions(plan, sight)],
            words=lambda _data: (), template="analytics/_step.html", figures=results_figures, observe=observe,
        )
    )  # fmt: skip
