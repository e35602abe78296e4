"""Fetching figures from the networks: once for each connected account every six hours, or when a person asks.

A pull is a row. Whoever drains claims it, asks the network page by page, and keeps each page's figures together with
the place where paging stands in one transaction, under the lease: killed in between, or run twice at once, the result
is that of one clean run.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from activity.services import record
from analytics.models import Pull, Source
from analytics.queries.figures import Catalogue
from analytics.rules.csv_figures import fold_post
from analytics.services.failures import tell_admins
from analytics.services.goals import evaluate_touched
from analytics.services.store import New, store
from audits.models import Connection, ConnectionState, SocialAccount
from audits.services import postpone_connection, refuse_connection
from calendar_app.models import Delivery
from core.doorbell import ring_after_commit
from core.duework import DueState
from core.errors import Refusal
from core.localtime import local_day
from networks.connectors import (
    AuthRefused,
    Connector,
    ConnectorError,
    Credentials,
    Given,
    Gone,
    NotSecure,
    PostPage,
    RateLimited,
    Rejected,
    for_network,
)
from networks.models import Subject
from teams.access import require
from teams.models import User
from teams.rules import Permission

logger = logging.getLogger(__name__)
EVERY = timedelta(hours=6)
MEASURED_FOR = timedelta(days=90)  # how long after its publication a post is still asked for
EARLY = timedelta(days=1)  # a person may have noted the publication later than the network did
WAIT = timedelta(minutes=5)  # when a network says "too many requests" without saying until when
KEPT_FOR = timedelta(days=30)  # pulls that are done
MOST_PAGES = 100  # of one pull: a server that never comes to an end keeps the other accounts waiting
HOPELESS = (AuthRefused, NotSecure, Gone, Rejected)  # asking again is no use
OPEN = (DueState.WAITING, DueState.CLAIMED)
RUN_PULLS = "analytics.run_pulls"


class PullError(Refusal):
    """Figures cannot be fetched for this account."""


# -- asking for one -------------------------------------------------------------------------------------------------


@transaction.atomic
def request_pull(*, account: SocialAccount, by: User, now: datetime) -> Pull:
    """Ask for the account's figures now; answers the pull that is under way when there is one.

    Raises PullError for an account that is closed, not connected, or whose connection the network refused.
    """
    require(by, Permission.ENTER_FIGURES, account.brand)
    connection = Connection.objects.filter(account=account).first()
    if connection is None:
        raise PullError(_("This account is not connected: its figures are typed in or imported."))
    if connection.state != ConnectionState.WORKING:
        raise PullError(_("The network refused the connection. Connect the account again."))
    if account.closed_at is not None:
        raise PullError(_("This account is closed."))
    start = max(now, connection.not_before or now)
    Pull.objects.bulk_create([_pull(account.pk, start, by)], ignore_conflicts=True)
    pull: Pull = Pull.objects.filter(account=account, state__in=OPEN).latest("pk")
    if pull.asked_by_id == by.pk and pull.created_at == start:
        record(by=by, verb="analytics.pull_requested", target=account, brand=account.brand)
    if start <= now:
        ring_after_commit(RUN_PULLS)
    return pull


def plan_pulls(*, now: datetime) -> int:
    """Write down a pull for each working connection that was not asked for six hours; answers how many.

    Safe to run twice, and by several at once: an account has one open pull at most.
    """
    recent = Pull.objects.filter(account=OuterRef("account")).filter(Q(state__in=OPEN) | Q(created_at__gt=now - EVERY))
    due = Connection.objects.filter(state=ConnectionState.WORKING, account__closed_at__isnull=True)
    due = due.filter(Q(not_before__isnull=True) | Q(not_before__lte=now)).exclude(Exists(recent))
    rows = [_pull(account_id, now) for account_id in due.values_list("account_id", flat=True)]
    Pull.objects.bulk_create(rows, ignore_conflicts=True)
    Pull.objects.exclude(state__in=OPEN).filter(created_at__lt=now - KEPT_FOR).delete()
    return len(rows)


def _pull(account_id: int, at: datetime, by: User | None = None) -> Pull:
    return Pull(account_id=account_id, due_at=at, next_attempt_at=at, created_at=at, asked_by=by)


# -- running them ---------------------------------------------------------------------------------------------------


class LostError(Exception):
    """The lease is not ours any more: somebody else goes on, or the pull was canceled."""


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """Where a pull stands. `before` is where the next page begins; `matched` counts posts whose figures were kept."""

    has_account: bool = False
    before: str | None = None
    pages: int = 0
    matched: int = 0


def run_pulls(*, now: datetime, is_over: Callable[[], bool] = lambda: False) -> int:
    """Fetch what is due, one account after the other, until nothing is left or `is_over`; answers how many pulls.

    Any number of processes may do so at once. A pull that `is_over` interrupts goes back and is continued later.
    """
    Pull.objects.sweep()
    count = 0
    while not is_over() and (claimed := Pull.objects.claim(limit=1)):
        _run_one(claimed[0], now, is_over)
        count += 1
    return count


def _run_one(pull: Pull, now: datetime, is_over: Callable[[], bool]) -> None:
    run = _Run.of(pull, now)
    if run is None:
        Pull.objects.drop(pull, reason="not connected")
        return
    try:
        if run.fetch(is_over):
            Pull.objects.finish(pull)
            evaluate_touched(brand=run.account.brand, now=now)
        else:
            Pull.objects.release([pull])
    except LostError:
        logger.info("pull %s is in other hands", pull.pk)
    except ConnectorError as error:
        _fail(run, error)
    except Exception as error:  # whatever it is, one broken pull must not hold up the others
        logger.exception("pull %s failed", pull.pk)
        Pull.objects.retry(pull, error=type(error).__name__)


@transaction.atomic
def _fail(run: "_Run", error: ConnectorError) -> None:
    """Later again, or never: then the workspace's admins are told."""
    said = f"{type(error).__name__}: {error}"
    if isinstance(error, HOPELESS):
        is_ours = Pull.objects.bury(run.pull, error=said)
    else:
        is_ours = Pull.objects.retry(run.pull, error=said, retry_after=_asked_to_wait(run, error))
    if is_ours and isinstance(error, AuthRefused):
        refuse_connection(connection=run.connection, error=str(error))
    if is_ours and (isinstance(error, HOPELESS) or run.pull.attempts >= Pull.most_attempts):
        tell_admins(pull=run.pull, account=run.account, error=error, now=run.now)


