"""Prometheus reads how long requests take and what is late, if the operator wants it and it knows the token."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from core.metrics import MetricsMiddleware
from tests import make

pytestmark = pytest.mark.django_db
TOKEN = "scrape-me-if-you-can"


@pytest.fixture
def metered(settings: Any) -> Client:
    settings.METRICS_TOKEN = TOKEN
    settings.MIDDLEWARE = [f"{MetricsMiddleware.__module__}.{MetricsMiddleware.__name__}", *settings.MIDDLEWARE]
    return Client()


def scraped(client: Client) -> dict[tuple[str, str], float]:
    """The samples by name and first label."""
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_metrics_tell_what_is_late_and_what_is_dead(metered: Client) -> None:
    make.message(due_at=timezone.now() - timedelta(minutes=5))
    make.message(state="dead")

    found = scraped(metered)

    assert 295 < found["sextant_due_late_seconds", "activity.message"] < 400
    assert found["sextant_due_dead", "activity.message"] == 1
    assert found["sextant_due_late_seconds", "analytics.pull"] == 0


def test_metrics_count_requests_by_route(metered: Client) -> None:
    metered.get("/me/login/")

    found = scraped(metered)

    assert found["sextant_request_seconds_count", "GET"] >= 1


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": f"Basic {TOKEN}"}])
def test_without_the_token_there_is_no_such_page(metered: Client, headers: dict[str, str]) -> None:
    assert metered.get("/metrics", headers=headers).status_code in (302, 404)


def test_without_the_setting_there_are_no_metrics(client: Client) -> None:
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code in (302, 404)
