"""A doorway for Celery: what is due stands in the database. It may run twice, and in several workers at once."""

from celery import shared_task

from core.duework import database_now
from plans import pdfs


@shared_task(name="plans.make_pdfs")
def make_pdfs() -> int:
    return pdfs.drain(now=database_now())
