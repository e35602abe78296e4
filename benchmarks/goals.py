"""Goals of a large brand while its history grows: what pages cost, and what a day's pull of one account costs."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path

from analytics.models import Arrival, Source
from analytics.services import evaluate_brand, evaluate_touched
from analytics.services.store import New, rebuild_rollups, store
from audits.models import SocialAccount
from benchmarks import data, pages
from benchmarks.measure import interleave, table, write_section
from calendar_app.models import Delivery
from networks.models import Subject
from plans.models import BusinessObjective, ContentKind, Goal, GoalProgress, Plan, Target
from teams.models import Brand, User

GOALS, DELIVERIES, ACCOUNTS, DAYS = 200, 50_000, 20, 1080
METRICS = ("likes", "comments", "shares", "reach")
# Days after publication, for so many rows in all. The youngest post is older: the pull that is measured is newer.
STAGES = {1_000_000: (0, 5), 3_000_000: (5, 15), 10_000_000: (15, 50)}
PAGES = {"brand home": "brand_home", "goals list": "goal_list"}
NOW = datetime.now(UTC)
TODAY = NOW.date()

POSTS = """
    INSERT INTO calendar_app_post (version, brand_id, title, text, format, content_kind_id, link, notes, remind_minutes,
                                   created_at)
    SELECT 1, %(brand)s, 'Post ' || n, 'Eleven minutes in, the beans start to talk.',
           (ARRAY['photo', 'video', 'text'])[1 + n %% 3], (%(kinds)s::bigint[])[1 + n %% 4], '', '', 30, now()
    FROM generate_series(1, %(count)s) AS n
"""
PUBLISHED = """
    INSERT INTO calendar_app_delivery (brand_id, post_id, account_id, text, state, publish_at, local_date, local_time,
        time_zone, is_second, schedule_version, published_at, is_unplanned, permalink, remote_id)
    SELECT %(brand)s, id, (%(accounts)s::bigint[])[1 + id %% %(wide)s], '', 'published', at, at::date, at::time,
           %(zone)s, false, 1, at, false, '', ''
    FROM calendar_app_post, LATERAL (
        SELECT %(now)s::timestamptz - interval '51 days'
               - (id * 7919 %% (%(days)s * 1440)) * interval '1 minute' AS at
    ) AS moment WHERE brand_id = %(brand)s
"""
OBSERVED = """
    INSERT INTO analytics_observation (brand_id, delivery_id, metric_id, value, observed_on, source, fetched_at)
    SELECT d.brand_id, d.id, m.slug, (d.id * 31 + length(m.slug)) %% 90 + n,
           (d.published_at + n * interval '1 day')::date, 'api', d.published_at + n * interval '1 day'
    FROM calendar_app_delivery d, unnest(%(metrics)s::text[]) AS m(slug), generate_series(%(first)s, %(last)s - 1) AS n
    WHERE d.brand_id = %(brand)s
"""
FOLLOWERS = """
    INSERT INTO analytics_observation (brand_id, account_id, metric_id, value, observed_on, source, fetched_at)
    SELECT %(brand)s, a, 'followers', 1000 + (%(days)s - n) * 2, %(today)s::date - n, 'api',
           %(now)s::timestamptz - n * interval '1 day'
    FROM unnest(%(accounts)s::bigint[]) AS a, generate_series(1, %(days)s) AS n
"""
FLOOR_SQL = """
    SELECT g.id, g.title, g.status, g.due_on, g.lacks, p.evaluated_at, p.data_until, t.metric_id, t.value, t.per
    FROM plans_goal g LEFT JOIN plans_goalprogress p ON p.goal_id = g.id LEFT JOIN plans_target t ON t.goal_id = g.id
    WHERE g.brand_id = %s ORDER BY g.due_on, g.id, t.position
"""
_floor = {"brand": 0}


def floor(request: HttpRequest) -> HttpResponse:
    """The raw statement that reads how all goals stand, and the bare template of the page's bytes."""
    with connection.cursor() as cursor:
        cursor.execute(FLOOR_SQL, [_floor["brand"]])
        cursor.fetchall()
    return pages.bare(request)


