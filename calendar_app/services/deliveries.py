"""Verbs of one delivery: plan it, move it, say that it was published, and take that back."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from activity.services import changes, record
from calendar_app.errors import MovedError, PublishError, ScheduleError
from calendar_app.lengths import measure
from calendar_app.models import Delivery, DeliveryState, Post
from calendar_app.rules.permalinks import is_web_address, remote_id
from calendar_app.services.reminders import rewrite_messages
from core.localtime import Fit, Moment, resolve
from networks.formats import Format
from teams.access import require
from teams.models import User
from teams.rules import Permission

TIMES = ["state", "publish_at", "local_date", "local_time", "time_zone", "is_second", "schedule_version"]
MARKS = ["published_at", "published_by", "permalink", "remote_id", "is_unplanned"]


def schedule_delivery(
    *,
    delivery: Delivery,
    day: date,
    clock: time,
    by: User,
    now: datetime,
    is_second: bool = False,
    schedule_version: int | None = None,
) -> Moment:
    """Plan a delivery for a local date and time of the brand's zone, or plan it anew.

    A local time that the clock skips moves forward by the gap, and one that it shows twice means the first unless
    `is_second`: the answer's `fit` says so. Raises ScheduleError (a time in the past, no text, a text over the
    network's limit, a closed account, published already) and MovedError when the delivery is no longer at
    `schedule_version`.
    """
    return _place(delivery, day, clock, by, now, is_second=is_second, seen=schedule_version, verb="scheduled")


def move_delivery(
    *, delivery: Delivery, day: date, clock: time, by: User, now: datetime, schedule_version: int | None = None
) -> Moment:
    """Put a delivery on another local date and time; a draft is planned by it. As `schedule_delivery`."""
    return _place(delivery, day, clock, by, now, is_second=False, seen=schedule_version, verb="moved")


@transaction.atomic
def _place(
    delivery: Delivery, day: date, clock: time, by: User, now: datetime, *, is_second: bool, seen: int | None, verb: str
) -> Moment:
    locked = lock(delivery)
    require(by, Permission.SCHEDULE, locked.brand)
    _require_seen(locked, seen)
    require_schedulable(locked)
    moment = future_moment(day, clock, locked.brand.time_zone, now=now, is_second=is_second)
    verb = "scheduled" if locked.state == DeliveryState.DRAFT else verb
    before = facts(locked)
    put_at(locked, moment, is_second=is_second)
    locked.save(update_fields=TIMES)
    rewrite_messages(locked, now=now)
    note(locked, f"calendar.delivery_{verb}", before, by)
    _reflect(delivery, locked)
    return moment


@transaction.atomic
def unschedule_delivery(
    *, delivery: Delivery, by: User, now: datetime, schedule_version: int | None = None
) -> Delivery:
    """Take a delivery off the calendar: it is a draft again, and nobody is reminded of it."""
    locked = lock(delivery)
    require(by, Permission.SCHEDULE, locked.brand)
    _require_seen(locked, schedule_version)
    if locked.state != DeliveryState.SCHEDULED:
        raise ScheduleError(_("This is not scheduled."))
    before = facts(locked)
    take_off(locked)
    locked.save(update_fields=TIMES)
    rewrite_messages(locked, now=now)
    note(locked, "calendar.delivery_unscheduled", before, by)
    return _reflect(delivery, locked)


@transaction.atomic
def mark_published(*, delivery: Delivery, permalink: str, published_at: datetime, by: User, now: datetime) -> Delivery:
    """Note that a person published the delivery, where and when. Its reminders are canceled.

    The address of a Mastodon post holds the post's id, by which figures are fetched later. Raises PublishError for an
    address that is none, a moment in the future, and a delivery that is marked already.
    """
    locked = lock(delivery)
    require(by, Permission.MARK_PUBLISHED, locked.brand)
    _require_publishable(locked, permalink, published_at, now)
    before = facts(locked)
    if locked.state == DeliveryState.DRAFT:
        zone = locked.brand.time_zone
        local = published_at.astimezone(ZoneInfo(zone))
        put_at(locked, Moment(at=published_at, local=local, fit=Fit.EXACT))
        locked.is_unplanned = True
    locked.state = DeliveryState.PUBLISHED
    locked.published_at, locked.published_by = published_at, by
    locked.permalink, locked.remote_id = permalink, remote_id(locked.account.network_id, permalink)
    locked.schedule_version += 1
    locked.save(update_fields=[*TIMES, *MARKS])
    rewrite_messages(locked, now=now)
    note(locked, "calendar.delivery_published", before, by)
    return _reflect(delivery, locked)


@transaction.atomic
def unmark_published(*, delivery: Delivery, by: User, now: datetime) -> Delivery:
    """Take back that a delivery was published: it stands where it stood before."""
    locked = lock(delivery)
    require(by, Permission.MARK_PUBLISHED, locked.brand)
    if locked.state != DeliveryState.PUBLISHED:
        raise PublishError(_("This is not marked as published."))
    before = facts(locked)
    if locked.is_unplanned:
        take_off(locked)
    else:
        locked.state = DeliveryState.SCHEDULED
        locked.schedule_version += 1
    locked.published_at = locked.published_by = None
    locked.permalink = locked.remote_id = ""
    locked.is_unplanned = False
    locked.save(update_fields=[*TIMES, *MARKS])
    rewrite_messages(locked, now=now)
    note(locked, "calendar.delivery_unpublished", before, by)
    return _reflect(delivery, locked)


# -- parts ----------------------------------------------------------------------------------------------------------


def lock(delivery: Delivery) -> Delivery:
    """The delivery as it stands now, held until the transaction ends by the row of its post.

    Raises ScheduleError when it is no longer there, or its post is in the bin.
    """
    held = Post.objects.select_for_update(no_key=True).filter(pk=delivery.post_id, deleted_at__isnull=True).first()
    related = ("post__assignee", "post__author", "account__network", "brand__workspace")
    locked = Delivery.objects.select_related(*related).filter(pk=delivery.pk).first() if held else None
    if locked is None:
        raise ScheduleError(_("Somebody deleted this in the meantime."))
    return locked


def require_schedulable(delivery: Delivery) -> None:
    """Raise ScheduleError when the delivery cannot be planned at any time."""
    account = delivery.account
    if delivery.state == DeliveryState.PUBLISHED:
        raise ScheduleError(_("This is published already."))
    if account.closed_at is not None:
        raise ScheduleError(_("%(account)s is closed. Choose another account.") % {"account": account})
    if delivery.post.format in (Format.TEXT, Format.LINK) and not delivery.words.strip():
        raise ScheduleError(_("%(account)s: there is no text yet.") % {"account": account}, field=f"text_{account.pk}")
    if problem := measure(delivery.words, account).complaint:
        raise ScheduleError(problem, field=f"text_{account.pk}")


def future_moment(day: date, clock: time, zone: str, *, now: datetime, is_second: bool = False) -> Moment:
    """The moment of a local date and time, which must be to come."""
    moment = resolve(day, clock.replace(second=0, microsecond=0), zone, is_second=is_second)
    if moment.at <= now:
        raise ScheduleError(_("Choose a time in the future."), field="publish_at")
    return moment


def put_at(delivery: Delivery, moment: Moment, *, is_second: bool = False) -> None:
    """Plan the delivery for that moment. Nothing is saved."""
    delivery.state = DeliveryState.SCHEDULED
    delivery.publish_at = moment.at
    delivery.local_date = moment.local.date()
    delivery.local_time = moment.local.time().replace(tzinfo=None, fold=0)
    delivery.time_zone = delivery.brand.time_zone
    delivery.is_second = is_second and moment.fit is not Fit.EXACT
    delivery.schedule_version += 1


def take_off(delivery: Delivery) -> None:
    """Make the delivery a draft without a time. Nothing is saved."""
    delivery.state = DeliveryState.DRAFT
    delivery.publish_at = delivery.local_date = delivery.local_time = None
    delivery.time_zone = ""
    delivery.is_second = False
    delivery.schedule_version += 1


def facts(delivery: Delivery) -> dict[str, object]:
    """What the history compares."""
    clock = f"{delivery.local_time:%H:%M}" if delivery.local_time else None
    return {
        "state": delivery.state,
        "date": delivery.local_date,
        "time": clock,
        "zone": delivery.time_zone,
        "published_at": delivery.published_at,
        "permalink": delivery.permalink,
    }


def note(delivery: Delivery, verb: str, before: dict[str, object], by: User | None) -> None:
    """Write into the history what became of the delivery."""
    old, new = changes(before, facts(delivery))
    label = f"{delivery.post.title} · {delivery.account}"
    record(
        by=by, verb=verb, target=delivery, part_of=delivery.post, brand=delivery.brand, label=label,
        before=old, after=new,
    )  # fmt: skip


def _require_seen(delivery: Delivery, schedule_version: int | None) -> None:
    if schedule_version is not None and schedule_version != delivery.schedule_version:
        raise MovedError(_("Somebody else moved or changed this in the meantime. It is shown as it stands now."))


def _require_publishable(delivery: Delivery, permalink: str, published_at: datetime, now: datetime) -> None:
    if delivery.state == DeliveryState.PUBLISHED:
        raise PublishError(_("This is marked as published already."))
    if not is_web_address(permalink):
        raise PublishError(_("Enter the full address of the publication, with https://."), field="permalink")
    if published_at > now:
        raise PublishError(_("This moment is in the future. Enter when it was published."), field="published_at")


def _reflect(given: Delivery, locked: Delivery) -> Delivery:
    """The caller's own object tells what is stored now."""
    for name in (*TIMES, *MARKS):
        setattr(given, name, getattr(locked, name))
    return given
