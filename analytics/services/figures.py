"""Figures that a person typed in."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from activity.services import changes, record
from analytics.csv_words import explain_value
from analytics.models import Observation, Source
from analytics.queries.figures import Catalogue
from analytics.ranges import range_of
from analytics.rules.cells import CellError, check_value
from analytics.services.goals import evaluate_touched
from analytics.services.store import New, store
from audits.models import SocialAccount
from calendar_app.models import Delivery, DeliveryState
from core.errors import Refusal
from core.localtime import local_day
from networks.models import Subject
from teams.access import require
from teams.models import User
from teams.rules import Permission

Values = Mapping[str, Decimal]


class FiguresError(Refusal):
    """Figures that cannot be taken; `field` is the short name of the metric, or "observed_on"."""


@transaction.atomic
def enter_figures(
    *, values: Values, observed_on: date, by: User, now: datetime,
    delivery: Delivery | None = None, account: SocialAccount | None = None, source: Source = Source.TYPED,
) -> int:  # fmt: skip
    """Note what the figures of one published delivery, or of one account, were on a local day; answers how many.

    Entered again for the same day, a figure is corrected. The brand's goals are judged anew once it is in the
    database. Raises FiguresError for a metric that the network does not give, a value out of its metric's range, a
    day in the future or before publication, and when there is nothing to note.
    """
    subject = _subject(delivery, account)
    require(by, Permission.ENTER_FIGURES, subject.brand)
    _check_day(observed_on, subject, now)
    checked = _checked(values, subject)
    before = _known(subject, checked, observed_on, source)
    kind = Subject.DELIVERY if isinstance(subject, Delivery) else Subject.ACCOUNT
    rows = [New(subject_id=subject.pk, metric=slug, observed_on=observed_on, value=it) for slug, it in checked.items()]
    store(brand=subject.brand, subject=kind, rows=rows, source=source, at=now, by=by)
    _note(subject, before, checked, observed_on, by)
    transaction.on_commit(partial(evaluate_touched, brand=subject.brand, now=now), robust=True)
    return len(rows)


def _subject(delivery: Delivery | None, account: SocialAccount | None) -> Delivery | SocialAccount:
    if (delivery is None) == (account is None):
        raise TypeError("figures are of one delivery or of one account")
    if account is not None:
        return account
    assert delivery is not None
    if delivery.state != DeliveryState.PUBLISHED:
        raise FiguresError(_("This has no figures yet: mark it as published first."))
    return delivery


def _check_day(day: date, subject: Delivery | SocialAccount, now: datetime) -> None:
    zone = subject.brand.time_zone
    if day > local_day(now, zone):
        raise FiguresError(_("This day is in the future."), field="observed_on")
    if isinstance(subject, Delivery) and subject.published_at and day < local_day(subject.published_at, zone):
        raise FiguresError(_("On that day it was not published yet."), field="observed_on")


def _checked(values: Values, subject: Delivery | SocialAccount) -> dict[str, Decimal]:
    is_delivery = isinstance(subject, Delivery)
    network = subject.account.network if isinstance(subject, Delivery) else subject.network
    catalogue = Catalogue.load()
    given = catalogue.gives(network.pk, Subject.DELIVERY if is_delivery else Subject.ACCOUNT)
    for slug in values.keys() - given:
        named = {"network": network.name, "metric": catalogue.metrics.get(slug, slug)}
        raise FiguresError(_("%(network)s does not give “%(metric)s”.") % named, field=slug)
    if not values:
        raise FiguresError(_("Enter at least one figure."))
    return {slug: _check(slug, value, catalogue) for slug, value in values.items()}


def _check(slug: str, value: Decimal, catalogue: Catalogue) -> Decimal:
    try:
        return check_value(value, range_of(catalogue.metrics[slug]))
    except CellError as error:
        raise FiguresError(explain_value(error, value), field=slug) from None


def _known(subject: Delivery | SocialAccount, values: Values, day: date, source: Source) -> dict[str, Decimal]:
    """What the same source said of that day before."""
    whose = {"delivery": subject} if isinstance(subject, Delivery) else {"account": subject}
    rows = Observation.objects.filter(**whose, metric__in=values, observed_on=day, source=source)
    return dict(rows.values_list("metric_id", "value"))


def _note(subject: Delivery | SocialAccount, before: Values, after: Values, day: date, by: User) -> None:
    old, new = changes(before, after)
    if not new:
        return
    part_of, label = None, str(subject)
    if isinstance(subject, Delivery):
        part_of, label = subject.post, f"{subject.post.title} · {subject.account}"
    record(
        by=by, verb="analytics.figures_entered", target=subject, part_of=part_of, brand=subject.brand, label=label,
        before=old, after={**new, "observed_on": day},
    )  # fmt: skip
