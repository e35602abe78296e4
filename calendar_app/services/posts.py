"""Verbs of a post: write it, change it, put it in the bin and take it out again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from activity.services import changes, record
from audits.models import SocialAccount
from calendar_app.errors import PostError
from calendar_app.models import Delivery, DeliveryState, Post
from calendar_app.services.deliveries import TIMES, facts, future_moment, note, put_at, require_schedulable
from calendar_app.services.reminders import rewrite_messages
from networks.formats import Format
from personas.models import Persona
from plans.models import Campaign, ContentKind, Goal
from teams.access import require
from teams.models import Brand, Membership, User
from teams.rules import Permission

Texts = Mapping[SocialAccount, str]
FIELDS = [
    "title",
    "text",
    "format",
    "link",
    "notes",
    "content_kind",
    "campaign",
    "persona",
    "assignee",
    "remind_minutes",
]
SAID = ("title", "text", "format", "link", "assignee", "remind_minutes")  # what a reminder tells or depends on


@dataclass(frozen=True, kw_only=True)
class When:
    """The local date and time, in the brand's zone, at which a post is to go out on all its accounts."""

    day: date
    clock: time
    is_second: bool = False


@transaction.atomic
def create_post(
    *,
    brand: Brand,
    title: str,
    texts: Texts,
    by: User,
    now: datetime,
    text: str = "",
    format: str = Format.PHOTO,  # noqa: A002 -- the model's own word
    link: str = "",
    notes: str = "",
    content_kind: ContentKind | None = None,
    campaign: Campaign | None = None,
    persona: Persona | None = None,
    goals: Collection[Goal] = (),
    assignee: User | None = None,
    remind_minutes: int = 30,
    when: When | None = None,
) -> Post:
    """Write a post with one delivery for each account in `texts`, whose value is the account's own text or "".

    With `when`, all deliveries are planned for that local time. Raises PostError for what belongs to another brand,
    and ScheduleError as `schedule_delivery` does.
    """
    require(by, Permission.WRITE_POST, brand)
    post = Post(
        brand=brand, title=title, text=text, format=format, link=link, notes=notes, content_kind=content_kind,
        campaign=campaign, persona=persona, assignee=assignee, remind_minutes=remind_minutes, author=by, created_at=now,
    )  # fmt: skip
    _require_own(post, goals, texts)
    post.save()
    post.goals.set(goals, through_defaults={"brand": brand})
    for account, own in texts.items():
        _add_delivery(post, account, own)
    record(by=by, verb="calendar.post_created", target=post, brand=brand, label=title, after=post_facts(post))
    if when is not None:
        require(by, Permission.SCHEDULE, brand)
        _plan_drafts(post, when, by, now)
    return post


@transaction.atomic
def edit_post(
    *,
    post: Post,
    by: User,
    now: datetime,
    version: int | None,
    texts: Texts | None = None,
    goals: Collection[Goal] | None = None,
    when: When | None = None,
    **values: Any,
) -> Post:
    """Change a post: any of FIELDS, its goals, and with `texts` the accounts it goes to and their own texts.

    The reminders of its planned deliveries are written anew. `when` plans those that are not planned yet. Raises
    StaleError when `version` is no longer the post's, PostError and ScheduleError as `create_post` does, also when the
    new text no longer fits the network of a planned delivery.
    """
    locked = lock_post(post)
    require(by, Permission.WRITE_POST, locked.brand)
    locked.require_version(version)
    before, said = post_facts(locked), _said(locked)
    for name, value in values.items():
        if name not in FIELDS:
            raise TypeError(f"a post has no {name}")
        setattr(locked, name, value)
    _require_own(locked, goals or (), texts or {})
    locked.version += 1
    locked.save(update_fields=[*FIELDS, "version"])
    if goals is not None:
        locked.goals.set(goals, through_defaults={"brand": locked.brand})
    changed = _set_texts(locked, texts, now) if texts is not None else set()
    _require_fitting(locked)
    _renew(locked, None if said != _said(locked) else changed, now)
    old, new = changes(before, post_facts(locked))
    if old or new:
        record(by=by, verb="calendar.post_edited", target=locked, brand=locked.brand, before=old, after=new)
    if when is not None:
        require(by, Permission.SCHEDULE, locked.brand)
        _plan_drafts(locked, when, by, now)
    for name in (*FIELDS, "version"):
        setattr(post, name, getattr(locked, name))
    return post


@transaction.atomic
def delete_post(*, post: Post, by: User, now: datetime) -> Post:
    """Put a post in the bin: off every list and calendar, its reminders canceled. What was published stays known."""
    locked = lock_post(post)
    require(by, Permission.WRITE_POST, locked.brand)
    locked.deleted_at = post.deleted_at = now
    locked.save(update_fields=["deleted_at"])
    record(by=by, verb="calendar.post_deleted", target=locked, brand=locked.brand)
    _renew(locked, None, now)
    return post


@transaction.atomic
def restore_post(*, post: Post, by: User, now: datetime) -> Post:
    """Take a post out of the bin; the reminders that are still to come are written again."""
    locked = lock_post(post, is_deleted=True)
    require(by, Permission.WRITE_POST, locked.brand)
    locked.deleted_at = post.deleted_at = None
    locked.save(update_fields=["deleted_at"])
    record(by=by, verb="calendar.post_restored", target=locked, brand=locked.brand)
    _renew(locked, None, now)
    return post


