"""A brand as large as the question asks, written with few statements."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db import connection

from audits.models import SocialAccount
from calendar_app.models import Delivery, Post
from networks.models import Metric
from plans.models import Aggregation, BusinessObjective, ContentKind, Goal, GoalProgress, GoalStatus, Per, Plan, Target
from teams.models import Brand, Membership, User, Workspace
from teams.rules import Role

ZONE = "Europe/Paris"
MONTH = date(2026, 11, 1)


def prepare() -> None:
    call_command("load_networks", verbosity=0)


def brand(name: str) -> tuple[Brand, User]:
    """A brand with four accounts, and its manager."""
    workspace = Workspace.objects.create(name=name, slug=name)
    made = Brand.objects.create(workspace=workspace, name=name, slug=name, time_zone=ZONE)
    user = User.objects.create_user(f"{name}@example.com", "a quiet harbor 7", name="Manager")
    Membership.objects.create(workspace=workspace, user=user, role=Role.MANAGER)
    for position, network in enumerate(("instagram", "linkedin", "mastodon", "facebook")):
        SocialAccount.objects.create(
            brand=made, network_id=network, handle=name, color=position, purpose="Sell", mission="We use it to sell."
        )
    return made, user


def deliveries(place: Brand, *, in_month: int, elsewhere: int) -> None:
    """Scheduled deliveries: so many in MONTH, the rest over the ten years around it."""
    accounts = list(SocialAccount.objects.filter(brand=place))
    kinds = [ContentKind.objects.create(brand=place, name=f"Type {n}", color=n) for n in range(4)]
    days = [MONTH + timedelta(days=n % 28) for n in range(in_month)]
    days += [MONTH + timedelta(days=-1800 + (n * 7) % 1790 if n % 2 else 31 + n % 1790) for n in range(elsewhere)]
    posts = [
        Post(
            brand=place, title=f"Post {n} about the roastery", text="Eleven minutes in, the beans start to talk. " * 4,
            content_kind=kinds[n % 4],
        )
        for n in range(len(days))
    ]  # fmt: skip
    Post.objects.bulk_create(posts, batch_size=5000)
    pairs = enumerate(zip(posts, days, strict=True))
    rows = (_delivery(place, post, accounts[n % 4], day, n) for n, (post, day) in pairs)
    Delivery.objects.bulk_create(rows, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE calendar_app_delivery")
        cursor.execute("VACUUM ANALYZE calendar_app_post")


def _delivery(place: Brand, post: Post, account: SocialAccount, day: date, number: int) -> Delivery:
    clock = time(8 + number % 12, (number * 5) % 60)
    at = datetime.combine(day, clock, tzinfo=ZoneInfo(ZONE))
    return Delivery(
        brand=place, post=post, account=account, state="scheduled", publish_at=at,
        local_date=day, local_time=clock, time_zone=ZONE, schedule_version=1,
    )  # fmt: skip


def goals(place: Brand, count: int, progress: dict[str, Any]) -> None:
    """A plan with goals that were evaluated."""
    plan, _ = Plan.objects.get_or_create(
        brand=place, title="Plan", starts_on=date(2026, 1, 1), defaults={"ends_on": date(2026, 12, 31)}
    )
    objective, _ = BusinessObjective.objects.get_or_create(
        workspace_id=place.workspace_id, brand=place, title="Sell more"
    )
    for number in range(count):
        goal = Goal.objects.create(
            workspace_id=place.workspace_id, brand=place, plan=plan, objective=objective,
            title=f"Goal {number}", action="We share photos.",
            network_id="instagram", starts_on=date(2026, 1, 1), due_on=date(2026, 12, 1),
            status=list(GoalStatus)[number % 5],
        )  # fmt: skip
        Target.objects.create(
            workspace_id=place.workspace_id, brand=place, goal=goal,
            metric=Metric.objects.get(pk="published_deliveries"), network_id="instagram",
            format="photo", aggregation=Aggregation.COUNT, per=Per.WEEK, value=3,
        )  # fmt: skip
        GoalProgress.objects.create(
            goal=goal, result=progress, evaluated_at=datetime.now(ZoneInfo(ZONE)), judged_on=MONTH
        )
