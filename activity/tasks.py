"""Doorways for Celery: what is due stands in the database."""

from celery import shared_task

from activity import messages
from core.duework import database_now


@shared_task(name="activity.deliver_messages")
def deliver_messages() -> int:
    """Safe to run twice and in several workers at once."""
    return messages.drain(now=database_now())
