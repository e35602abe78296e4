"""Writes a message out: in the reader's language, in the brand's or the reader's time.

A message names a folder of templates. Each may use its context and recipient, brand, workspace, link (the whole
address), due_at, sent_at and is_late:

    subject.txt   the subject of the mail, one line
    body.txt      the mail as text; the frame adds when it was due if it is late, and why the person gets it
    body.html     the same in HTML
    notice.txt    the line in the person's list in Sextant; further lines stand below it
    shared.txt    what stands below that line when a webhook tells it to a whole team: nothing that is for one person

In .txt nothing is escaped. Moments and dates in the context arrive as what they were, so `{{ at|date:"TIME_FORMAT" }}`
shows the reader's time.
"""

import hashlib
import json
import logging
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.serializers.json import DjangoJSONEncoder
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

from activity.models import Message
from core.fields import SecretError
from teams.models import User

logger = logging.getLogger(__name__)
LATE_AFTER = timedelta(minutes=2)
FRAME = "activity/messages/frame"
DIGEST = "activity/messages/digest"
DAILY = "activity/messages/daily"
_TIMES: dict[str, Any] = {"$at": datetime, "$on": date, "$clock": clock}


class CannotWriteError(Exception):
    """A template is missing or broken: trying again will not help."""


def pack(context: Mapping[str, Any]) -> Any:
    """The context as JSON can hold it, with moments, dates and times marked as such."""
    return json.loads(json.dumps({name: _mark(value) for name, value in context.items()}, cls=DjangoJSONEncoder))


def unpack(values: Any) -> Any:
    """The context as it was."""
    if isinstance(values, list):
        return [unpack(value) for value in values]
    if not isinstance(values, dict):
        return values
    if len(values) == 1 and (kind := _TIMES.get(next(iter(values)))):
        return kind.fromisoformat(next(iter(values.values())))
    return {name: unpack(value) for name, value in values.items()}


def _mark(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _mark(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_mark(inner) for inner in value]
    for mark, kind in _TIMES.items():
        if isinstance(value, kind):
            return {mark: value.isoformat()}
    return value


# -- writing --------------------------------------------------------------------------------------------------------


class Letter(EmailMultiAlternatives):
    """A mail whose parts are held apart by a line that is drawn by lot: else Python looks through both parts of each
    mail for one that stands in neither."""

    def message(self, **more: Any) -> Any:
        whole = super().message(**more)
        whole.set_boundary(f"={secrets.token_hex(16)}=")
        return whole


def mail(message: Message, *, now: datetime) -> EmailMultiAlternatives:
    """The mail of a message. Raises CannotWriteError. Its Message-ID is the same each time it is written."""
    with _reader(message):
        letter = _letter(message.template, _context(message, now), message_id(message.key))
    if message.request_id:
        letter.extra_headers["X-Request-ID"] = message.request_id
    return letter


def digest(messages: Sequence[Message], *, now: datetime, template: str = DIGEST) -> EmailMultiAlternatives:
    """One mail for several messages to one person, late or of one day: the line of each, and when it was due."""
    context = _together(messages, now)
    with _own_reader(messages[0]):
        return _letter(template, context, message_id(" ".join(sorted(message.key for message in messages))))


def daily_notice(messages: Sequence[Message], *, now: datetime) -> tuple[str, str]:
    """The same for the list in Sextant: its line, and the text below it."""
    context = _together(messages, now)
    with _own_reader(messages[0]):
        return _fill(f"{DAILY}/subject.txt", context).strip(), _fill(f"{DAILY}/items.txt", context).strip()


def _together(messages: Sequence[Message], now: datetime) -> dict[str, Any]:
    items = [
        {
            "title": notice(message, now=now)[0], "due_at": message.wanted_at, "link": link_to(message.url),
            "place": str(message.brand or message.workspace or ""),
        }
        for message in messages
    ]  # fmt: skip
    return {"items": items, "recipient": messages[0].recipient, "site_url": settings.SITE_URL}


@contextmanager
def _own_reader(message: Message) -> Iterator[None]:
    """In the language and time of the person, whatever brands it is about."""
    reader = cast(User, message.recipient)
    with translation.override(reader.language), timezone.override(reader.time_zone):
        yield


def _letter(template: str, context: dict[str, Any], name: str) -> EmailMultiAlternatives:
    subject, text, html = (_fill(f"{template}/{part}", context) for part in ("subject.txt", "body.txt", "body.html"))
    mail = Letter(
        subject=" ".join(subject.split()),
        body=_frame("txt", text, context),
        to=[context.get("address") or context["recipient"].email],
        headers={"Message-ID": name, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(_frame("html", html, context), "text/html")
    return mail


def notice(message: Message, *, now: datetime) -> tuple[str, str]:
    """The line and the text below it in a person's list. Raises CannotWriteError."""
    with _reader(message):
        context = _context(message, now)
        title, _newline, rest = _fill(f"{message.template}/notice.txt", context).strip().partition("\n")
        late = _fill("activity/messages/late.txt", context).strip() if context["is_late"] else ""
    return title[:200], "\n\n".join(part for part in (late, rest.strip()) if part)


def shared(message: Message, *, now: datetime) -> tuple[str, str]:
    """The line and the text that an endpoint is told. Raises CannotWriteError."""
    title, below = notice(message, now=now)
    with _reader(message):
        words = _fill(f"{message.template}/shared.txt", _context(message, now)).strip()
    late = below.partition("\n\n")[0] if now - message.due_at > LATE_AFTER else ""
    return title, "\n\n".join(part for part in (late, words) if part)


def message_id(key: str) -> str:
    """Made from the key: a mail that had to be sent twice is known to be the same by the reader's program."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


def link_to(url: str) -> str:
    return f"{settings.SITE_URL}{url}" if url.startswith("/") else url


@contextmanager
def _reader(message: Message) -> Iterator[None]:
    reader = message.recipient
    place = message.brand or reader
    language = (reader.language if reader else message.language) or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(place.time_zone if place else settings.TIME_ZONE):
        yield


def _context(message: Message, now: datetime) -> dict[str, Any]:
    sealed = _sealed(message)
    return {
        **unpack(message.context),
        **unpack(sealed),
        "recipient": message.recipient,
        "brand": message.brand,
        "workspace": message.workspace,
        "address": message.address,
        "link": link_to(sealed.get("url") or message.url),
        "site_url": settings.SITE_URL,
        "kind": message.kind,
        "due_at": message.due_at,
        "sent_at": now,
        "is_late": now - message.due_at > LATE_AFTER,
    }


def _sealed(message: Message) -> dict[str, Any]:
    try:
        opened: dict[str, Any] = json.loads(message.sealed) if message.sealed else {}
    except SecretError as error:
        raise CannotWriteError(str(error)) from error
    return opened


def _frame(ending: str, body: str, context: dict[str, Any]) -> str:
    return _fill(f"{FRAME}.{ending}", {**context, "body": body})


def _fill(template: str, context: dict[str, Any]) -> str:
    try:
        inner = cast(Any, get_template(template)).template
        return str(inner.render(Context(context, autoescape=template.endswith(".html"))))
    except Exception as error:  # whatever a template does: the other messages must go out
        logger.exception("%s cannot be written", template)
        raise CannotWriteError(f"{template}: {error}") from error
