"""Doorways for Celery."""

from celery import shared_task

from core.duework import database_now
from plans.services.asking import ask_owners as ask


@shared_task(name="plans.ask_owners")
def ask_owners() -> int:
    """Asks for check-ins and for next goals where they are due."""
    return ask(now=database_now())
