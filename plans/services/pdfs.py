"""PDFs of the plan: asked for by a person or through a shared link, made in the background, kept for a day.

A PDF is a row. Whoever drains claims it, notes how far it has come step by step under the lease, and keeps the file
with the mark "done" in one statement: killed in between, or run twice at once, there is one file in the end.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation

from core.doorbell import ring_after_commit
from core.duework import DueState
from plans.document import compose
from plans.editions import Edition, numbered
from plans.models import Plan, PlanPdf
from plans.services.places import locked
from plans.typesetting import typeset
from teams.access import require
from teams.models import User
from teams.rules import Permission

logger = logging.getLogger(__name__)
MAKE_PDFS = "plans.make_pdfs"
AGAIN = timedelta(minutes=5)  # in which the same is not made twice
KEPT_FOR = timedelta(days=1)
WRITTEN = 80  # percent, once all six steps are; the rest is for the press
OPEN = (DueState.WAITING, DueState.CLAIMED)


class LostError(Exception):
    """The lease is not ours any more: somebody else goes on."""


@transaction.atomic
def ask_pdf(*, plan: Plan, edition: Edition, language: str, paper: str, by: User | None, now: datetime) -> PlanPdf:
    """Ask for the edition as a PDF; answers the one that was asked for in the last minutes when it says the same.

    Without a person it is for whoever has a shared link, which the caller has looked at.
    """
    if by is not None:
        require(by, Permission.READ, plan.brand)
    wanted = {
        "plan": plan, "revision_number": edition.number, "language": language, "paper": paper,
        "digest": digest_of(edition),
    }  # fmt: skip
    brand = locked(plan.brand)
    fresh = PlanPdf.objects.filter(created_at__gt=now - AGAIN, state__in=(*OPEN, DueState.DONE), **wanted)
    pdf: PlanPdf | None = fresh.order_by("-created_at").first()
    if pdf is None:
        times = {"due_at": now, "next_attempt_at": now, "created_at": now}
        pdf = PlanPdf.objects.create(brand=brand, asked_by=by, **wanted, **times)
        ring_after_commit(MAKE_PDFS)
    return pdf


def retry_pdf(*, pdf: PlanPdf, by: User) -> None:
    """Try one that was given up once more."""
    require(by, Permission.READ, pdf.brand)
    if PlanPdf.objects.filter(pk=pdf.pk).revive():
        ring_after_commit(MAKE_PDFS)


def digest_of(edition: Edition) -> str:
    return hashlib.sha256(json.dumps(edition.content, sort_keys=True).encode()).hexdigest()


def make_pdfs(*, now: datetime, is_over: Callable[[], bool] = lambda: False) -> int:
    """Make what is due, one after the other; answers how many. Deletes what is older than a day."""
    PlanPdf.objects.sweep()
    PlanPdf.objects.exclude(state__in=OPEN).filter(created_at__lt=now - KEPT_FOR).delete()
    count = 0
    while not is_over() and (claimed := PlanPdf.objects.claim(limit=1)):
        _make(PlanPdf.objects.select_related("plan__brand__workspace").get(pk=claimed[0].pk), now)
        count += 1
    return count


def _make(pdf: PlanPdf, now: datetime) -> None:
    try:
        PlanPdf.objects.finish(pdf, content=_file(pdf, now), progress=100)
    except LostError:
        logger.info("PDF %s is in other hands", pdf.pk)
    except Exception as error:  # whatever it is, one that cannot be made must not hold up the others
        logger.exception("PDF %s failed", pdf.pk)
        PlanPdf.objects.retry(pdf, error=f"{type(error).__name__}: {error}")


def _file(pdf: PlanPdf, now: datetime) -> bytes:
    def hear(number: int) -> None:
        if not PlanPdf.objects.reach(pdf, number * WRITTEN // 6):
            raise LostError

    with translation.override(pdf.language), timezone.override(pdf.plan.brand.time_zone):
        document = compose(pdf.plan, numbered(pdf.plan, pdf.revision_number), now=now, on_part=hear)
        return typeset(document, paper=pdf.paper)


def forget(*, user: User, names: Collection[str], workspaces: Collection[int]) -> None:  # noqa: ARG001 -- as all that forget
    """PDFs name who answers for what: they are made anew in a moment, without the person."""
    PlanPdf.objects.filter(brand__workspace__in=workspaces).delete()