# -- parts ----------------------------------------------------------------------------------------------------------


def lock_post(post: Post, *, is_deleted: bool = False) -> Post:
    """The post as it stands now, held until the transaction ends. Raises PostError when it is in the bin (or, with
    `is_deleted`, when it is not)."""
    related = ("brand__workspace", "assignee", "author")
    rows = Post.objects.select_for_update(of=("self",), no_key=True).select_related(*related)
    locked = rows.filter(pk=post.pk).first()
    if locked is None or (locked.deleted_at is not None) is not is_deleted:
        raise PostError(_("This post is not in the bin.") if is_deleted else _("Somebody put this post in the bin."))
    return locked


def post_facts(post: Post) -> dict[str, Any]:
    """What the history compares: also which accounts the post goes to, with their own texts."""
    rows = post.deliveries.select_related("account__network").order_by("account_id")
    named = {name: getattr(post, name) for name in FIELDS}
    return {
        **named,
        **{name: str(named[name] or "") for name in ("content_kind", "campaign", "persona", "assignee")},
        "goals": sorted(goal.title for goal in post.goals.all()),
        "accounts": {str(row.account): row.text for row in rows},
    }


def _said(post: Post) -> list[Any]:
    return [getattr(post, name) for name in SAID]


def _require_own(post: Post, goals: Collection[Goal], texts: Texts) -> None:
    """Nothing of another brand, and nobody who may not open this one."""
    brand_id = post.brand_id
    if post.content_kind and post.content_kind.brand_id != brand_id:
        raise PostError(_("This content type belongs to another brand."), field="content_kind")
    if post.campaign and post.campaign.brand_id != brand_id:
        raise PostError(_("This campaign belongs to another brand."), field="campaign")
    if post.persona and post.persona.brand_id != brand_id:
        raise PostError(_("This persona belongs to another brand."), field="persona")
    if any(goal.brand_id != brand_id for goal in goals):
        raise PostError(_("This goal belongs to another brand."), field="goals")
    if any(account.brand_id != brand_id for account in texts):
        raise PostError(_("This account belongs to another brand."), field="accounts")
    if post.assignee and not Membership.objects.for_brand(post.brand).filter(user=post.assignee).exists():
        raise PostError(_("%(name)s is not a member here.") % {"name": post.assignee}, field="assignee")


def _add_delivery(post: Post, account: SocialAccount, own: str) -> Delivery:
    if account.closed_at is not None:
        raise PostError(_("%(account)s is closed. Choose another account.") % {"account": account}, field="accounts")
    return Delivery.objects.create(brand=post.brand, post=post, account=account, text=own)


def _set_texts(post: Post, texts: Texts, now: datetime) -> set[int]:
    """Bring the deliveries in step with the chosen accounts; answers those whose own text changed."""
    present = {row.account_id: row for row in _rows(post)}
    wanted = {account.pk: own for account, own in texts.items()}
    for account_id, row in present.items():
        if account_id not in wanted:
            _remove_delivery(row, now)
    for account in texts:
        if account.pk not in present:
            _add_delivery(post, account, wanted[account.pk])
    changed = [row for row in present.values() if row.account_id in wanted and row.text != wanted[row.account_id]]
    for row in changed:
        row.text = wanted[row.account_id]
        row.save(update_fields=["text"])
    return {row.pk for row in changed}


def _remove_delivery(row: Delivery, now: datetime) -> None:
    if row.state == DeliveryState.PUBLISHED:
        words = _("This post is published on %(account)s: keep that account.")
        raise PostError(words % {"account": row.account}, field="accounts")
    row.state = DeliveryState.DRAFT
    rewrite_messages(row, now=now)
    row.delete()


def _rows(post: Post) -> list[Delivery]:
    """The deliveries of a post that is locked, with what their messages say."""
    rows = list(post.deliveries.select_related("account__network").order_by("pk"))
    for row in rows:
        row.post, row.brand = post, post.brand
    return rows


def _require_fitting(post: Post) -> None:
    """What is planned must stay publishable."""
    for row in _rows(post):
        if row.state == DeliveryState.SCHEDULED:
            require_schedulable(row)


def _renew(post: Post, only: Collection[int] | None, now: datetime) -> None:
    """Raise the version of the planned deliveries (all, or those named) and write their messages anew."""
    for row in _rows(post):
        if row.state != DeliveryState.SCHEDULED or (only is not None and row.pk not in only):
            continue
        row.schedule_version += 1
        row.save(update_fields=["schedule_version"])
        rewrite_messages(row, now=now)


def _plan_drafts(post: Post, when: When, by: User, now: datetime) -> None:
    for row in _rows(post):
        if row.state != DeliveryState.DRAFT:
            continue
        require_schedulable(row)
        moment = future_moment(when.day, when.clock, post.brand.time_zone, now=now, is_second=when.is_second)
        before = facts(row)
        put_at(row, moment, is_second=when.is_second)
        row.save(update_fields=TIMES)
        rewrite_messages(row, now=now)
        note(row, "calendar.delivery_scheduled", before, by)
