"""Doorways for Celery: what is due stands in the database."""

from celery import shared_task
from django.utils import timezone

from activity import messages


@shared_task(name="activity.deliver_messages")
def deliver_messages() -> int:
    """Safe to run twice and in several workers at once."""
    return messages.drain(now=timezone.now())
