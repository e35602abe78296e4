"""Figures as CSV for a spreadsheet: the results of a period, and the template to fill in."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.formats import localize
from django.utils.translation import gettext as _

from analytics.queries import results as queries
from analytics.queries.figures import Catalogue, Figure
from analytics.queries.imports import PLACE_LABELS
from analytics.queries.results import Period
from audits.models import SocialAccount
from calendar_app.models import Delivery
from core.localtime import local_day
from core.sheets import write
from networks.models import Metric, Subject
from teams.models import Brand

DASH = "–"  # the network gives no such figure
MOST = 20_000  # posts in one file
TEMPLATE_DAYS = 30  # posts of that time are in the template


def delimiter(language: str | None) -> str:
    """What spreadsheets expect in that language: where the comma is decimal, the semicolon separates."""
    return "," if (language or "en").startswith("en") else ";"


def results_csv(brand: Brand, period: Period, *, language: str | None) -> str:
    """One line for each published post of the period. Empty is "not yet", a dash "not available"."""
    catalogue = Catalogue.load()
    deliveries = list(queries.published(brand, period).order_by("published_at", "pk")[:MOST])
    metrics = catalogue.given_anywhere((row.account.network_id for row in deliveries), Subject.DELIVERY)
    rows = queries.post_rows(deliveries, catalogue, metrics)
    head = [_("published on"), *map(str, PLACE_LABELS.values()), _("title"), *_names(metrics), _("newest figure (UTC)")]
    del head[1]
    lines = [[*_place(row.delivery, brand), *map(_cell, row.figures), _newest(row)] for row in rows]
    return write([head, *lines], delimiter=delimiter(language))


def _names(metrics: Sequence[Metric]) -> list[str]:
    return [str(metric.label) for metric in metrics]


def _place(delivery: Delivery, brand: Brand) -> list[object]:
    assert delivery.published_at is not None
    day = local_day(delivery.published_at, brand.time_zone)
    account = delivery.account
    return [day, account.network_id, account.handle, delivery.permalink or delivery.pk, delivery.post.title]


def _cell(figure: Figure) -> object:
    if figure.value is None:
        return "" if figure.is_given else DASH
    whole = figure.value == figure.value.to_integral_value()
    return int(figure.value) if whole else localize(figure.value.normalize(), use_l10n=True)


def _newest(row: queries.PostRow) -> str:
    return f"{row.fresh.at:%Y-%m-%d %H:%M}" if row.fresh else ""


# -- the template -----------------------------------------------------------------------------------------------------


def template_csv(brand: Brand, *, today: date, language: str | None) -> str:
    """A file to fill in: a line for each account and each post of the last 30 days, dashes where nothing is given."""
    catalogue = Catalogue.load()
    accounts = list(SocialAccount.objects.for_brand(brand).open().select_related("network"))
    networks = [account.network_id for account in accounts]
    metrics = catalogue.in_order(
        metric.slug
        for subject in (Subject.ACCOUNT, Subject.DELIVERY)
        for metric in catalogue.given_anywhere(networks, subject)
    )
    head = [*map(str, PLACE_LABELS.values()), *_names(metrics)]
    lines = _template_lines(brand, accounts, metrics, catalogue, today)
    return write([head, *lines], delimiter=delimiter(language))


def _template_lines(
    brand: Brand, accounts: Sequence[SocialAccount], metrics: Sequence[Metric], catalogue: Catalogue, today: date
) -> Iterator[list[object]]:
    for account in accounts:
        given = catalogue.gives(account.network_id, Subject.ACCOUNT)
        yield [today, account.network_id, account.handle, "", *_blanks(metrics, given)]
    period = queries.last_days(today, TEMPLATE_DAYS)
    for delivery in queries.published(brand, period).order_by("-published_at", "pk")[:MOST]:
        given = catalogue.gives(delivery.account.network_id, Subject.DELIVERY)
        _day, network, handle, post, _title = _place(delivery, brand)
        yield [today, network, handle, post, *_blanks(metrics, given)]


def _blanks(metrics: Sequence[Metric], given: frozenset[str]) -> list[str]:
    return ["" if metric.slug in given else DASH for metric in metrics]
