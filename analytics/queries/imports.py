"""A CSV file of figures as it would be taken in: what is new, what changes, what is wrong."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.models import CsvDraft, DailyFigure, Observation
from analytics.queries.figures import Catalogue
from analytics.ranges import range_of
from analytics.rules import csv_figures as rules
from analytics.rules.csv_figures import Catalog, Entry, Key, KnownPost, Problem, Sheet
from audits.models import SocialAccount
from calendar_app.models import Delivery
from core.localtime import local_day
from networks.models import Metric
from plans.models import Campaign
from teams.models import Brand

SHOWN_LINES = 200
SHOWN_PROBLEMS = 100
PLACE_LABELS: dict[str, str | Promise] = {
    rules.DATE: gettext_lazy("date"),
    rules.NETWORK: gettext_lazy("network"),
    rules.ACCOUNT: gettext_lazy("account"),
    rules.POST: gettext_lazy("post"),
}
COLUMN_LABELS = PLACE_LABELS | {rules.CAMPAIGN: gettext_lazy("campaign")}
OTHER_NAMES = {"post url": rules.POST, "permalink": rules.POST, "url": rules.POST, "handle": rules.ACCOUNT}


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """What a file says in this brand: nothing of it may be taken in while there are problems."""

    entries: Sequence[Entry]
    problems: Sequence[Problem]
    row_count: int


def parse(brand: Brand, text: str, *, day_first: bool, now: datetime) -> Parsed:
    """Read a file and look up what it is about. A constant number of queries."""
    catalogue = Catalogue.load()
    ranges = {slug: range_of(metric) for slug, metric in catalogue.metrics.items()}
    sheet = rules.read(text, columns=_columns(catalogue), ranges=ranges, day_first=day_first)
    entries, problems = rules.resolve(sheet, _catalog(brand, sheet, catalogue), today=local_day(now, brand.time_zone))
    together = sorted([*sheet.problems, *problems], key=lambda problem: problem.row or 0)
    return Parsed(entries=entries, problems=together, row_count=len(sheet.rows))


def _columns(catalogue: Catalogue) -> dict[str, str]:
    """Every way to head a column: short names, and the labels in each language of the interface."""
    columns = dict(OTHER_NAMES)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            columns |= {rules.fold(str(label)): name for name, label in COLUMN_LABELS.items()}
            columns |= {rules.fold(str(metric.label)): slug for slug, metric in catalogue.metrics.items()}
    return columns | {rules.fold(name): name for name in (*COLUMN_LABELS, *catalogue.metrics)}


def _catalog(brand: Brand, sheet: Sheet, catalogue: Catalogue) -> Catalog:
    accounts = list(SocialAccount.objects.for_brand(brand).select_related("network"))
    networks = {rules.fold(name): one.network_id for one in accounts for name in (one.network_id, one.network.name)}
    return Catalog(
        networks=networks,
        accounts={(one.network_id, rules.fold_handle(one.handle)): one.pk for one in accounts},
        posts=_posts(brand, {rules.fold_post(row.post) for row in sheet.rows if row.post}),
        given=catalogue.given,
        campaigns={rules.fold(one.name): one.pk for one in Campaign.objects.for_brand(brand)},
        own=frozenset(metric.slug for metric in catalogue.of_brand()),
    )


def _posts(brand: Brand, named: Collection[str]) -> dict[str, KnownPost]:
    """The deliveries that the file names, by number or address."""
    if not named:
        return {}
    posts: dict[str, KnownPost] = {}
    rows = Delivery.objects.for_brand(brand).order_by().values_list("pk", "account_id", "published_at", "permalink")
    for pk, account_id, at, permalink in rows.iterator():
        day = local_day(at, brand.time_zone) if at else None
        known = KnownPost(id=pk, account_id=account_id, published_on=day)
        posts |= {name: known for name in (str(pk), rules.fold_post(permalink)) if name in named}
    return posts


# -- the preview ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One figure of a line. `before` is what is known of that day so far, None for nothing."""

    metric: Metric
    value: Decimal
    before: Decimal | None

    @property
    def state(self) -> str:
        if self.before is None:
            return "new"
        return "same" if self.before == self.value else "changed"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the file as it would be taken in."""

    row: int
    day: date
    account: SocialAccount | None  # none: the campaign or the brand itself
    title: str
    cells: Sequence[Cell]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What taking the file in would do."""

    draft: CsvDraft
    row_count: int = 0
    lines: Sequence[Line] = ()
    problems: Sequence[Problem] = ()
    counts: dict[str, int] = field(default_factory=dict)  # figures that are new, changed, same

    @property
    def is_good(self) -> bool:
        return not self.problems and bool(self.lines)

    @property
    def more_problems(self) -> int:
        return max(0, len(self.problems) - SHOWN_PROBLEMS)

    @property
    def more_lines(self) -> int:
        return max(0, self.row_count - len(self.lines))


