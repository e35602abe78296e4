"""Doorways for Celery: what calls for a revision stands in the history."""

from celery import shared_task

from core.duework import database_now
from plans import calling


@shared_task(name="plans.raise_calls")
def raise_calls() -> int:
    """Safe to run twice and in several workers at once."""
    return calling.drain(now=database_now())
