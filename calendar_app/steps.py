"""Step 5 of the method: what a brand publishes, and whether enough of it is planned."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from audits.models import SocialAccount
from calendar_app.models import Delivery, DeliveryState
from calendar_app.queries import missed_count
from core.checklist import Check, Checklist
from core.sections import Group, Item, facts
from plans.models import Campaign, ContentKind, Plan
from plans.steps import Step, register
from teams.models import Brand

AHEAD = timedelta(days=14)

_idle = ngettext_lazy(
    "%(left)d account has nothing planned for the next two weeks",
    "%(left)d accounts have nothing planned for the next two weeks",
    "left",
)
_missed = ngettext_lazy(
    "%(left)d post was missed: publish it, move it, or enter its address",
    "%(left)d posts were missed: publish them, move them, or enter their addresses",
    "left",
)


def calendar_checklist(plan: Plan) -> Checklist:
    """Content types, posts in the coming two weeks on every open account, and nothing missed. Three queries."""
    brand, now = plan.brand, timezone.now()
    accounts = _accounts(brand, now)
    idle = sum(not account.planned for account in accounts)  # type: ignore[attr-defined]
    missed = missed_count(brand, now)
    has_kinds = ContentKind.objects.filter(brand=brand).exists()
    calendar, posts, kinds = (_url(brand, name) for name in ("calendar", "post_list", "content_kind_list"))
    is_planned = bool(accounts) and not idle
    idle_words: str | Promise = _idle % {"left": idle} if idle else _("Every account has something planned")
    missed_words: str | Promise = _missed % {"left": missed} if missed else _("No post was missed")
    return Checklist.of([
        Check(label=_("Content types are defined"), is_met=has_kinds, url=kinds),
        Check(label=_("Posts are scheduled for the next two weeks"), is_met=idle < len(accounts), url=calendar),
        Check(label=idle_words, is_met=is_planned, url=calendar),
        Check(label=missed_words, is_met=not missed and has_any(brand), url=f"{posts}?state={DeliveryState.MISSED}"),
    ])  # fmt: skip


def has_any(brand: Brand) -> bool:
    """Whether anything was ever planned or published: where nothing was, nothing can have been missed."""
    return Delivery.objects.for_brand(brand).exclude(state=DeliveryState.DRAFT).exists()


def _accounts(brand: Brand, now: datetime) -> list[SocialAccount]:
    """The open accounts, each with how much is `planned` on it from now for two weeks."""
    soon = Q(
        deliveries__state=DeliveryState.SCHEDULED, deliveries__publish_at__range=(now, now + AHEAD),
        deliveries__post__deleted_at__isnull=True,
    )  # fmt: skip
    accounts = SocialAccount.objects.for_brand(brand).open().select_related("network")
    return list(accounts.annotate(planned=Count("deliveries", filter=soon)))


def calendar_summary(plan: Plan) -> Mapping[str, Any]:
    """Content types, the campaigns of the plan's time, and how much is planned on each account for two weeks."""
    accounts = _accounts(plan.brand, timezone.now())
    kinds = ContentKind.objects.filter(brand=plan.brand)
    campaigns = Campaign.objects.for_brand(plan.brand).filter(starts_on__lte=plan.ends_on, ends_on__gte=plan.starts_on)
    return {
        "content_types": list(kinds.values("id", "name")),
        "campaigns": [
            {"id": one.pk, "name": one.name, "purpose": one.purpose, "starts_on": one.starts_on.isoformat(),
             "ends_on": one.ends_on.isoformat()}
            for one in campaigns.order_by("starts_on", "pk")
        ],
        "accounts": [{"account": str(account), "planned": account.planned} for account in accounts],  # type: ignore[attr-defined]
    }  # fmt: skip


def calendar_groups(data: Mapping[str, Any]) -> Sequence[Group]:
    """What is planned for the coming days changes too often to be part of what the plan says."""
    kinds = [Item(key=f"content_kind:{row['id']}", title=row["name"]) for row in data["content_types"]]
    campaigns = [
        Item(key=f"campaign:{row['id']}", title=row["name"], facts=facts(
            (_now("Purpose"), row["purpose"]), (_now("From"), _date(row["starts_on"])),
            (_now("Until"), _date(row["ends_on"])),
        ))
        for row in data["campaigns"]
    ]  # fmt: skip
    return [Group(title=_now("Content types"), items=kinds), Group(title=_now("Campaigns"), items=campaigns)]


def _date(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")


def _url(brand: Brand, name: str) -> str:
    return reverse(name, kwargs={"workspace": brand.workspace.slug, "brand": brand.slug})


def register_step() -> None:
    register(Step(
        number=5, slug="calendar", title=_("Calendar"), purpose=_("What goes out where, and when."),
        url_name="calendar", checklist=calendar_checklist, summary=calendar_summary,
        words=calendar_groups, template="calendar_app/_step.html",
    ))  # fmt: skip
