"""One call of an endpoint: written and signed, sent through core.outbound, and what came of it."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from activity import letters
from activity.models import Endpoint, Format, Message
from activity.rules import signing
from activity.rules.payloads import SHAPES, Telling
from activity.rules.retrying import Outcome, asked_wait
from core import outbound

SECONDS = 10.0  # that an endpoint may take
ANSWER_BYTES, ANSWER_LETTERS = 4096, 200  # of what it says are read, and kept


@dataclass(frozen=True, kw_only=True)
class Call:
    """What is to be sent where. Holds no row: a thread makes it without the database."""

    number: str
    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


def call_for(message: Message, endpoint: Endpoint, *, now: datetime) -> Call:
    """Raises CannotWriteError, and SecretError when the endpoint's secrets cannot be opened."""
    title, text = letters.shared(message, now=now)
    place = message.brand or endpoint.workspace
    telling = Telling(
        kind=message.kind, title=title, text=text, about=message.about, due_at=message.due_at, sent_at=now,
        link=letters.link_to(message.url) or settings.SITE_URL, link_words=link_words(endpoint), place=place.name,
        workspace=endpoint.workspace.slug, brand=message.brand.slug if message.brand else None,
    )  # fmt: skip
    return write(telling, endpoint, number=signing.number_of(message.key), now=now)


def link_words(endpoint: Endpoint) -> str:
    with translation.override(endpoint.language):
        return _("Open in Sextant")


def write(telling: Telling, endpoint: Endpoint, *, number: str, now: datetime) -> Call:
    """The call in the endpoint's shape; signed in Sextant's own, which is the only one whose receivers look at it."""
    body = json.dumps(SHAPES[endpoint.format](telling), ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
    if endpoint.format == Format.SEXTANT:
        headers |= signing.headers(_secrets(endpoint, now), number=number, now=now, body=body)
    return Call(number=number, url=str(endpoint.url), body=body, headers=headers)


def _secrets(endpoint: Endpoint, now: datetime) -> list[str]:
    """The newest first; for a day after a rotation also the one before it."""
    is_both = endpoint.old_secret_until is not None and now < endpoint.old_secret_until
    return [endpoint.secret, endpoint.old_secret] if is_both else [endpoint.secret]


def make(call: Call, *, now: datetime, seconds: float = SECONDS) -> Outcome:
    """Never raises for what the other side does."""
    began = time.monotonic()
    try:
        answer = outbound.request(
            "POST", call.url, headers=call.headers, content=call.body, seconds=seconds, most_bytes=ANSWER_BYTES,
            is_cut=True,
        )  # fmt: skip
    except outbound.OutboundError as error:
        with translation.override("en"):
            return Outcome(status=None, milliseconds=_since(began), error=str(error))
    words = readable(answer.body)
    return Outcome(
        status=answer.status, milliseconds=_since(began), answer=words,
        error="" if 200 <= answer.status < 300 else f"{answer.status} {words}".strip(),
        retry_after=asked_wait(answer.headers.get("retry-after", ""), now=now),
    )  # fmt: skip


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def readable(body: bytes) -> str:
    """The first letters of an answer, on one line, without what cannot be shown."""
    text = " ".join(body.decode("utf-8", "replace").split())
    return "".join(letter if letter.isprintable() else "�" for letter in text[:ANSWER_LETTERS])
