"""One goal for each scope and each way of measuring, from the database to the verdict."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from analytics.services import evaluate_brand
from calendar_app.models import Delivery, Post
from networks.models import Metric, Subject
from plans.models import GoalProgress, Per
from plans.rules.targets import Evaluation, TargetResult
from teams.models import Brand
from teams.rules import Role
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 2)


class Shop:
    """A brand with a branch and a branch of that, a campaign and a content type; ten likes more for each post."""

    def __init__(self) -> None:
        for network in ("instagram", "linkedin"):
            make.given(network, Subject.DELIVERY, "likes")
            make.given(network, Subject.ACCOUNT, "followers")
        for slug, unit in (("leads", "count"), ("revenue", "currency"), ("conversion_rate", "percent")):
            make.metric(slug, subject="brand", unit=unit)
        self.brand = make.brand()
        self.branch = make.brand(workspace=self.brand.workspace, parent=self.brand)
        self.photos, self.linked = make.account(brand=self.brand), make.account(brand=self.brand, network="linkedin")
        self.far = make.account(brand=self.branch)
        self.deep = make.brand(workspace=self.brand.workspace, parent=self.branch)
        self.campaign, self.kind = make.campaign(brand=self.brand), make.content_kind(brand=self.brand)
        self.likes = 0
        for account, post in (
            (self.photos, {"campaign": self.campaign}),
            (self.photos, {"content_kind": self.kind, "format": "video"}),
            (self.linked, {"content_kind": self.kind}),
            (self.far, {}),
            (make.account(brand=self.deep), {}),
            (make.account(brand=make.brand(workspace=self.brand.workspace)), {}),  # a sister, in no scope
        ):
            self.publish(account, **post)

    def publish(self, account: Any, **post: Any) -> Delivery:
        self.likes += 10
        at = datetime.combine(MONDAY, datetime.min.time(), UTC) + timedelta(days=self.likes // 10, hours=9)
        words = make.post(brand=account.brand, **post)
        delivery = make.delivery(post=words, account=account, published_at=at)
        make.observation(delivery=delivery, value=self.likes)
        return delivery


@pytest.fixture
def shop() -> Shop:
    return Shop()


def judged(brand: Brand, **target: Any) -> TargetResult:
    """The result of a goal for November with this one target."""
    goal = make.goal(plan=brand.plans.first() or make.plan(brand=brand))
    make.target(goal=goal, **{"per": Per.WHOLE, "value": Decimal(1000), **target})
    evaluate_brand(brand=brand, now=NOW)
    return Evaluation.from_json(GoalProgress.objects.get(goal=goal).result).targets[0]


SCOPES: list[tuple[str, int, int]] = [  # scope, publications in it, their likes
    ("brand", 3, 60),
    ("family", 5, 150),
    ("branch", 1, 40),
    ("deep", 1, 50),
    ("network", 2, 30),
    ("account", 1, 30),
    ("campaign", 1, 10),
    ("content type", 2, 50),
    ("format", 1, 20),
]


@pytest.mark.parametrize(("name", "published", "likes"), SCOPES)
def test_target_counts_what_is_in_its_scope(shop: Shop, name: str, published: int, likes: int) -> None:
    scope: dict[str, Any] = {
        "brand": {}, "family": {"reach": "family"}, "branch": {"reach": "branch", "branch": shop.branch},
        "deep": {"reach": "branch", "branch": shop.deep},
        "network": {"network": "instagram"}, "account": {"account": shop.linked},
        "campaign": {"campaign": shop.campaign}, "content type": {"content_kind": shop.kind},
        "format": {"format": "video"},
    }[name]  # fmt: skip

    assert judged(shop.brand, aggregation="count", **scope).actual == published
    assert judged(shop.brand, metric="likes", aggregation="sum", **scope).actual == likes
    each = judged(shop.brand, metric="likes", per=Per.DELIVERY, value=Decimal(1), **scope)
    assert (each.met, each.judged) == (published, published)


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ({"aggregation": "count"}, "3"),
        ({"metric": "likes", "aggregation": "sum"}, "60"),
        ({"metric": "likes", "aggregation": "mean"}, "20"),
        ({"metric": "likes", "aggregation": "median"}, "20"),
        ({"aggregation": "share", "format": "video"}, "33.33"),
        ({"metric": "likes", "aggregation": "share", "format": "video"}, "33.33"),
        ({"metric": "likes", "aggregation": "share", "format": "video", "network": "instagram"}, "66.67"),
        ({"metric": "followers", "aggregation": "last"}, "320"),
        ({"metric": "followers", "aggregation": "change"}, "20"),
        ({"metric": "followers", "aggregation": "last", "network": "linkedin"}, "200"),
        ({"metric": "leads", "aggregation": "sum"}, "17"),
        ({"metric": "leads", "aggregation": "sum", "reach": "family"}, "18"),
        ({"metric": "leads", "aggregation": "mean"}, "8.5"),
        ({"metric": "leads", "aggregation": "last"}, "12"),
        ({"metric": "conversion_rate", "aggregation": "median"}, "3"),
        ({"metric": "conversion_rate", "aggregation": "mean"}, "3.33"),
        ({"metric": "conversion_rate", "aggregation": "last"}, "2"),
    ],
)
def test_target_is_measured_in_each_way(shop: Shop, target: dict[str, Any], actual: str) -> None:
    for account, first, last in ((shop.photos, 100, 120), (shop.linked, 200, 200)):
        for day, value in ((-1, first), (9, last)):
            make.observation(account=account, metric="followers", value=value, observed_on=MONDAY + timedelta(days=day))
    for day, subject, value in (
        (1, {"brand": shop.brand}, 5), (3, {"brand": shop.brand}, 4), (3, {"campaign": shop.campaign}, 6),
        (3, {"account": shop.photos}, 2), (3, {"brand": shop.branch}, 1),
    ):  # fmt: skip
        make.observation(**subject, metric="leads", value=value, observed_on=MONDAY + timedelta(days=day))
    for day, value in ((1, 3), (2, 5), (3, 2)):
        make.observation(
            brand=shop.brand, metric="conversion_rate", value=value, observed_on=MONDAY + timedelta(days=day)
        )

    assert judged(shop.brand, **target).actual == Decimal(actual)


@pytest.mark.parametrize(
    ("name", "leads"), [("campaign", 6), ("account", 2), ("network", 2), ("branch", 1), ("deep", 7), ("family", 23)]
)
def test_own_figures_are_counted_by_campaign_account_network_and_branch(shop: Shop, name: str, leads: int) -> None:
    for subject, value in (
        ({"brand": shop.brand}, 4), ({"campaign": shop.campaign}, 6), ({"account": shop.photos}, 2),
        ({"account": shop.linked}, 3), ({"brand": shop.branch}, 1), ({"brand": shop.deep}, 7),
    ):  # fmt: skip
        make.observation(**subject, metric="leads", value=value, observed_on=MONDAY)
    scope: dict[str, Any] = {
        "campaign": {"campaign": shop.campaign}, "account": {"account": shop.photos},
        "network": {"network": "instagram"}, "branch": {"reach": "branch", "branch": shop.branch},
        "deep": {"reach": "branch", "branch": shop.deep}, "family": {"reach": "family"},
    }[name]  # fmt: skip

    assert judged(shop.brand, metric="leads", aggregation="sum", **scope).actual == leads


def test_own_figures_that_nobody_noted_are_not_yet_known(shop: Shop) -> None:
    weeks = judged(shop.brand, metric="leads", aggregation="sum", per=Per.WEEK, value=Decimal(1))

    assert (weeks.actual, weeks.judged, weeks.not_yet) == (None, 0, 4)
    assert Metric.objects.get(pk="leads").subject == "brand"


def test_posts_of_branches_lead_to_them_for_those_who_may_open_them(shop: Shop, client: Client) -> None:
    goal = make.goal(plan=make.plan(brand=shop.brand))
    make.target(goal=goal, per=Per.DELIVERY, value=Decimal(1000), metric="likes", aggregation="last", reach="family")
    evaluate_brand(brand=shop.brand, now=NOW)
    far = Delivery.objects.get(account=shop.far)
    Post.objects.filter(pk=far.post_id).update(title="Opening in Lille")
    evaluate_brand(brand=shop.brand, now=NOW)
    place = {"workspace": shop.brand.workspace.slug}
    page = reverse("goal_detail", kwargs={**place, "brand": shop.brand.slug, "pk": goal.pk})
    its_figures = reverse("delivery_figures", kwargs={**place, "brand": shop.branch.slug, "pk": far.pk})

    client.force_login(make.person(Role.MANAGER, brand=shop.brand))
    found = client.get(page).content.decode()
    assert f'href="{its_figures}"' in found
    assert f"Opening in Lille · {shop.branch}" in found
    assert client.get(its_figures).status_code == 200

    client.force_login(make.member(Role.GUEST, brand=shop.brand, brands=(shop.brand,)).user)
    found = client.get(page).content.decode()
    assert its_figures not in found
    assert "Opening in Lille" not in found
    assert "A post of a branch" in found
