"""What came of it in the time of a plan, month by month: what step 6 adds to the plan document."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analytics.queries.figures import FOLLOWERS, Series, account_series
from analytics.queries.results import USUAL_METRICS
from audits.models import SocialAccount
from calendar_app.models import Delivery
from core.charts import Chart
from core.charts import Series as Line
from core.current import CurrentFigure
from core.localtime import day_bounds, local_day
from networks.labels import METRIC_NAMES
from plans.models import Plan

MOST_LINES = 6  # in one chart


def results_figures(plan: Plan, data: Mapping[str, Any]) -> Sequence[CurrentFigure]:  # noqa: ARG001 -- as all steps'
    """Posts and what people did with them by month, followers by account. Three queries."""
    now = timezone.now()
    last = min(plan.ends_on, local_day(now, plan.brand.time_zone))
    if last < plan.starts_on:
        return []
    months = _by_month(plan, last)
    return [*_posts(months, now), *_engagement(months, now), *_followers(plan, last, now)]


# -- posts ------------------------------------------------------------------------------------------------------------


def _by_month(plan: Plan, last: date) -> list[dict[str, Any]]:
    """How many posts each month has, and the sums of the newest figures of each."""
    start, end = day_bounds(plan.starts_on, last, plan.brand.time_zone)
    rows = Delivery.objects.for_brand(plan.brand).published()
    rows = rows.filter(published_at__gte=start, published_at__lt=end, post__deleted_at__isnull=True).order_by()
    rows = rows.annotate(month=TruncMonth("published_at", tzinfo=ZoneInfo(plan.brand.time_zone)))
    sums = {f"{metric}_sum": Sum("figures__value", filter=Q(figures__metric=metric)) for metric in USUAL_METRICS}
    return list(rows.values("month").annotate(posts=Count("pk", distinct=True), **sums).order_by("month"))  # type: ignore[misc]  # the plugin loses the annotation


def _posts(months: Sequence[Mapping[str, Any]], now: datetime) -> Iterator[CurrentFigure]:
    if months:
        line = Line(name=_("Posts"), values=[row["posts"] for row in months])
        yield CurrentFigure(title=_("Posts published, by month"), chart=_bars(months, [line]), as_of=now)


def _engagement(months: Sequence[Mapping[str, Any]], now: datetime) -> Iterator[CurrentFigure]:
    """Of what is measured; a metric that no post has a figure of is left out."""
    known = [metric for metric in USUAL_METRICS if any(row[f"{metric}_sum"] is not None for row in months)]
    lines = [
        Line(name=METRIC_NAMES[metric], values=[row[f"{metric}_sum"] for row in months], color=place)
        for place, metric in enumerate(known)
    ]
    if lines:
        yield CurrentFigure(title=_("What people did with them, by month"), chart=_bars(months, lines), as_of=now)


def _bars(months: Sequence[Mapping[str, Any]], lines: Sequence[Line]) -> Chart:
    return Chart(kind="bar", labels=[_month(row["month"]) for row in months], series=lines, label_name=_("Month"))


def _month(day: date) -> str:
    return date_format(day, pgettext("a month in a chart: Oct 2026", "M Y"))


# -- accounts ---------------------------------------------------------------------------------------------------------


def _followers(plan: Plan, last: date, now: datetime) -> Iterator[CurrentFigure]:
    """The last number of each month, for the accounts with most followers."""
    accounts = list(SocialAccount.objects.for_brand(plan.brand).open().select_related("network"))
    series = account_series([one.pk for one in accounts], [FOLLOWERS], first=plan.starts_on, last=last)
    lines = [(one, _last_of_months(found)) for one in accounts if (found := series.get((one.pk, FOLLOWERS)))]
    lines.sort(key=lambda line: max(line[1].items(), key=itemgetter(0))[1], reverse=True)
    months = sorted({month for _one, values in lines for month in values})
    if months:
        drawn = [
            Line(name=str(one), values=[values.get(month) for month in months], color=place)
            for place, (one, values) in enumerate(lines[:MOST_LINES])
        ]
        chart = Chart(labels=[_month(month) for month in months], series=drawn, label_name=_("Month"))
        yield CurrentFigure(
            title=_("Followers at the end of each month"), chart=chart, note=_left_out(lines), as_of=now
        )


def _last_of_months(series: Series) -> dict[date, Decimal]:
    return {day.replace(day=1): value for day, value in series}


def _left_out(lines: Sequence[Any]) -> str:
    if len(lines) <= MOST_LINES:
        return ""
    return _("The %(shown)d largest of %(all)d accounts.") % {"shown": MOST_LINES, "all": len(lines)}
