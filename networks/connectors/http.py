"""JSON over HTTP with a bearer token: what the connectors share."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from core import outbound
from networks.connectors.base import (
    AuthRefused,
    ConnectorError,
    Credentials,
    Gone,
    Malformed,
    NotSecure,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TimedOut,
    Unavailable,
)

SECONDS = 10.0
LONGEST_WAIT = timedelta(hours=24)  # whatever a network asks for


@dataclass(frozen=True)
class Api:
    """One server's API, spoken to in the name of one account."""

    credentials: Credentials
    seconds: float = SECONDS

    def get(
        self, path: str, *, now: datetime, params: Mapping[str, str] | None = None
    ) -> tuple[Any, Mapping[str, str]]:
        """The JSON at a path, and the answer's headers. Safe to repeat."""
        try:
            answer = self._send("GET", path, params=params)
        except outbound.TimedOut as error:
            raise TimedOut from error
        except outbound.Interrupted as error:
            raise Malformed from error
        except outbound.OutboundError as error:
            raise Unavailable from error
        if failure := _failure(answer, now):
            raise failure
        return _json(answer), answer.headers

    def post_once(self, path: str, *, now: datetime, json: Any, idempotency_key: str) -> Any:
        """Send something that must not happen twice, and return the JSON of the answer.

        Raises OutcomeUnknown whenever the server may have carried it out: no whole answer, a fault of the server (a
        proxy says 502 or 504 while the server behind it goes on), or a success that cannot be read.
        """
        try:
            answer = self._send("POST", path, json=json, headers={"Idempotency-Key": idempotency_key})
        except outbound.OutboundError as error:
            raise (OutcomeUnknown if error.may_have_arrived else Unavailable)() from error
        failure = _failure(answer, now)
        if isinstance(failure, Unavailable):
            raise OutcomeUnknown from failure
        if failure:
            raise failure
        try:
            return _json(answer)
        except Malformed as error:
            raise OutcomeUnknown from error

    def _send(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **what: Any
    ) -> outbound.Answer:
        server = self.credentials.server.rstrip("/")
        if urlsplit(server).scheme != "https" and not outbound.is_allowed_by_operator(server):
            raise NotSecure
        sent = {"Authorization": f"Bearer {self.credentials.token}", "Accept": "application/json", **(headers or {})}
        return outbound.request(method, server + path, headers=sent, seconds=self.seconds, **what)


def _failure(answer: outbound.Answer, now: datetime) -> ConnectorError | None:
    """What a status means; None for success."""
    status = answer.status
    if status in (401, 403):
        return AuthRefused()
    if status in (404, 410):
        return Gone()
    if status == 429:
        return RateLimited(retry_after(answer.headers, now=now))
    if status >= 500:
        return Unavailable()
    return None if 200 <= status < 300 else Rejected(_said(answer))


def _said(answer: outbound.Answer) -> str:
    """The network's own words for why it said no, when it has any."""
    try:
        said = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    return said[:300] if isinstance(said, str) else ""


def _json(answer: outbound.Answer) -> Any:
    try:
        return answer.json()
    except (ValueError, RecursionError) as error:
        raise Malformed from error


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """How long the server asks us to wait, never more than a day.

    Retry-After is seconds or an HTTP date (RFC 9110, 10.2.3); Mastodon says X-RateLimit-Reset instead, an ISO 8601
    moment.
    """
    moment = _moment(headers.get("retry-after", ""), now) or _moment(headers.get("x-ratelimit-reset", ""), now)
    return min(max(moment - now, timedelta(0)), LONGEST_WAIT) if moment else None


def _moment(value: str, now: datetime) -> datetime | None:
    for read in (_seconds, _http_date, _iso):
        try:
            moment = read(value.strip(), now)
        except (ValueError, TypeError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _seconds(value: str, now: datetime) -> datetime:
    seconds = float(value)
    if not math.isfinite(seconds):
        raise ValueError(value)
    if seconds > 1_000_000_000:  # some servers send the moment itself, in seconds since 1970
        return datetime.fromtimestamp(seconds, UTC)
    return now + timedelta(seconds=seconds)


def _http_date(value: str, _now: datetime) -> datetime:
    return parsedate_to_datetime(value)


def _iso(value: str, _now: datetime) -> datetime:
    return datetime.fromisoformat(value)
