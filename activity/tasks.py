"""Doorways for Celery: what is due stands in the database."""

from celery import shared_task

from activity import messages
from activity.hooks import log, sending
from core.duework import database_now


@shared_task(name="activity.deliver_messages")
def deliver_messages() -> int:
    """Safe to run twice and in several workers at once."""
    return messages.drain(now=database_now())


@shared_task(name="activity.deliver_hooks")
def deliver_hooks() -> int:
    """Safe to run twice and in several workers at once: one of them works, the others end."""
    return sending.drain(now=database_now())


@shared_task(name="activity.forget_attempts")
def forget_attempts() -> int:
    """Once a day is enough; twice is once."""
    return log.forget(now=database_now())
