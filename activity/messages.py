"""Messages to people and endpoints: written down when something is to be told, sent when it is due.

Services post them in their own transaction, so that a message exists exactly when what it tells of does. `deliver`
sends them; several processes may do so at once.
"""

import hashlib
import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from activity import deliver, hours, letters
from activity.models import TO_PEOPLE, Channel, Kind, Message
from activity.queries import endpoints_told
from activity.services import ref
from core.doorbell import ring_after_commit
from teams.models import Brand, User, Workspace

AT_ONCE = timedelta(seconds=3)  # what is due within that time does not wait for the next look
drain = deliver.drain


def post_messages(
    *,
    to: Collection[User],
    kind: Kind,
    about: Model,
    version: int,
    template: str,
    context: Mapping[str, Any],
    url: str,
    due_at: datetime,
    brand: Brand | None,
    workspace: Workspace | None = None,
    good_until: datetime | None = None,
    channels: Sequence[Channel] = TO_PEOPLE,
    tells_endpoints: bool = True,
) -> list[Message]:
    """Writes one message to each person for each channel, and one for each endpoint that is told of such things, in
    the caller's transaction and in the same few statements however many people there are. Which of them a person wants
    is asked when they are sent.

    Each person's quiet hours and daily summary move theirs; what would then come after `good_until` is not written at
    all.

    `version` rises whenever `about` changes so that the message must be another one; a message that exists already
    (same kind, template, object, version, and person and channel or endpoint) is left alone: what several people are
    told reaches an endpoint once, and what is for one person alone not at all (`tells_endpoints`). `template` is a
    folder of templates, for example "calendar_app/messages/due" (see `letters`); `context` is plain data; `url` a path
    in Sextant.
    """
    place = brand.workspace_id if brand else workspace.pk if workspace else None
    key = f"{kind}:{template}:{ref(about)}:{version}"
    shared = {
        "workspace_id": place, "brand": brand, "kind": kind, "about": ref(about), "template": template,
        "context": letters.pack(context), "url": url, "due_at": due_at, "next_attempt_at": due_at,
    }  # fmt: skip
    rows = [
        Message(key=f"{key}:{person.pk}:{channel}", recipient=person, channel=channel, **shared)
        for person in to
        for channel in channels
    ]
    rows = hours.arranged(rows, kind=kind, good_until=good_until)
    told = (
        endpoints_told(workspace_id=place, brand_id=brand.pk if brand else None, kind=kind) if tells_endpoints else []
    )
    rows += [
        Message(key=f"{key}:hook:{one.pk}", endpoint=one, language=one.language, channel=Channel.WEBHOOK, **shared)
        for one in told
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    _ring(due_at, "activity.deliver_messages", *["activity.deliver_hooks"] * bool(told))
    return list(Message.objects.filter(key__in=[row.key for row in rows]).order_by("pk"))


def post_mail(
    *,
    address: str,
    language: str,
    kind: Kind,
    about: Model,
    template: str,
    context: Mapping[str, Any],
    url: str,
    due_at: datetime,
    workspace: Workspace | None,
    version: int = 1,
) -> Message:
    """Writes one e-mail to an address that may be nobody's yet, in the given language.

    Such mails carry links that let somebody in. Their address and context are kept encrypted, and forgotten once the
    mail has gone.
    """
    message, _is_new = Message.objects.get_or_create(
        key=f"{kind}:{template}:{ref(about)}:{version}:{_digest(address)}:{Channel.EMAIL}",
        defaults={
            "workspace": workspace, "address": address, "language": language, "channel": Channel.EMAIL, "kind": kind,
            "about": ref(about), "template": template, "due_at": due_at, "next_attempt_at": due_at,
            "sealed": json.dumps({"url": url, **letters.pack(context)}),
        },
    )  # fmt: skip
    _ring(due_at, "activity.deliver_messages")
    return message


def post_letter(*, address: str, language: str, subject: str, text: str, due_at: datetime) -> Message:
    """Writes an e-mail whose words stand already, about nothing but the reader: a confirmation, a new password."""
    number = uuid.uuid4()
    message = Message.objects.create(
        key=f"letter:{number}", address=address, language=language, channel=Channel.EMAIL, kind=Kind.TEAM,
        about=f"letter:{number}", template="activity/messages/plain", due_at=due_at, next_attempt_at=due_at,
        sealed=json.dumps({"subject": subject, "text": text}),
    )  # fmt: skip
    _ring(due_at, "activity.deliver_messages")
    return message


def cancel_messages(*, about: Model, kinds: Collection[Kind] = (), template: str = "") -> int:
    """Whatever was not sent yet about this thing (with that template) will not be: in the caller's transaction.
    Answers how many."""
    rows = Message.objects.filter(about=ref(about))
    rows = rows.filter(template=template) if template else rows
    return rows.filter(kind__in=kinds).cancel() if kinds else rows.cancel()


def _digest(address: str) -> str:
    return hashlib.sha256(address.lower().encode()).hexdigest()[:16]


def _ring(due_at: datetime, *tasks: str) -> None:
    if due_at <= timezone.now() + AT_ONCE:
        for task in tasks:
            ring_after_commit(task)