def preview(draft: CsvDraft, *, now: datetime) -> Preview:
    """What the file would do if it were taken in now."""
    parsed = parse(draft.brand, draft.text, day_first=draft.day_first, now=now)
    if parsed.problems:
        return Preview(draft=draft, row_count=parsed.row_count, problems=parsed.problems)
    known = _known(draft.brand, parsed.entries)
    cells = [(entry, known.get(entry.key)) for entry in parsed.entries]
    counts = {"new": 0, "changed": 0, "same": 0}
    for entry, before in cells:
        counts["new" if before is None else "same" if before == entry.value else "changed"] += 1
    lines = list(_lines(draft.brand, parsed.entries, known))
    return Preview(draft=draft, row_count=parsed.row_count, lines=lines, counts=counts)


def _known(brand: Brand, entries: Sequence[Entry]) -> dict[Key, Decimal]:
    """What is known of the same days, from whatever source said so last."""
    known: dict[Key, Decimal] = {}
    days = {entry.day for entry in entries}
    for model, name in ((DailyFigure, "account_id"), (Observation, "delivery_id"), (DailyFigure, "campaign_id")):
        ids = {getattr(entry, name) for entry in entries} - {None}
        if ids:
            _learn(known, model.objects.filter(**{f"{name}__in": ids}, observed_on__in=days))
    if any(entry.is_of_brand for entry in entries):
        own = DailyFigure.objects.filter(brand=brand, account=None, campaign=None, observed_on__in=days)
        _learn(known, own)
    return known


def _learn(known: dict[Key, Decimal], rows: QuerySet[Any]) -> None:
    for row in rows.order_by("fetched_at", "pk"):
        delivery_id = getattr(row, "delivery_id", None)
        known[row.account_id, delivery_id, row.campaign_id, row.metric_id, row.observed_on] = row.value


def _lines(brand: Brand, entries: Sequence[Entry], known: dict[Key, Decimal]) -> Iterator[Line]:
    grouped = [(row, list(group)) for row, group in groupby(entries, attrgetter("row"))][:SHOWN_LINES]
    shown = [group[0] for _row, group in grouped]
    accounts = _by_id(
        SocialAccount.objects.for_brand(brand).select_related("network"), {one.account_id for one in shown}
    )
    posts = Delivery.objects.for_brand(brand).select_related("account__network", "post")
    deliveries = _by_id(posts, {one.delivery_id for one in shown})
    metrics = Metric.objects.in_bulk()
    campaigns = _by_id(Campaign.objects.for_brand(brand), {one.campaign_id for one in shown})
    for row, group in grouped:
        delivery = deliveries.get(group[0].delivery_id)
        account = delivery.account if delivery else accounts.get(group[0].account_id)
        cells = [Cell(metric=metrics[one.metric], value=one.value, before=known.get(one.key)) for one in group]
        title = _title(delivery, account, campaigns.get(group[0].campaign_id))
        yield Line(row=row, day=group[0].day, account=account, title=title, cells=cells)


def _title(delivery: Delivery | None, account: SocialAccount | None, campaign: Campaign | None) -> str:
    if delivery is not None:
        return delivery.post.title
    if account is not None:
        return _("the account itself")
    return campaign.name if campaign else _("the brand itself")


def _by_id(rows: Any, ids: Iterable[int | None]) -> dict[int | None, Any]:
    return {row.pk: row for row in rows.filter(pk__in=[pk for pk in ids if pk])}
