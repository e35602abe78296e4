"""Campaigns: opened, changed, deleted; posts belong to them, and the calendar and the list show one alone."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activity.models import Event
from calendar_app import services
from plans.models import Campaign
from teams.models import Brand
from teams.rules import Role
from tests import make
from tests.make import NOW
from tests.plans.test_pages import at, enter, soup, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def brand(client: Client) -> Brand:
    return enter(client, Role.EDITOR)


def sent(**values: Any) -> dict[str, Any]:
    dates = {"starts_on": "2026-11-02", "ends_on": "2026-12-13"}
    return {"name": "Été en rade", "purpose": "Sell the summer box.", "budget": "1200", "color": "3", **dates, **values}


def errors(page: Any, field: str) -> list[str]:
    return [one.removeprefix("Error: ") for one in words(page, f"#div_id_{field} .field-error")]


def test_campaign_is_added_changed_and_deleted(client: Client, brand: Brand) -> None:
    answer = client.post(at(brand, "campaign_create"), sent())

    campaign = Campaign.objects.get()
    assert answer["Location"] == at(brand, "campaign_list")
    assert campaign.utm_name == "ete-en-rade"
    changed = sent(name="Été", budget="", utm_name="summer", version="1")
    client.post(at(brand, "campaign_edit", pk=campaign.pk), changed)
    campaign.refresh_from_db()
    assert (campaign.name, campaign.budget, campaign.utm_name, campaign.version) == ("Été", None, "summer", 2)
    make.post(brand=brand, campaign=campaign)
    make.post(brand=brand, campaign=campaign, deleted_at=NOW)
    assert words(client.get(at(brand, "campaign_list")), "tbody td.num")[1].startswith("1 ")
    assert "Its 1 post stays" in client.get(at(brand, "campaign_delete", pk=campaign.pk)).content.decode()
    client.post(at(brand, "campaign_delete", pk=campaign.pk))
    assert not Campaign.objects.exists()
    assert list(brand.posts.values_list("campaign", flat=True)) == [None, None]
    verbs = Event.objects.filter(verb__startswith="calendar.campaign").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [f"calendar.campaign_{deed}" for deed in ("created", "edited", "deleted")]


def test_name_in_links_is_made_once_per_brand(client: Client, brand: Brand) -> None:
    make.campaign(brand=brand, name="Summer", utm_name="ete")
    make.campaign(utm_name="ete-2")  # of a stranger

    client.post(at(brand, "campaign_create"), sent(name="Été"))
    client.post(at(brand, "campaign_create"), sent(name="夏"))

    assert set(Campaign.objects.for_brand(brand).values_list("utm_name", flat=True)) == {"ete", "ete-2", "campaign"}


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"name": "SPRING"}, "name", "already has a campaign of that name"),
        ({"ends_on": "2026-11-01"}, "ends_on", "cannot end before it starts"),
        ({"starts_on": "tomorrow"}, "starts_on", "valid date"),
        ({"budget": "-5"}, "budget", "zero or more"),
        ({"budget": "much"}, "budget", "number"),
        ({"utm_name": "spring"}, "utm_name", "Another campaign has this name"),
        ({"utm_name": "not a slug"}, "utm_name", "valid"),
        ({"color": "11"}, "color", ""),
    ],
)
def test_bad_campaign_is_refused_beside_its_field(
    client: Client, brand: Brand, values: dict[str, str], field: str, message: str
) -> None:
    make.campaign(brand=brand, name="Spring", utm_name="spring")

    page = client.post(at(brand, "campaign_create"), sent(**values))

    assert page.status_code == 422
    assert message in " ".join(errors(page, field) or words(page, ".error-summary"))
    assert soup(page).select_one("[name=purpose]").get_text(strip=True) == "Sell the summer box."  # type: ignore[union-attr]
    assert Campaign.objects.count() == 1


def test_two_people_who_edit_a_campaign_see_both_versions(client: Client, brand: Brand) -> None:
    campaign = make.campaign(brand=brand, name="Theirs", version=2)

    page = client.post(at(brand, "campaign_edit", pk=campaign.pk), sent(name="Mine", version="1"))

    assert page.status_code == 422
    assert "Theirs" in errors(page, "name")[0]
    assert soup(page).select_one("[name=name]")["value"] == "Mine"  # type: ignore[index]
    again = client.post(at(brand, "campaign_edit", pk=campaign.pk), sent(name="Mine", version="2"))
    assert again.status_code == 302


def test_what_a_goal_measures_is_not_removed_beneath_it(client: Client, brand: Brand) -> None:
    campaign, kind = make.campaign(brand=brand), make.content_kind(brand=brand)
    goal = make.goal(brand=brand, title="Sell the box")
    make.target(goal=goal, campaign=campaign, content_kind=kind)

    page = client.post(at(brand, "campaign_delete", pk=campaign.pk))
    listed = client.post(at(brand, "content_kind_delete", pk=kind.pk), follow=True)

    assert page.status_code == 422
    words_of_it = "Goals measure it: “Sell the box”. Change their targets first."
    assert words_of_it in words(page, ".alert")
    assert words_of_it in soup(listed).get_text(" ")
    assert (brand.campaigns.count(), brand.content_kinds.count()) == (1, 1)


def test_post_belongs_to_a_campaign_and_is_found_by_it(client: Client, brand: Brand) -> None:
    campaign, account = make.campaign(brand=brand, name="Spring"), make.account(brand=brand)
    foreign = make.campaign(brand=make.brand(workspace=brand.workspace))
    form = {"title": "The box", "text": "It is here.", "format": "photo", "remind_minutes": "30"}

    refused = client.post(at(brand, "post_create"), {**form, "campaign": foreign.pk})
    assert refused.status_code == 422
    assert client.post(at(brand, "post_create"), {**form, "campaign": campaign.pk}).status_code == 302

    post, other = brand.posts.get(), make.post(brand=brand, title="Another")
    for one in (post, other):
        make.delivery(post=one, account=account, publish_at=NOW + timedelta(days=1))
    assert "Spring" in soup(client.get(at(brand, "post_detail", pk=post.pk))).select_one("dl").get_text()  # type: ignore[union-attr]
    chosen = {"campaign": campaign.pk}
    assert words(client.get(at(brand, "post_list"), chosen), "tbody th a") == ["The box"]
    assert "Spring" in words(client.get(at(brand, "post_list"), chosen), "tbody td")
    window = {"start": "2026-11-01", "end": "2026-12-01"}
    feed = json.loads(client.get(at(brand, "calendar_feed"), {**window, **chosen}).content)
    assert [entry["title"] for entry in feed] == ["The box"]
    plain = client.get(at(brand, "calendar"), {"plain": 1, "date": "2026-11-01", **chosen})
    assert "The box" in soup(plain).get_text()
    assert "Another" not in soup(plain).get_text()
    assert client.get(at(brand, "calendar_feed"), {**window, "campaign": foreign.pk}).status_code == 400


def test_service_refuses_a_campaign_of_another_brand(brand: Brand) -> None:
    editor = make.person(Role.EDITOR, brand=brand)

    with pytest.raises(services.PostError, match="campaign belongs to another brand"):
        services.create_post(brand=brand, title="A", texts={}, by=editor, now=NOW, campaign=make.campaign())


def test_list_costs_the_same_for_one_and_for_three(client: Client, brand: Brand) -> None:
    def cost(count: int) -> int:
        for _number in range(count):
            make.post(brand=brand, campaign=make.campaign(brand=brand, starts_on=date(2026, 11, 1)))
        client.get(at(brand, "campaign_list"))
        with CaptureQueriesContext(connection) as queries:
            client.get(at(brand, "campaign_list"))
        return len(queries)

    assert cost(1) == cost(2)
