"""Doorways for Celery: what is due stands in the database. Each may run twice, and in several workers at once."""

from celery import shared_task

from analytics import pulls, services
from core.duework import database_now


@shared_task(name="analytics.run_pulls")
def run_pulls() -> int:
    return pulls.drain(now=database_now())


@shared_task(name="analytics.plan_pulls")
def plan_pulls() -> int:
    services.forget_old_drafts(now=database_now())
    return services.plan_pulls(now=database_now())


@shared_task(name="analytics.evaluate_goals")
def evaluate_goals() -> int:
    return services.evaluate_stale_goals(now=database_now())
