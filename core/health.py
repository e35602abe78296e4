"""Is it alive, is it ready, is it closed for maintenance: answered before anything that could be broken.

/healthz  the process answers; nothing else is asked, so that a slow database never gets the process restarted.
/readyz  the database answers; with it, how late the oldest due work is, what was given up, and when the last drain was
          heard of. Only the database decides between 200 and 503: late work is told, but more of the same web
          processes would not help.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation

from core.duework import DueState, DueWork

HEADERS = {"Cache-Control": "no-store"}
RETRY_AFTER_SECONDS = 120


class HealthMiddleware:
    """Stands in front: no host check or session comes before it, and settings spare it the redirect to https."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.answers = {"/healthz": alive, "/readyz": ready}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.answers.get(request.path_info)
        return answer() if answer else self.get_response(request)


class MaintenanceMiddleware:
    """While SEXTANT_MAINTENANCE=1, or the file `maintenance` in LOCAL_DIR exists, every page says so with 503.

    Stands behind the middleware for static files and for the content security policy, which hold for this page too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not (settings.MAINTENANCE or (settings.LOCAL_DIR / "maintenance").exists()):
            return self.get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            page = render_to_string("503.html")  # without the request: the database may be what is being maintained
        return HttpResponse(page, status=503, headers={"Retry-After": RETRY_AFTER_SECONDS, "Cache-Control": "no-store"})


def alive() -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain", headers=HEADERS)


def ready() -> JsonResponse:
    now = timezone.now()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        state = {
            "database": "ok", "due": oldest_due(now=now), "dead": dead_work(), "drains": last_drains(now=now),
        }  # fmt: skip
    except DatabaseError:
        return JsonResponse({"database": "no answer"}, status=503, headers=HEADERS)
    return JsonResponse(state, headers=HEADERS)


def kinds() -> list[Any]:
    """The models whose rows are due work."""
    return [model for model in apps.get_models() if issubclass(model, DueWork)]


def oldest_due(*, now: dt.datetime) -> dict[str, float]:
    """For each kind of due work, by how many seconds its oldest open row is late; 0 when none is."""
    return {kind._meta.label_lower: _lateness(kind, now) for kind in kinds()}


def dead_work() -> dict[str, float]:
    """For each kind of due work, how many rows were given up and wait for a person."""
    return {kind._meta.label_lower: kind._default_manager.filter(state=DueState.DEAD).count() for kind in kinds()}


def _lateness(model: Any, now: dt.datetime) -> float:
    """Open rows by their next attempt, which is what the partial index holds: a row in retry is late when it could
    have been tried and was not."""
    waiting = model._default_manager.filter(state=DueState.WAITING, next_attempt_at__lt=now)
    oldest = waiting.order_by("next_attempt_at").values_list("next_attempt_at", flat=True).first()
    return seconds_since(oldest, now=now) if oldest else 0.0


def last_drains(*, now: dt.datetime) -> dict[str, float]:
    """Seconds since each drain last ran to its end, by the drain's name; empty when none ever did."""
    beats = apps.get_model(settings.HEARTBEAT_MODEL)._default_manager.values_list("name", "at")
    return {name: seconds_since(at, now=now) for name, at in beats}


def seconds_since(at: dt.datetime, *, now: dt.datetime) -> float:
    return round((now - at).total_seconds(), 1)
