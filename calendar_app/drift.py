"""What calls for a revision of the plan: on an account, a whole month was not the mix that its matrix plans."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Count

from calendar_app.matrix import Matrices, published
from calendar_app.rules.matrix import Row, mix
from core.localtime import local_day, start_of_day
from plans.calls import Cause
from plans.models import CallKind, CallWatch
from plans.rules.facts import Per
from plans.rules.periods import around
from teams.models import Brand


def drifts(watch: CallWatch, now: datetime) -> Iterator[Cause]:
    """For each account the content type that was farthest off in the last whole month of the plan; none where the
    matrix was set later than the month began. One call for each account and month, whatever is marked as published
    afterwards. Two queries; one where there is no matrix, and none before a month is over."""
    brand = watch.brand
    first, last = last_month(local_day(now, brand.time_zone))
    matrices = Matrices.of(brand) if first >= watch.plan.starts_on else None
    if matrices is None or not matrices.is_any:
        return
    month = _Month(brand, first, last)
    names = month.kinds | {pk: kind.name for pk, kind in matrices.kinds.items()}
    for account, found in month.counts.items():
        since = matrices.since(account)
        if since is None or since > start_of_day(first, brand.time_zone):
            continue
        for row in mix(matrices.planned(account), found).drifting[:1]:
            yield _cause(account, row, names[row.kind], month)


def last_month(today: date) -> tuple[date, date]:
    """First and last day of the month that ended last."""
    return around(Per.MONTH, today.replace(day=1) - timedelta(days=1), 0)


class _Month:
    """What was published on each account, and what the accounts and content types are called. One query."""

    def __init__(self, brand: Brand, first: date, last: date) -> None:
        self.name = f"{first:%Y-%m}"
        self.counts: dict[int, dict[int | None, int]] = defaultdict(dict)
        self.accounts: dict[int, str] = {}
        self.kinds: dict[int | None, str] = {}
        columns = ("account", "account__network__name", "account__handle", "post__content_kind")
        rows = published(brand, first, last).order_by().values_list(*columns, "post__content_kind__name")
        for account, network, handle, kind, kind_name, count in rows.annotate(count=Count("pk")):
            self.counts[account][kind] = count
            self.accounts[account], self.kinds[kind] = f"{network} · {handle}", kind_name


def _cause(account: int, row: Row, name: str, month: _Month) -> Cause:
    said = {
        "name": name, "account": month.accounts[account], "actual": row.percent, "planned": row.planned,
        "month": month.name,
    }  # fmt: skip
    return Cause(kind=CallKind.DRIFT, about=f"matrix:{account}", key=f"drift:{account}:{month.name}", proposal=said)
