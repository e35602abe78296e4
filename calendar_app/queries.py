"""What the pages of the calendar read."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from calendar_app.models import MISSED_AFTER, Delivery, DeliveryState, Post
from plans.models import Campaign, ContentKind
from teams.models import Brand, Membership, User

PAGE = 30
MOST_DRAFTS = 60  # beside the calendar; the others are in the list of posts


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a person chose to see. None or "" leaves it open."""

    account: int | None = None
    kind: int | None = None
    campaign: int | None = None
    person: int | None = None
    state: str = ""
    words: str = ""

    @property
    def is_any(self) -> bool:
        return any((self.account, self.kind, self.campaign, self.person, self.state, self.words))


# -- the calendar ---------------------------------------------------------------------------------------------------

# Local days are compared as they were chosen; the moments, a day wider on both sides, only lead to the index.
_FEED = """
    SELECT coalesce(json_agg(entry), '[]')::text FROM (
        SELECT d.id, d.post_id AS post, p.title, d.account_id AS account, p.content_kind_id AS kind,
               to_char(d.local_date + d.local_time, 'YYYY-MM-DD"T"HH24:MI') AS start,
               d.schedule_version AS version,
               CASE WHEN d.state = 'scheduled' AND d.publish_at < %(missed)s THEN 'missed' ELSE d.state END AS state
        FROM calendar_app_delivery d JOIN calendar_app_post p ON p.id = d.post_id
        WHERE d.brand_id = %(brand)s AND d.publish_at >= %(from)s AND d.publish_at < %(to)s
          AND d.local_date >= %(start)s AND d.local_date < %(end)s AND p.deleted_at IS NULL
          {filters}
        ORDER BY d.publish_at, d.id
    ) entry
"""
_STATES = {
    DeliveryState.MISSED: "AND d.state = 'scheduled' AND d.publish_at < %(missed)s",
    DeliveryState.SCHEDULED: "AND d.state = 'scheduled' AND d.publish_at >= %(missed)s",
    DeliveryState.PUBLISHED: "AND d.state = 'published'",
    DeliveryState.DRAFT: "AND d.state = 'draft'",
}


def calendar_feed(*, brand: Brand, start: date, end: date, filters: Filters, now: datetime) -> str:
    """The entries of the local days from `start` up to (not including) `end`, as JSON that PostgreSQL wrote.

    Each has id, post, title, account, kind, start (local, as "2026-11-23T10:00"), version (of its schedule) and state.
    """
    sql, values = feed_statement(brand=brand, start=start, end=end, filters=filters, now=now)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return str(cursor.fetchone()[0])


def feed_statement(
    *, brand: Brand, start: date, end: date, filters: Filters, now: datetime
) -> tuple[str, dict[str, Any]]:
    """The statement behind `calendar_feed` and its values."""
    day = timedelta(days=1)
    values = {
        "brand": brand.pk, "start": start, "end": end, "from": start - day, "to": end + day,
        "missed": now - MISSED_AFTER, "account": filters.account, "kind": filters.kind, "person": filters.person,
        "campaign": filters.campaign,
    }  # fmt: skip
    return _FEED.format(filters="\n          ".join(_conditions(filters))), values


def _conditions(filters: Filters) -> list[str]:
    """SQL written here only; what a person typed goes in as bound values."""
    chosen = {
        "AND d.account_id = %(account)s": filters.account,
        "AND p.content_kind_id = %(kind)s": filters.kind,
        "AND p.campaign_id = %(campaign)s": filters.campaign,
        "AND coalesce(p.assignee_id, p.author_id) = %(person)s": filters.person,
        _STATES.get(DeliveryState(filters.state), "") if filters.state else "": filters.state,
    }
    return [condition for condition, value in chosen.items() if value]


@dataclass(frozen=True, kw_only=True)
class Day:
    """One local day with what is planned or was published on it."""

    day: date
    deliveries: list[Delivery]


def agenda(*, brand: Brand, start: date, end: date, filters: Filters, now: datetime) -> list[Day]:
    """The same entries as `calendar_feed`, as rows grouped by local day."""
    rows = _filtered(deliveries(brand), filters, now).filter(local_date__gte=start, local_date__lt=end)
    rows = rows.filter(publish_at__gte=_midnight(start, -1), publish_at__lt=_midnight(end, 1))
    in_order = rows.order_by("local_date", "local_time", "pk")
    return [Day(day=day, deliveries=list(group)) for day, group in groupby(in_order, key=attrgetter("local_date"))]


def _midnight(day: date, shift: int) -> datetime:
    return datetime.fromisoformat(f"{day + timedelta(days=shift)}T00:00+00:00")


def unscheduled(*, brand: Brand, filters: Filters, now: datetime) -> list[Delivery]:
    """Drafts without a time, newest first: what stands beside the calendar."""
    shown = ("schedule_version", "post__title", "post__content_kind", "post__assignee", "post__author",
             "account__handle", "account__color", "account__network__name")  # fmt: skip
    rows = Delivery.objects.for_brand(brand).drafts().select_related("post", "account__network").only(*shown)
    return list(_filtered(rows, replace(filters, state=""), now).order_by("-pk")[:MOST_DRAFTS])


