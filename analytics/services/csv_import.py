"""Figures from a CSV file: kept when uploaded, taken in whole when the person has seen what it would do."""

from datetime import datetime
from functools import partial
from pathlib import PurePath

from django.db import transaction
from django.utils.translation import gettext as _

from activity.services import record
from analytics.csv_words import explain
from analytics.models import DRAFT_LIFE, CsvDraft, CsvImport, Source
from analytics.queries.imports import Parsed, parse
from analytics.rules.cells import Trouble
from analytics.rules.csv_figures import MOST_BYTES, Entry, Problem
from analytics.services.goals import evaluate_touched
from analytics.services.store import New, store
from core import sheets
from core.errors import Refusal
from networks.models import Subject
from teams.access import require
from teams.models import Brand, User
from teams.rules import Permission


class CsvError(Refusal):
    """A file that cannot be taken."""


@transaction.atomic
def upload_figures(
    *, brand: Brand, filename: str, content: bytes, day_first: bool, by: User, now: datetime
) -> CsvDraft:
    """Keep a file until the person has seen what it would do; it replaces their former one. Nothing is taken in yet.

    Raises CsvError for a file that is too large or not UTF-8. What is wrong inside it the preview tells.
    """
    require(by, Permission.ENTER_FIGURES, brand)
    if len(content) > MOST_BYTES:
        raise CsvError(_("This file is larger than 2 MB. Split it."), field="file")
    try:
        text = sheets.decode(content)
    except ValueError:
        raise CsvError(explain(Problem(trouble=Trouble.ENCODING)), field="file") from None
    CsvDraft.objects.filter(brand=brand, by=by).delete()
    name = PurePath(filename.replace("\\", "/")).name[:200] or "figures.csv"
    return CsvDraft.objects.create(brand=brand, by=by, filename=name, text=text, day_first=day_first, uploaded_at=now)


@transaction.atomic
def import_csv(*, draft: CsvDraft, by: User, now: datetime) -> CsvImport:
    """Take in a file, whole or not at all. The brand's goals are judged anew once it is in the database.

    Raises CsvError when anything in it is wrong (accounts and posts may have changed since the preview), when it is
    another person's, and when it was taken in or replaced already.
    """
    brand = draft.brand
    require(by, Permission.ENTER_FIGURES, brand)
    kept = CsvDraft.objects.select_for_update().filter(pk=draft.pk, by=by).first()
    if kept is None:
        raise CsvError(_("This file was taken in already, or replaced by another. Upload it again."))
    parsed = parse(brand, kept.text, day_first=kept.day_first, now=now)
    if parsed.problems or not parsed.entries:
        raise CsvError(_("Something in this file does not fit any more. Nothing was taken in."))
    return _take_in(kept, parsed, by, now)


def _take_in(draft: CsvDraft, parsed: Parsed, by: User, now: datetime) -> CsvImport:
    brand = draft.brand
    whole = CsvImport.objects.create(
        brand=brand,
        by=by,
        filename=draft.filename,
        row_count=parsed.row_count,
        figure_count=len(parsed.entries),
        at=now,
    )
    for subject in Subject:
        rows = [_new(entry, subject, brand) for entry in parsed.entries if _subject(entry) is subject]
        store(brand=brand, subject=subject, rows=rows, source=Source.CSV, at=now, by=by, csv_import=whole)
    draft.delete()
    record(
        by=by, verb="analytics.figures_imported", target=whole, brand=brand, label=whole.filename,
        after={"row_count": whole.row_count, "figure_count": whole.figure_count},
    )  # fmt: skip
    transaction.on_commit(partial(evaluate_touched, brand=brand, now=now), robust=True)
    return whole


def _subject(entry: Entry) -> Subject:
    if entry.is_of_brand:
        return Subject.BRAND
    if entry.campaign_id is not None:
        return Subject.CAMPAIGN
    return Subject.ACCOUNT if entry.delivery_id is None else Subject.DELIVERY


def _new(entry: Entry, subject: Subject, brand: Brand) -> New:
    pk = {
        Subject.ACCOUNT: entry.account_id, Subject.DELIVERY: entry.delivery_id, Subject.CAMPAIGN: entry.campaign_id,
        Subject.BRAND: brand.pk,
    }[subject]  # fmt: skip
    assert pk is not None
    return New(subject_id=pk, metric=entry.metric, observed_on=entry.day, value=entry.value)


def discard_draft(*, draft: CsvDraft, by: User) -> None:
    """Forget a file that was not taken in. Only its owner can: another person's is left alone."""
    CsvDraft.objects.filter(pk=draft.pk, by=by).delete()


def forget_old_drafts(*, now: datetime) -> int:
    """Files that nobody came back to."""
    return CsvDraft.objects.filter(uploaded_at__lt=now - DRAFT_LIFE).delete()[0]
