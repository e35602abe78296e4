"""Doorways for Celery: what is due stands in the database. Each may run twice, and in several workers at once."""

from celery import shared_task
from django.utils import timezone

from analytics import pulls, services


@shared_task(name="analytics.run_pulls")
def run_pulls() -> int:
    return pulls.drain(now=timezone.now())


@shared_task(name="analytics.plan_pulls")
def plan_pulls() -> int:
    services.forget_old_drafts(now=timezone.now())
    return services.plan_pulls(now=timezone.now())


@shared_task(name="analytics.evaluate_goals")
def evaluate_goals() -> int:
    return services.evaluate_goals(now=timezone.now())
