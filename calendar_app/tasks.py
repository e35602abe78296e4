"""Doorways for Celery."""

from celery import shared_task

from calendar_app.services.zones import drain
from core.duework import database_now


@shared_task(name="calendar.follow_zones")
def follow_zones() -> int:
    """Moves what is planned where a brand has changed its zone."""
    return drain(now=database_now())