def deliveries(brand: Brand) -> Any:
    """The deliveries of a brand with what a line about them says."""
    related = ("brand", "post__content_kind", "post__assignee", "post__author", "account__network")
    return Delivery.objects.for_brand(brand).select_related(*related)


def _filtered(rows: Any, filters: Filters, now: datetime) -> Any:
    if filters.account:
        rows = rows.filter(account_id=filters.account)
    if filters.kind:
        rows = rows.filter(post__content_kind_id=filters.kind)
    if filters.campaign:
        rows = rows.filter(post__campaign_id=filters.campaign)
    if filters.person:
        rows = rows.alias(person=Coalesce("post__assignee_id", "post__author_id")).filter(person=filters.person)
    return rows.in_state(filters.state, now) if filters.state else rows


def has_posts(brand: Brand) -> bool:
    """Whether anything was ever written: otherwise the calendar says how to begin."""
    return Post.objects.for_brand(brand).exists()


def midday(written: str) -> datetime | None:
    """Noon of a day as an address writes it, without a zone; None when it is no day."""
    try:
        return datetime.combine(date.fromisoformat(written), time(12))
    except ValueError:
        return None


# -- posts ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PostPage:
    """Some posts, newest first, and the numbers of the posts at which the pages beside it begin."""

    posts: list[Post] = field(default_factory=list)
    older: int | None = None
    newer: int | None = None


def post_page(
    *, brand: Brand, filters: Filters, now: datetime, before: int | None = None, after: int | None = None
) -> PostPage:
    """The posts older than `before`, or newer than `after`, or the newest, with their deliveries."""
    rows = _matching(brand, filters, now)
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        has_newer, page = len(found) > PAGE, found[:PAGE][::-1]
        return PostPage(posts=page, newer=page[0].pk if has_newer else None, older=page[-1].pk if page else None)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    has_older, page = len(found) > PAGE, found[:PAGE]
    newer = page[0].pk if page and before is not None else None
    return PostPage(posts=page, newer=newer, older=page[-1].pk if has_older else None)


def _matching(brand: Brand, filters: Filters, now: datetime) -> QuerySet[Post]:
    rows = Post.objects.for_brand(brand).select_related("content_kind", "campaign", "assignee", "author")
    if filters.words:
        own = Q(deliveries__text__icontains=filters.words)
        rows = rows.filter(Q(title__icontains=filters.words) | Q(text__icontains=filters.words) | own)
    if filters.kind:
        rows = rows.filter(content_kind_id=filters.kind)
    if filters.campaign:
        rows = rows.filter(campaign_id=filters.campaign)
    if filters.person:
        rows = rows.alias(person=Coalesce("assignee_id", "author_id")).filter(person=filters.person)
    if filters.account or filters.state:
        chosen = Filters(account=filters.account, state=filters.state)
        own_rows = _filtered(Delivery.objects.filter(brand=brand), chosen, now)
        rows = rows.filter(pk__in=own_rows.values("post_id"))
    shown = Delivery.objects.select_related("account__network").order_by(F("publish_at").asc(nulls_last=True), "pk")
    return rows.distinct().prefetch_related(Prefetch("deliveries", shown))


def posts_with_details(brand: Brand) -> QuerySet[Post]:
    """The posts of a brand with all that a post's page says of them."""
    related = ("content_kind", "campaign", "persona", "assignee", "author", "brand__workspace")
    return Post.objects.for_brand(brand).select_related(*related).prefetch_related("goals")


def deliveries_of(post: Post) -> list[Delivery]:
    """The deliveries of a post, each knowing the post and its brand."""
    related = post.deliveries.select_related("account__network", "published_by")
    rows = list(related.order_by("account__network__position", "pk"))
    for row in rows:
        row.post, row.brand = post, post.brand
    return rows


def binned_posts(brand: Brand) -> QuerySet[Post]:
    """What is in the bin, last thrown away first."""
    return Post.objects.filter(brand=brand, deleted_at__isnull=False).order_by("-deleted_at")


def content_kinds(brand: Brand) -> QuerySet[ContentKind]:
    return ContentKind.objects.filter(brand=brand)


def campaigns(brand: Brand) -> QuerySet[Campaign]:
    """The campaigns of a brand, the latest first."""
    return Campaign.objects.for_brand(brand)


def people(brand: Brand) -> QuerySet[User]:
    """The members who may open the brand, by name."""
    members = Membership.objects.for_brand(brand).values("user_id")
    rows = User.objects.filter(pk__in=members, is_active=True)
    return rows.only("name", "email").order_by("name", "email")


def missed_count(brand: Brand, now: datetime, accounts: Collection[int] | None = None) -> int:
    """How many deliveries nobody marked as published in time."""
    rows = Delivery.objects.for_brand(brand).missed(now)
    return (rows if accounts is None else rows.filter(account_id__in=accounts)).count()
