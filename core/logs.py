"""What the logs say, and what they must not keep.

A line is one JSON object in production (LOG_FORMAT=json) and plain text on a developer's machine (LOG_FORMAT=line).
Each carries the id of the request that it belongs to: it goes with the doorbell to the Celery worker, and with a
message to the line that says it was sent and into the mail's own head.
"""

import logging
import re
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django_guid import get_guid
from pythonjsonlogger.json import JsonFormatter

logger = logging.getLogger("sextant.request")
_SECRETS = (
    # Addresses that let in whoever has them: an invitation, the confirmation of an e-mail address, a new password.
    re.compile(r"(/(?:invitations|confirm-email|password/reset/key)/)(?!leave/)[^/\s?#\"'\\]+"),
    re.compile(r"(/plan/)[\w-]{40,}"),  # of a plan that is shared; within a brand there follow numbers and words
    # What other sides take for a key: headers of authorization, tokens in queries and bodies, secrets of webhooks.
    re.compile(r"((?:bearer|basic) )[\w.~+/=-]{6,}", re.IGNORECASE),
    re.compile(
        r"((?:access_token|refresh_token|token|secret|password|api_key)[\"']?\s*[=:]\s*[\"']?)[^\s&\"',;}]+", re.I
    ),
    re.compile(r"(whsec_)[\w+/=]+"),
)


def hide_secrets(text: str) -> str:
    """The text with … in the place of each secret; a request that was refused has not used its key up."""
    for secret in _SECRETS:
        text = secret.sub(r"\1…", text)
    return text


def request_id() -> str:
    """The id of the request that is being answered, or for which a doorbell rang; nothing outside of any."""
    return get_guid() or ""


class LineFormatter(logging.Formatter):
    """Plain text, tracebacks included, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return hide_secrets(super().format(record))


class JsonLineFormatter(JsonFormatter):
    """One JSON object a line, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return hide_secrets(super().format(record))


class RequestLogMiddleware:
    """Says of each request what it was, what was answered and how long that took: the route, never the address, which
    may hold a key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        if logger.isEnabledFor(logging.INFO):
            route = request.resolver_match.route if request.resolver_match else ""
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            said = {"method": request.method, "route": route, "status": response.status_code, "ms": milliseconds}
            logger.info("%(method)s /%(route)s %(status)s %(ms)s ms", said, extra=said)
        return response
