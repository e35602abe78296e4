"""One delivery or one account with everything that is known of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import QuerySet
from django.utils.functional import Promise

from analytics.models import DailyFigure, Observation, Pull, Source
from analytics.queries.figures import Catalogue, Figure, latest
from audits.models import SocialAccount
from calendar_app.models import Delivery
from core.duework import DueState
from networks import connectors
from networks.models import Metric, Subject
from teams.models import Brand, User

HISTORY = 300  # observations at most


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What one source said of one day."""

    day: date
    source: str | Promise
    fetched_at: datetime
    by: User | None
    figures: Sequence[tuple[Metric, Observation | DailyFigure]]


@dataclass(frozen=True, kw_only=True)
class SubjectFigures:
    """`figures` are those that the network gives (or that are known all the same), `not_given` the names of others."""

    figures: Sequence[Figure]
    not_given: Sequence[Metric]
    given: Sequence[Metric]
    noted: Sequence[Noted]


def of_delivery(delivery: Delivery, catalogue: Catalogue) -> SubjectFigures:
    """Two queries."""
    rows = Observation.objects.filter(delivery=delivery)
    return _subject(rows, Subject.DELIVERY, delivery.pk, delivery.account.network_id, catalogue)


def of_account(account: SocialAccount, catalogue: Catalogue) -> SubjectFigures:
    """Two queries."""
    rows = Observation.objects.filter(account=account)
    return _subject(rows, Subject.ACCOUNT, account.pk, account.network_id, catalogue)


def _subject(
    rows: QuerySet[Observation], subject: Subject, pk: int, network: str, catalogue: Catalogue
) -> SubjectFigures:
    everywhere = catalogue.given_anywhere((name for name, about in catalogue.given if about == subject), subject)
    newest = latest(subject, [pk], catalogue.metrics)[pk]
    metrics = catalogue.in_order({*(metric.slug for metric in everywhere), *newest})
    figures = catalogue.figures(metrics, network, subject, newest)
    return SubjectFigures(
        figures=[figure for figure in figures if figure.is_given],
        not_given=[figure.metric for figure in figures if not figure.is_given],
        given=catalogue.in_order(catalogue.gives(network, subject)),
        noted=list(_noted(rows, catalogue)),
    )


def _noted(rows: QuerySet[Observation], catalogue: Catalogue) -> Iterable[Noted]:
    """By day and source, newest first."""
    ordered = rows.select_related("entered_by").order_by("-observed_on", "-fetched_at", "source", "metric")[:HISTORY]
    for _key, group in groupby(ordered, key=lambda row: (row.observed_on, row.source)):
        yield _one(list(group), catalogue)


def _one(rows: Sequence[Observation | DailyFigure], catalogue: Catalogue) -> Noted:
    """Figures of one day from one source."""
    listed = sorted(rows, key=lambda row: catalogue.metrics[row.metric_id].position)
    newest = max(listed, key=lambda row: row.fetched_at)
    return Noted(
        day=newest.observed_on, source=Source(newest.source).label, fetched_at=newest.fetched_at, by=newest.entered_by,
        figures=[(catalogue.metrics[row.metric_id], row) for row in listed],
    )  # fmt: skip


# -- what no network gives --------------------------------------------------------------------------------------------

OWN_LINES = 60


@dataclass(frozen=True, kw_only=True)
class OwnNoted:
    """What one source said of one day: of the brand itself, of a campaign, or of an account."""

    about: str  # empty: the brand itself
    noted: Noted


def of_brand(brand: Brand, catalogue: Catalogue) -> list[OwnNoted]:
    """The latest days on which anything was noted that no network gives, newest first. One query."""
    rows = DailyFigure.objects.filter(brand=brand, metric__in=catalogue.of_brand())
    rows = rows.select_related("entered_by", "campaign", "account__network")
    ordered = rows.order_by("-observed_on", "campaign_id", "account_id", "source", "metric_id")[:HISTORY]

    def key(row: DailyFigure) -> tuple[object, ...]:
        return row.observed_on, row.campaign_id, row.account_id, row.source

    grouped = [list(group) for _key, group in groupby(ordered, key=key)][:OWN_LINES]
    return [
        OwnNoted(about=str(group[0].campaign or group[0].account or ""), noted=_one(group, catalogue))
        for group in grouped
    ]


# -- pulls ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PullState:
    """How the newest pull of an account stands."""

    pull: Pull

    @property
    def is_open(self) -> bool:
        return self.pull.state in (DueState.WAITING, DueState.CLAIMED)

    @property
    def is_trying_again(self) -> bool:
        return self.pull.state == DueState.WAITING and self.pull.attempts > 0 and bool(self.pull.last_error)

    @property
    def posts(self) -> int:
        return int(self.pull.cursor.get("matched", 0))

    @property
    def reason(self) -> str | Promise:
        """Why it did not work, in words: the row keeps the name of what went wrong."""
        name, _colon, said = self.pull.last_error.partition(":")
        kind = getattr(connectors, name, None)
        if isinstance(kind, type) and issubclass(kind, connectors.ConnectorError):
            return said.strip() if kind is connectors.Rejected else kind.message
        return connectors.ConnectorError.message


def newest_pull(account: SocialAccount) -> PullState | None:
    pull = Pull.objects.filter(account=account).exclude(state=DueState.CANCELED).order_by("-created_at", "-pk").first()
    return PullState(pull=pull) if pull else None
