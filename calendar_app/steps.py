"""Step 5 of the method: what a brand publishes, and whether enough of it is planned."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from audits.models import SocialAccount
from calendar_app.matrix import Matrices
from calendar_app.models import MISSED_AFTER, Delivery, DeliveryQuerySet, DeliveryState, MatrixShare
from calendar_app.week import week_panels
from core.asking import Column, tally
from core.checklist import Check, Checklist
from core.desk import Action, Urgency
from core.sections import Group, Item, facts
from plans.models import Campaign, ContentKind, Plan
from plans.steps import Asking, Sight, Step, known, register
from teams.models import Brand
from teams.rules import Role

AHEAD = timedelta(days=14)
DAY = timedelta(days=1, hours=14)  # a local day that is today there has not ended by then
PERSON = Coalesce("post__assignee_id", "post__author_id")  # who publishes it

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


def calendar_known(asking: Asking) -> Mapping[str, Column]:
    """Content types and matrix, open accounts and those without anything planned, what was missed, what is due."""
    now, brand = asking.now, asking.brand
    rows = Delivery.objects.filter(brand=brand, post__deleted_at__isnull=True)
    soon = rows_of_account().scheduled().filter(publish_at__range=(now, now + AHEAD))
    mine = Q(person=asking.user_id)
    today = Q(local_date=asking.today, publish_at__gte=now - MISSED_AFTER)
    late = Q(publish_at__lt=now - MISSED_AFTER)
    waiting = rows.scheduled().filter(publish_at__lt=now + DAY).alias(person=PERSON)
    return {
        "has_kinds": Exists(ContentKind.objects.filter(brand=brand)),
        "has_matrix": Exists(MatrixShare.objects.filter(brand=brand)),
        "open": tally(
            SocialAccount.objects.filter(brand=brand).open(), "brand", all=Count("pk"),
            idle=Count("pk", filter=~Exists(soon)),
        ),
        "waiting": tally(
            waiting, "brand", missed=Count("pk", filter=late), today=Count("pk", filter=today),
            my_missed=Count("pk", filter=late & mine), my_today=Count("pk", filter=today & mine),
        ),
        "has_any": Exists(rows.exclude(state=DeliveryState.DRAFT)),
    }  # fmt: skip


def rows_of_account() -> DeliveryQuerySet:
    return Delivery.objects.filter(account=OuterRef("pk"), post__deleted_at__isnull=True)


NOTHING_WAITS = {"missed": 0, "today": 0, "my_missed": 0, "my_today": 0}


def calendar_checklist(plan: Plan) -> Checklist:
    """Content types and how much of each, posts in the coming two weeks on every open account, and nothing missed."""
    brand, found = plan.brand, known(plan)
    accounts = found["open"] or {"all": 0, "idle": 0}
    total, idle, missed = accounts["all"], accounts["idle"], (found["waiting"] or NOTHING_WAITS)["missed"]
    calendar, posts, kinds = (_url(brand, name) for name in ("calendar", "post_list", "content_kind_list"))
    matrix = _url(brand, "matrix_list")
    idle_words: str | Promise = _idle % {"left": idle} if idle else _("Every account has something planned")
    missed_words: str | Promise = _missed % {"left": missed} if missed else _("No post was missed")
    # Where nothing was ever planned or published, nothing can have been missed.
    none_missed = not missed and found["has_any"]
    return Checklist.of([
        Check(label=_("Content types are defined"), is_met=found["has_kinds"], url=kinds),
        Check(label=_("A content matrix says how much of what"), is_met=found["has_matrix"], url=matrix),
        Check(label=_("Posts are scheduled for the next two weeks"), is_met=idle < total, url=calendar),
        Check(label=idle_words, is_met=total > 0 and not idle, url=calendar),
        Check(label=missed_words, is_met=none_missed, url=f"{posts}?state={DeliveryState.MISSED}"),
    ])  # fmt: skip


def calendar_actions(plan: Plan, sight: Sight) -> Iterator[Action]:
    """For editors: what they missed and what they publish today; for managers also what the team missed."""
    if sight.user is None or not sight.is_for(Role.EDITOR):
        return
    found, posts = known(plan)["waiting"] or NOTHING_WAITS, _url(plan.brand, "post_list")
    mine, all_missed = f"{posts}?person={sight.user.pk}&state=", f"{posts}?state={DeliveryState.MISSED}"
    if count := found["my_missed"]:
        words = ngettext(
            "Publish or move %(count)d post that you missed", "Publish or move %(count)d posts that you missed", count
        )
        yield Action(words=words % {"count": count}, url=f"{mine}{DeliveryState.MISSED}", urgency=Urgency.LATE)
    if count := found["my_today"]:
        words = ngettext("Publish %(count)d post today", "Publish %(count)d posts today", count)
        yield Action(words=words % {"count": count}, url=f"{mine}{DeliveryState.SCHEDULED}", urgency=Urgency.TODAY)
    if (count := found["missed"] - found["my_missed"]) and sight.is_for(Role.MANAGER):
        words = ngettext(
            "Ask about %(count)d post that the team missed", "Ask about %(count)d posts that the team missed", count
        )
        yield Action(words=words % {"count": count}, url=all_missed, urgency=Urgency.LATE)


def _accounts(brand: Brand, now: datetime) -> list[SocialAccount]:
    """The open accounts, each with how much is `planned` on it from now for two weeks."""
    soon = Q(
        deliveries__state=DeliveryState.SCHEDULED, deliveries__publish_at__range=(now, now + AHEAD),
        deliveries__post__deleted_at__isnull=True,
    )  # fmt: skip
    accounts = SocialAccount.objects.for_brand(brand).open().select_related("network")
    return list(accounts.annotate(planned=Count("deliveries", filter=soon)))


def calendar_summary(plan: Plan) -> Mapping[str, Any]:
    """Content types and their planned shares, the campaigns of the plan's time, and how much is planned on each account
    for two weeks."""
    accounts = _accounts(plan.brand, timezone.now())
    kinds = ContentKind.objects.filter(brand=plan.brand)
    campaigns = Campaign.objects.for_brand(plan.brand).filter(starts_on__lte=plan.ends_on, ends_on__gte=plan.starts_on)
    matrices = Matrices.of(plan.brand)
    return {
        "content_types": list(kinds.values("id", "name")),
        "matrices": [*_plain_matrices(matrices, accounts)],
        "campaigns": [
            {"id": one.pk, "name": one.name, "purpose": one.purpose, "starts_on": one.starts_on.isoformat(),
             "ends_on": one.ends_on.isoformat()}
            for one in campaigns.order_by("starts_on", "pk")
        ],
        "accounts": [{"account": str(account), "planned": account.planned} for account in accounts],  # type: ignore[attr-defined]
    }  # fmt: skip


def _plain_matrices(matrices: Matrices, accounts: list[SocialAccount]) -> Iterator[dict[str, Any]]:
    """The brand's own matrix, then those of its open accounts."""
    named: list[tuple[int | None, str, Mapping[int, int]]] = [(None, "", matrices.of_brand)]
    named += [(one.pk, str(one), matrices.of_account.get(one.pk, {})) for one in accounts]
    for pk, name, shares in named:
        if shares:
            rows = [{"id": kind, "name": matrices.kinds[kind].name, "percent": share} for kind, share in shares.items()]
            yield {"account": pk, "name": name, "shares": rows}


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
    matrices = [_matrix(row) for row in data.get("matrices", ())]
    return [
        Group(title=_now("Content types"), items=kinds), Group(title=_now("Content matrix"), items=matrices),
        Group(title=_now("Campaigns"), items=campaigns),
    ]  # fmt: skip


def _matrix(row: Mapping[str, Any]) -> Item:
    """What is planned on an account; on the others, where it is the brand's own."""
    shares = [(share["name"], _now("%(percent)d%%") % {"percent": share["percent"]}) for share in row["shares"]]
    title = row["name"] or _now("Every account without a matrix of its own")
    return Item(key=f"matrix:{row['account'] or 0}", title=title, facts=facts(*shares))


def _date(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")


def _url(brand: Brand, name: str) -> str:
    return reverse(name, kwargs={"workspace": brand.workspace.slug, "brand": brand.slug})


def register_step() -> None:
    register(Step(
        number=5, slug="calendar", title=_("Calendar"), purpose=_("What goes out where, and when."),
        url_name="calendar", known=calendar_known, checklist=calendar_checklist, summary=calendar_summary,
        actions=lambda plan, sight: [*calendar_actions(plan, sight)], panels=week_panels,
        words=calendar_groups, template="calendar_app/_step.html",
    ))  # fmt: skip