def _asked_to_wait(run: "_Run", error: ConnectorError) -> timedelta | None:
    """How long the network asks us to wait; nothing else asks it for this account meanwhile."""
    if not isinstance(error, RateLimited):
        return None
    wait = error.retry_after or WAIT
    postpone_connection(connection=run.connection, until=run.now + wait)
    return wait


class _Run:
    """One claimed pull, and whom to ask."""

    def __init__(self, pull: Pull, connection: Connection, connector: Connector, now: datetime) -> None:
        self.pull, self.connection, self.connector, self.now = pull, connection, connector, now
        self.account = connection.account
        self.cursor = Cursor(**pull.cursor)
        self.metrics = frozenset(Catalogue.load().metrics)
        self.today = local_day(now, self.account.brand.time_zone)

    @classmethod
    def of(cls, pull: Pull, now: datetime) -> "_Run | None":
        """None when there is nothing to ask any more: disconnected, refused or closed since."""
        rows = Connection.objects.select_related("account__network", "account__brand__workspace")
        connection = rows.filter(account=pull.account_id, state=ConnectionState.WORKING).first()
        if connection is None or connection.account.closed_at is not None:
            return None
        credentials = Credentials(server=connection.server, token=connection.token, remote_id=connection.remote_id)
        try:
            connector = for_network(connection.account.network_id, credentials)
        except LookupError:
            return None
        return cls(pull, connection, connector, now)

    def fetch(self, is_over: Callable[[], bool]) -> bool:
        """From where the cursor stands to the end; False when interrupted. Raises ConnectorError, LostError."""
        if self.connection.not_before and self.connection.not_before > self.now:
            raise RateLimited(self.connection.not_before - self.now)
        if not self.cursor.has_account:
            self._fetch_account()
        deliveries = _Deliveries.of(self.account, self.connector, self.now)
        while deliveries.oldest and (self.cursor.pages == 0 or self.cursor.before) and self.cursor.pages < MOST_PAGES:
            if is_over():
                return False
            self._hold()
            self._keep_page(self.connector.posts(now=self.now, before=self.cursor.before), deliveries)
        return True

    def _hold(self) -> None:
        if not Pull.objects.renew(self.pull):
            raise LostError

    def _fetch_account(self) -> None:
        self._hold()
        answer = self.connector.account_metrics(now=self.now)
        rows = [self._new(self.account.pk, slug, one) for slug, one in answer.figures.items() if isinstance(one, Given)]
        self._keep(Subject.ACCOUNT, rows, replace(self.cursor, has_account=True))

    def _keep_page(self, page: PostPage, deliveries: "_Deliveries") -> None:
        found = [(pk, post) for post in page.posts if (pk := deliveries.find(post.remote_id, post.url))]
        rows = [
            self._new(pk, slug, one)
            for pk, post in found
            for slug, one in post.figures.items()
            if isinstance(one, Given)
        ]
        is_last = not page.posts or (deliveries.oldest and page.posts[-1].published_at < deliveries.oldest)
        cursor = replace(
            self.cursor, before=None if is_last else page.before, pages=self.cursor.pages + 1,
            matched=self.cursor.matched + len(found),
        )  # fmt: skip
        self._keep(Subject.DELIVERY, rows, cursor)

    def _new(self, pk: int, metric: str, figure: Given) -> New:
        return New(subject_id=pk, metric=metric, observed_on=self.today, value=Decimal(figure.value))

    @transaction.atomic
    def _keep(self, subject: Subject, rows: list[New], cursor: Cursor) -> None:
        """The figures and where paging stands, together and only while the pull is ours."""
        self._hold()
        known = [row for row in rows if row.metric in self.metrics]
        store(brand=self.account.brand, subject=subject, rows=known, source=Source.API, at=self.now)
        Pull.objects.filter(pk=self.pull.pk).update(cursor=asdict(cursor))
        self.cursor = cursor


class _Deliveries:
    """The published deliveries of an account whose figures are wanted, found by the network's id or by address."""

    def __init__(self, by_id: dict[str, int], by_address: dict[str, int], oldest: datetime | None) -> None:
        self._by_id, self._by_address, self.oldest = by_id, by_address, oldest

    @classmethod
    def of(cls, account: SocialAccount, connector: Connector, now: datetime) -> "_Deliveries":
        wanted = Delivery.objects.published().filter(account=account, post__deleted_at__isnull=True)
        rows = list(
            wanted.filter(published_at__gt=now - MEASURED_FOR)
            .order_by("published_at")
            .values_list("pk", "remote_id", "permalink", "published_at")
        )
        by_id = {remote_id or connector.post_id(link) or "": pk for pk, remote_id, link, _at in rows}
        by_address = {fold_post(link): pk for pk, _id, link, _at in rows if link}
        oldest = rows[0][3] - EARLY if rows and rows[0][3] else None
        return cls({key: pk for key, pk in by_id.items() if key}, by_address, oldest)

    def find(self, remote_id: str, url: str) -> int | None:
        return self._by_id.get(remote_id) or (self._by_address.get(fold_post(url)) if url else None)