urlpatterns = [path("floor/", floor), path("", include("config.urls"))]


# -- the brand --------------------------------------------------------------------------------------------------------


def large_brand() -> tuple[Brand, User]:
    place, user = data.brand("goals-large")
    SocialAccount.objects.bulk_create(
        SocialAccount(
            brand=place, network_id=("instagram", "linkedin", "mastodon", "facebook")[n % 4], handle=f"more{n}",
            color=n % 10, purpose="Sell", mission="We use it to sell.",
        )
        for n in range(4, ACCOUNTS)
    )  # fmt: skip
    kinds = [ContentKind.objects.create(brand=place, name=f"Type {n}", color=n).pk for n in range(4)]
    accounts = list(SocialAccount.objects.filter(brand=place).order_by("pk"))
    _fill(POSTS, brand=place.pk, kinds=kinds, count=DELIVERIES)
    ids = [account.pk for account in accounts]
    places = {"brand": place.pk, "accounts": ids, "now": NOW, "days": DAYS, "today": TODAY}
    _fill(PUBLISHED, **places, wide=ACCOUNTS, zone=data.ZONE)
    _fill(FOLLOWERS, **places)
    _goals(place, accounts, kinds)
    return place, user


def _goals(place: Brand, accounts: list[SocialAccount], kinds: list[int]) -> None:
    plan = Plan.objects.create(
        brand=place, title="Plan", starts_on=TODAY - timedelta(days=300), ends_on=TODAY + timedelta(days=60)
    )
    objective = BusinessObjective.objects.create(workspace_id=place.workspace_id, brand=place, title="Sell more")
    for number in range(GOALS):
        account = accounts[number % ACCOUNTS]
        goal = Goal.objects.create(
            workspace_id=place.workspace_id,
            brand=place, plan=plan, objective=objective, title=f"Goal {number}", action="We share photos.",
            network_id=account.network_id, starts_on=plan.starts_on, due_on=plan.ends_on,
        )  # fmt: skip
        for position, target in enumerate(_targets(number // ACCOUNTS, account, kinds)):
            Target.objects.create(
                workspace_id=place.workspace_id, brand=place, goal=goal, position=position, account=account, **target
            )


def _targets(number: int, account: SocialAccount, kinds: list[int]) -> list[dict[str, Any]]:
    """Each account has ten goals, two of each of these kinds."""

    def target(metric: str, how: str, per: str, value: int, **scope: Any) -> dict[str, Any]:
        return {"metric_id": metric, "aggregation": how, "per": per, "value": Decimal(value), **scope}

    return [
        [
            target("published_deliveries", "count", "week", 3, format="photo"),
            target("likes", "last", "delivery", 30), target("comments", "last", "delivery", 5),
        ],
        [target("likes", "sum", "month", 2000)],
        [target("followers", "last", "whole", 4000)],
        [target("reach", "median", "week", 40)],
        [target("published_deliveries", "share", "month", 20, content_kind_id=kinds[account.pk % 4])],
    ][number % 5]  # fmt: skip


def _fill(statement: str, **values: Any) -> None:
    """Without the checks of foreign keys: they take longer than the rest, and these rows point rightly."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = DEFAULT")


def grow(place: Brand, first: int, last: int) -> float:
    """More days of history; answers how many seconds the rollups took to be made anew."""
    _fill(OBSERVED, brand=place.pk, metrics=list(METRICS), first=first, last=last)
    start = time.perf_counter()
    rebuild_rollups()
    took = time.perf_counter() - start
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return took


# -- what is measured -------------------------------------------------------------------------------------------------


def pulled(account: SocialAccount, at: datetime) -> int:
    """What a pull of an account writes: its followers, and the figures of the posts of 90 days."""
    posts = Delivery.objects.filter(account=account, published_at__gt=NOW - timedelta(days=90 + 51))
    value = Decimal(at.microsecond % 997)
    rows = [
        New(subject_id=pk, metric=metric, observed_on=TODAY, value=value)
        for pk in posts.values_list("pk", flat=True)
        for metric in METRICS
    ]
    own = [New(subject_id=account.pk, metric="followers", observed_on=TODAY, value=value)]
    count = store(brand=account.brand, subject=Subject.ACCOUNT, rows=own, source=Source.API, at=at)
    return count + store(brand=account.brand, subject=Subject.DELIVERY, rows=rows, source=Source.API, at=at)


def timed(work: Callable[[], int]) -> tuple[int, int, float]:
    """What it answers, how many statements it sends, and milliseconds."""
    with CaptureQueriesContext(connection) as sent:
        start = time.perf_counter()
        answer = work()
        took = (time.perf_counter() - start) * 1000
    return answer, len(sent), took


def judging(place: Brand) -> list[tuple[object, ...]]:
    account = SocialAccount.objects.filter(brand=place).select_related("brand").earliest("pk")
    timed(lambda: evaluate_brand(brand=place, now=datetime.now(UTC)))  # the statuses settle
    rows = []
    for name, work in (
        ("keep one account's pull (store)", lambda: pulled(account, datetime.now(UTC))),
        ("judge what it moved", lambda: evaluate_touched(brand=place, now=datetime.now(UTC))),
        ("judge it again when nothing came in", lambda: evaluate_touched(brand=place, now=datetime.now(UTC))),
        ("judge all goals", lambda: evaluate_brand(brand=place, now=datetime.now(UTC))),
    ):
        count, statements, took = timed(work)
        rows.append((name, f"{count:,}", statements, f"{took:.0f}"))
    assert not Arrival.objects.exists()
    return rows


def viewing(place: Brand, user: User) -> list[tuple[object, ...]]:
    client = pages.signed_in(user)
    _floor["brand"] = place.pk
    rows = []
    for name, url_name in PAGES.items():
        url = pages.address(url_name, place)
        kept, anew, low = pages.get(client, url), pages.changed(pages.get(client, url)), pages.get(client, "/floor/")
        body = pages.same_bytes(kept)
        warm = interleave({"page": kept, "bare": low}, rounds=30)
        cold = interleave({"page": anew, "bare": low}, rounds=10, warm=2)
        size = f"{len(body) / 1024:.0f} KiB"
        rows.append((name, size, f"{warm['bare'].median:.1f}", *pages.told(warm, kept), *pages.told(cold, anew)))
    return rows


def run() -> None:
    data.prepare()
    with override_settings(ROOT_URLCONF="benchmarks.goals", ALLOWED_HOSTS=["*"]):
        place, user = large_brand()
        page_rows: list[tuple[object, ...]] = []
        judge_rows: list[tuple[object, ...]] = []
        for size, (first, last) in STAGES.items():
            rebuilt = grow(place, first, last)
            judge_rows += [(f"{size:,}", *row) for row in judging(place)]
            judge_rows.append((f"{size:,}", "make all rollups anew", "", "", f"{rebuilt * 1000:,.0f}"))
            page_rows += [(f"{size:,}", *row) for row in viewing(place, user)]
    report(page_rows, judge_rows)


def report(page_rows: list[tuple[object, ...]], judge_rows: list[tuple[object, ...]]) -> None:
    large = f"One brand with {GOALS} goals, {DELIVERIES:,} published deliveries on {ACCOUNTS} accounts."
    assert GoalProgress.objects.count() == GOALS
    head = (
        "observations", "page", "answer", "floor ms", "queries", "page ms", "ratio (<= 2)", "queries after a change",
        "ms", "ratio",
    )  # fmt: skip
    write_section(
        "Pages of a brand with many goals",
        f"{large} Floor: one raw statement that reads how all goals stand, and a template of the page's own bytes, for "
        "the same person behind the same middleware. Aim: under 10 queries, flat as the history grows.\n\n"
        + table(head, page_rows),
    )
    write_section(
        "Judging goals after a day's pull",
        f"{large} A pull of one account writes its followers and four figures of each of its posts of 90 days; "
        "then the goals that count them are judged. Aim: only those, flat as the history grows.\n\n"
        + table(("observations", "what", "rows or goals", "statements", "ms"), judge_rows),
    )
