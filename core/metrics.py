"""Metrics for Prometheus, at /metrics for whoever has the token: loaded only where METRICS_TOKEN is set.

With several web processes, PROMETHEUS_MULTIPROC_DIR must name an empty folder, in which they add up their counts.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from core.health import dead_work, last_drains, oldest_due

REGISTRY = CollectorRegistry()
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds
REQUESTS = Histogram(
    "sextant_request_seconds",
    "How long requests took, by method, route and class of status",
    ("method", "route", "status"),
    buckets=BUCKETS,
    registry=REGISTRY,
)


class DueWorkCollector(Collector):
    """What is late, what was given up, and when each drain was last heard of: asked of the database at each scrape."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = timezone.now()
        yield gauge("sextant_due_late_seconds", "Lateness of the oldest due work", "work", oldest_due(now=now))
        yield gauge("sextant_due_dead", "Due work that was given up and waits for a person", "work", dead_work())
        yield gauge("sextant_drain_age_seconds", "Time since a drain ran to its end", "drain", last_drains(now=now))


def gauge(name: str, words: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


class MetricsMiddleware:
    """Answers /metrics and times everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/metrics" and is_welcome(request):
            return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
        started = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else "none"
        labels = (request.method or "", route, f"{response.status_code // 100}xx")
        REQUESTS.labels(*labels).observe(time.perf_counter() - started)
        return response


def is_welcome(request: HttpRequest) -> bool:
    """Whether the scraper knows the token; whoever does not finds no such page."""
    return secrets.compare_digest(
        request.headers.get("Authorization", "").encode(), f"Bearer {settings.METRICS_TOKEN}".encode()
    )


def exposition() -> bytes:
    requests = CollectorRegistry() if "PROMETHEUS_MULTIPROC_DIR" in os.environ else REGISTRY
    if requests is not REGISTRY:
        MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    due = CollectorRegistry()
    due.register(DueWorkCollector())
    return generate_latest(requests) + generate_latest(due)
