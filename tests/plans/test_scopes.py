"""What a target may be narrowed down to, over HTTP: what cannot be meant is said beside its field, nothing is saved."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from networks.models import MetricAvailability
from plans import services
from plans.models import Goal, Target
from teams.models import Brand
from teams.rules import Role
from tests import make
from tests.plans.test_pages import at, enter, row, soup, typed, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def brand(client: Client) -> Brand:
    """A brand with a plan, a branch, a content type and a campaign, and a manager at the browser."""
    for slug in ("published_deliveries", "likes", "shares"):
        make.metric(slug)
    make.metric("followers", subject="account")
    make.metric("leads", subject="brand", category="conversion")
    make.metric("roi", subject="brand", unit="percent")
    make.metric("engagement_rate", unit="percent")
    make.network("instagram")
    own = enter(client)
    make.plan(brand=own)
    make.brand(workspace=own.workspace, parent=own, name="Lyon")
    make.content_kind(brand=own, name="Offers")
    make.campaign(brand=own, name="Spring")
    return own


def send(client: Client, brand: Brand, *rows: dict[str, Any], **values: Any) -> Any:
    return client.post(at(brand, "goal_create"), typed(*rows, plan=brand.plans.get().pk, **values))


def said(page: Any, field: str) -> str:
    """What stands beside a field of the first target."""
    found = soup(page).select(f"#div_id_targets-0-{field} .field-error")
    return " ".join(one.get_text(" ", strip=True).removeprefix("Error:").strip() for one in found)


def test_a_target_is_written_with_every_scope_and_read_again(client: Client, brand: Brand) -> None:
    branch, kind, campaign = brand.branches.get(), brand.content_kinds.get(), brand.campaigns.get()
    scope = {"content_kind": kind.pk, "campaign": campaign.pk, "reach": f"branch:{branch.pk}"}
    share = {"aggregation": "share", "value": "20", "per": "month", "content_kind": kind.pk, "reach": "family"}

    answer = send(client, brand, row(0, "likes", value="30", aggregation="median", **scope), row(1, **share))

    assert answer.status_code == 302
    target = Target.objects.get(metric="likes")
    assert (target.branch, target.content_kind, target.campaign, target.reach) == (branch, kind, campaign, "branch")
    goal = Goal.objects.get()
    form = soup(client.get(at(brand, "goal_edit", pk=goal.pk)))
    assert [text.get_text(strip=True) for text in form.select("[data-target-rows] legend")] == [
        "A median of at least 30 likes for each post of the type Offers in the campaign Spring by Lyon per week",
        "At least 20% of posts published by this brand and its branches are of the type Offers per month",
    ]
    assert chosen(form, "reach") == [f"branch:{branch.pk}", "family"]
    assert [more.has_attr("open") for more in form.select("[data-target-rows] .target-more")] == [True, True]


def chosen(page: BeautifulSoup, name: str) -> list[str]:
    return [str(option["value"]) for option in page.select(f"[data-target-rows] [name$=-{name}] option[selected]")]


def test_whose_is_asked_only_where_there_are_branches_and_the_finer_scope_stays_closed(client: Client) -> None:
    make.metric("published_deliveries")
    brand = enter(client)
    make.plan(brand=brand)

    form = soup(client.get(at(brand, "goal_create")))

    assert form.select("[name=targets-0-reach]") == []
    assert [more.has_attr("open") for more in form.select(".target-more")] == [False]


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"value": ""}, "value", "This field is required."),
    ({"metric": "engagement_rate", "value": "120", "per": "delivery"}, "value", "cannot exceed 100"),
    ({"value": "101", "aggregation": "share", "format": "photo"}, "value", "A share cannot exceed 100 percent."),
    ({"value": "20", "aggregation": "share"}, "content_kind", "A share of what?"),
    ({"metric": "likes", "aggregation": "share"}, "aggregation", "Only published posts have a share"),
    ({"metric": "leads", "per": "delivery"}, "per", "belongs to the brand, not to a post"),
    ({"metric": "leads", "format": "photo"}, "format", "is not known by format"),
    ({"metric": "leads", "content_kind": "own"}, "content_kind", "is not known by content type"),
    ({"metric": "leads", "aggregation": "change"}, "aggregation", "choose its total"),
    ({"metric": "roi", "aggregation": "sum"}, "aggregation", "cannot be added up"),
    ({"metric": "followers", "aggregation": "last", "campaign": "own"}, "campaign", "is not known by campaign"),
    ({"place": "account", "reach": "family"}, "place", "belongs to this brand alone"),
    ({"place": "elsewhere"}, "place", "This brand has no such choice"),
    ({"content_kind": "sister"}, "content_kind", "This brand has no such choice"),
    ({"content_kind": "stranger"}, "content_kind", "This brand has no such choice"),
    ({"campaign": "sister"}, "campaign", "This brand has no such choice"),
    ({"campaign": "stranger"}, "campaign", "This brand has no such choice"),
    ({"reach": "sister"}, "reach", "This brand has no such choice"),
    ({"reach": "stranger"}, "reach", "This brand has no such choice"),
    ({"reach": "branch"}, "reach", "This brand has no such choice"),
    ({"metric": "shares", "aggregation": "sum", "place": "network:instagram"}, "metric", "Use instead: Likes."),
]


@pytest.mark.parametrize(("values", "field", "message"), WRONG)
def test_bad_target_is_refused_beside_its_field(
    client: Client, brand: Brand, values: dict[str, Any], field: str, message: str
) -> None:
    owners = {"own": brand, "sister": make.brand(workspace=brand.workspace), "stranger": make.brand()}
    make.given("instagram", "delivery", "likes")
    make.given("instagram", "delivery", "shares", is_given=False)
    ids = {
        "content_kind": lambda owner: owner.content_kinds.first() or make.content_kind(brand=owner),
        "campaign": lambda owner: owner.campaigns.first() or make.campaign(brand=owner),
        "reach": lambda owner: owner,
    }
    sent = dict(values)
    for name in ids.keys() & values.keys() if values.get(field) in owners else ():
        pk = ids[name](owners[values[name]]).pk
        sent[name] = f"branch:{pk}" if name == "reach" else pk
    places = {"account": brand, "elsewhere": owners["sister"]}
    if values.get("place") in places:
        sent["place"] = f"account:{make.account(brand=places[values['place']]).pk}"

    page = send(client, brand, row(0, **sent), title="Keep my words")

    assert page.status_code == 422
    assert message in said(page, field)
    assert soup(page).select_one("[name=title]")["value"] == "Keep my words"  # type: ignore[index]
    assert soup(page).select_one(".target-more").has_attr("open") is bool({field, *values} & FINER)  # type: ignore[union-attr]
    assert not Goal.objects.exists()
    assert MetricAvailability.objects.count() == 2


FINER = {"content_kind", "campaign", "reach", "aggregation"}


def test_contradictions_across_weeks_and_scopes_are_refused(client: Client, brand: Brand) -> None:
    daily = row(0, value="3", per="day", content_kind=brand.content_kinds.get().pk)
    weekly = row(1, value="10", comparison="at_most", reach="family")

    page = send(client, brand, daily, weekly)

    assert page.status_code == 422
    assert "cannot both be met" in soup(page).select_one("#div_id_targets-1-value").get_text()  # type: ignore[union-attr]
    assert soup(page).select_one("[name=targets-0-value]")["value"] == "3"  # type: ignore[index]
    assert not Goal.objects.exists()


def test_due_before_start_is_said_beside_the_due_date(client: Client, brand: Brand) -> None:
    page = send(client, brand, row(0), due_on="2026-11-01")

    assert page.status_code == 422
    assert "must be due after" in words(page, "#div_id_due_on .field-error")[0]
    assert not Goal.objects.exists()


def test_branches_of_branches_are_offered_and_named_after_whose_they_are(client: Client, brand: Brand) -> None:
    lyon = brand.branches.get()
    deep = make.brand(workspace=brand.workspace, parent=lyon, name="Croix-Rousse")
    make.brand(workspace=brand.workspace, parent=make.brand(workspace=brand.workspace), name="Of a sister")

    form = soup(client.get(at(brand, "goal_create")))
    sent = send(client, brand, row(0, reach=f"branch:{deep.pk}"))

    options = form.select("[name=targets-0-reach] optgroup option")
    assert [option.get_text() for option in options] == ["Lyon", "Lyon › Croix-Rousse"]
    assert sent.status_code == 302
    assert Target.objects.get().branch == deep


@pytest.mark.parametrize("name", ["content_kind", "campaign", "branch"])
def test_service_refuses_what_no_form_offers(brand: Brand, name: str) -> None:
    """The form offers only what is the brand's own; whoever calls the verb directly is refused as well."""
    other = make.brand(workspace=brand.workspace)
    foreign = {"content_kind": make.content_kind, "campaign": make.campaign}.get(name, lambda brand: brand)(brand=other)
    reach = {"reach": "branch"} if name == "branch" else {}
    metric = make.metric("published_deliveries")

    with pytest.raises(services.GoalError) as refusal:
        services.create_goal(
            plan=brand.plans.get(), targets=[{"metric": metric, "value": Decimal(3), name: foreign, **reach}],  # type: ignore[misc]
            answers={}, by=make.person(Role.MANAGER, brand=brand), now=make.NOW, title="A", action="", objective=None,
            network=None, owner=None, starts_on=date(2026, 11, 2), due_on=date(2026, 11, 29),
        )  # fmt: skip

    assert refusal.value.problems[0].field == ("reach" if name == "branch" else name)
    assert not Goal.objects.exists()
