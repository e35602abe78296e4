"""The messages about a delivery: before its time, at its time, and when nobody published it."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from activity.messages import cancel_messages, post_messages
from activity.models import Kind
from calendar_app.models import MISSED_AFTER, Delivery, DeliveryState

KINDS = (Kind.REMINDER, Kind.MISSED)
FOLDER = "calendar_app/messages"


def rewrite_messages(delivery: Delivery, *, now: datetime) -> None:
    """Cancel what was to be said about the delivery and write it anew, as the delivery stands now.

    The reminder at the time is written again up to the moment at which the delivery counts as missed, so that a text
    that was corrected late still reaches whoever publishes it.
    """
    cancel_messages(about=delivery, kinds=KINDS)
    if delivery.state != DeliveryState.SCHEDULED or delivery.publish_at is None or delivery.post.deleted_at:
        return
    lead = timedelta(minutes=delivery.post.remind_minutes)
    missed_at = delivery.publish_at + MISSED_AFTER
    if lead and delivery.publish_at - lead > now:
        _post(delivery, Kind.REMINDER, "delivery_soon", delivery.publish_at - lead, good_until=delivery.publish_at)
    if missed_at > now:
        _post(delivery, Kind.REMINDER, "delivery_due", delivery.publish_at)
        _post(delivery, Kind.MISSED, "delivery_missed", missed_at)


def _post(delivery: Delivery, kind: Kind, template: str, due_at: datetime, good_until: datetime | None = None) -> None:
    person = delivery.post.reminded
    if person is None:
        return
    post_messages(
        to=[person],
        kind=kind,
        about=delivery,
        version=delivery.schedule_version,
        template=f"{FOLDER}/{template}",
        context=_context(delivery),
        url=post_path(delivery),
        due_at=due_at,
        good_until=good_until,
        brand=delivery.brand,
    )


def _context(delivery: Delivery) -> dict[str, Any]:
    """What the message says, as plain data: it is rendered later, in the recipient's language."""
    return {
        "title": delivery.post.title,
        "text": delivery.words,
        "format": delivery.post.format,
        "notes": delivery.post.notes,
        "account": str(delivery.account),
        "account_url": delivery.account.url,
        "mission": delivery.account.mission,
        "day": delivery.local_date,
        "clock": delivery.local_time,
        "zone": delivery.time_zone,
    }


def post_path(delivery: Delivery) -> str:
    """Where the delivery stands on its post's page."""
    place = {"workspace": delivery.brand.workspace.slug, "brand": delivery.brand.slug}
    return reverse("post_detail", kwargs={**place, "pk": delivery.post_id}) + f"#delivery-{delivery.pk}"
