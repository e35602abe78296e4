"""Doorways for Celery."""

from celery import shared_task
from django.utils import timezone

from calendar_app.services.zones import drain


@shared_task(name="calendar.follow_zones")
def follow_zones() -> int:
    """Moves what is planned where a brand has changed its zone."""
    return drain(now=timezone.now())
