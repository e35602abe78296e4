"""Figures that a person typed in."""

from collections.abc import Mapping, Set
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
from plans.models import Campaign
from teams.access import require
from teams.models import Brand, User
from teams.rules import Permission

Values = Mapping[str, Decimal]
About = Delivery | SocialAccount | Campaign | Brand
KINDS: Mapping[type[About], Subject] = {
    Delivery: Subject.DELIVERY, SocialAccount: Subject.ACCOUNT, Campaign: Subject.CAMPAIGN, Brand: Subject.BRAND,
}  # fmt: skip


class FiguresError(Refusal):
    """Figures that cannot be taken; `field` is the short name of the metric, or "observed_on"."""


@transaction.atomic
def enter_figures(
    *, values: Values, observed_on: date, by: User, now: datetime,
    delivery: Delivery | None = None, account: SocialAccount | None = None, campaign: Campaign | None = None,
    brand: Brand | None = None, source: Source = Source.TYPED,
) -> int:  # fmt: skip
    """Note what the figures of one published delivery, of one account, of a campaign, or of the brand itself were on a
    local day; answers how many.

    Entered again for the same day, a figure is corrected. The goals that count it are judged anew once it is in the
    database. Raises FiguresError for a metric that the network does not give, a value out of its metric's range, a
    day in the future or before publication, and when there is nothing to note.
    """
    subject = _subject(delivery, account, campaign, brand)
    place = _brand_of(subject)
    require(by, Permission.ENTER_FIGURES, place)
    _check_day(observed_on, subject, now)
    checked = _checked(values, subject)
    before = _known(subject, checked, observed_on, source)
    rows = [New(subject_id=subject.pk, metric=slug, observed_on=observed_on, value=it) for slug, it in checked.items()]
    store(brand=place, subject=KINDS[type(subject)], rows=rows, source=source, at=now, by=by)
    _note(subject, before, checked, observed_on, by)
    transaction.on_commit(partial(evaluate_touched, brand=place, now=now), robust=True)
    return len(rows)


def _subject(*given: About | None) -> About:
    named = [one for one in given if one is not None]
    if len(named) != 1:
        raise TypeError("figures are of one delivery, one account, one campaign, or the brand itself")
    subject = named[0]
    if isinstance(subject, Delivery) and subject.state != DeliveryState.PUBLISHED:
        raise FiguresError(_("This has no figures yet: mark it as published first."))
    return subject


def _brand_of(subject: About) -> Brand:
    return subject if isinstance(subject, Brand) else subject.brand


def _check_day(day: date, subject: About, now: datetime) -> None:
    zone = _brand_of(subject).time_zone
    if day > local_day(now, zone):
        raise FiguresError(_("This day is in the future."), field="observed_on")
    if isinstance(subject, Delivery) and subject.published_at and day < local_day(subject.published_at, zone):
        raise FiguresError(_("On that day it was not published yet."), field="observed_on")


def _checked(values: Values, subject: About) -> dict[str, Decimal]:
    catalogue = Catalogue.load()
    own = {metric.slug for metric in catalogue.of_brand()}
    given = own if isinstance(subject, Brand | Campaign) else _given(subject, own, catalogue)
    for slug in values.keys() - given:
        metric = catalogue.metrics.get(slug, slug)
        raise FiguresError(_not_given(subject) % {"metric": metric}, field=slug)
    if not values:
        raise FiguresError(_("Enter at least one figure."))
    return {slug: _check(slug, value, catalogue) for slug, value in values.items()}


def _given(subject: Delivery | SocialAccount, own: Set[str], catalogue: Catalogue) -> Set[str]:
    """What the network gives; of an account also what no network does, such as the leads that came from it."""
    if isinstance(subject, Delivery):
        return catalogue.gives(subject.account.network_id, Subject.DELIVERY)
    return catalogue.gives(subject.network_id, Subject.ACCOUNT) | own


def _not_given(subject: About) -> str:
    if isinstance(subject, Brand | Campaign):
        return _("“%(metric)s” belongs to an account or a post.")
    network = subject.account.network if isinstance(subject, Delivery) else subject.network
    return _("%(network)s does not give “%(metric)s”.").replace("%(network)s", network.name.replace("%", "%%"))


def _check(slug: str, value: Decimal, catalogue: Catalogue) -> Decimal:
    try:
        return check_value(value, range_of(catalogue.metrics[slug]))
    except CellError as error:
        raise FiguresError(explain_value(error, value), field=slug) from None


def _known(subject: About, values: Values, day: date, source: Source) -> dict[str, Decimal]:
    """What the same source said of that day before."""
    whose = dict.fromkeys(("delivery", "account", "campaign")) | {KINDS[type(subject)].value: subject}
    rows = Observation.objects.filter(**whose, metric__in=values, observed_on=day, source=source)
    return dict(rows.values_list("metric_id", "value"))


def _note(subject: About, before: Values, after: Values, day: date, by: User) -> None:
    old, new = changes(before, after)
    if not new:
        return
    part_of, label = None, str(subject)
    if isinstance(subject, Delivery):
        part_of, label = subject.post, f"{subject.post.title} · {subject.account}"
    record(
        by=by, verb="analytics.figures_entered", target=subject, part_of=part_of, brand=_brand_of(subject), label=label,
        before=old, after={**new, "observed_on": day},
    )  # fmt: skip
