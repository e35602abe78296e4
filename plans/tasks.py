"""Doorways for Celery: who is to be asked, what calls for a revision and what is to be typeset stand in rows."""

from celery import shared_task

from core.duework import database_now
from plans import pdfs, services


@shared_task(name="plans.ask_owners")
def ask_owners() -> int:
    """Asks for check-ins and for next goals where they are due."""
    return services.ask_owners(now=database_now())


@shared_task(name="plans.raise_calls")
def raise_calls() -> int:
    """Safe to run twice and in several workers at once."""
    return services.raise_calls(now=database_now())


@shared_task(name="plans.make_pdfs")
def make_pdfs() -> int:
    """Safe to run twice and in several workers at once."""
    return pdfs.drain(now=database_now())
