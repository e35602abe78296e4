"""What no network gives is typed in for the brand, a campaign or an account, and judges the goals that count it."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from activity.models import Event
from analytics.models import CsvDraft, Observation
from plans.models import Per
from teams.rules import Role
from tests import make
from tests.analytics.conftest import TODAY, Place, cells, soup, text
from tests.analytics.test_import_pages import upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _metrics(db: None) -> None:
    make.metric("leads", name="Leads", subject="brand", position=1)
    make.metric("roi", name="Return on investment", subject="brand", unit="percent", position=2)


def test_figures_of_the_brand_a_campaign_and_an_account_are_noted(place: Place) -> None:
    campaign = make.campaign(brand=place.brand, name="Advent")

    for about in ("brand", f"campaign-{campaign.pk}", f"account-{place.account.pk}"):
        answer = place.post("brand_figures", {"observed_on": TODAY, "about": about, "leads": "4", "roi": "250,5"})
        assert answer.status_code == 302

    rows = Observation.objects.filter(metric="leads").order_by("pk")
    assert [(row.campaign_id, row.account_id, row.value) for row in rows] == [
        (None, None, 4), (campaign.pk, None, 4), (None, place.account.pk, 4),
    ]  # fmt: skip
    events = Event.objects.filter(verb="analytics.figures_entered").order_by("pk")
    assert [event.label for event in events] == [place.brand.name, "Advent", str(place.account)]
    who = [row[1] for row in cells(place.get("brand_figures", role=Role.GUEST), 0)]
    assert sorted(who) == sorted(["the brand itself", "Advent", str(place.account)])


def test_figures_entered_judge_the_goal_that_counts_them(place: Place) -> None:
    goal = make.goal(brand=place.brand)
    make.target(goal=goal, metric="leads", aggregation="sum", per=Per.WHOLE, value=Decimal(4))

    with TestCase.captureOnCommitCallbacks(execute=True):
        place.post("brand_figures", {"observed_on": TODAY, "about": "brand", "leads": "4"})

    goal.refresh_from_db()
    assert goal.status == "achieved"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"observed_on": TODAY, "about": "brand", "leads": "many"}, "“many” is not a number."),
        ({"observed_on": "2026-11-24", "about": "brand", "leads": "3"}, "This day is in the future."),
        ({"observed_on": TODAY, "about": "brand"}, "Enter at least one figure."),
        ({"observed_on": TODAY, "about": "campaign-999", "leads": "3"}, "campaign-999"),
    ],
)
def test_own_figures_that_cannot_be_are_refused_and_kept(place: Place, data: dict[str, str], words: str) -> None:
    make.campaign()  # of another brand

    answer = place.post("brand_figures", data)

    assert answer.status_code == 422
    assert words in text(answer)
    kept = soup(answer).select_one("input[name=leads]")
    assert kept is not None
    assert kept.get("value", "") == data.get("leads", "")
    assert not Observation.objects.exists()


def test_campaign_of_another_brand_cannot_be_chosen(place: Place) -> None:
    foreign = make.campaign()

    answer = place.post("brand_figures", {"observed_on": TODAY, "about": f"campaign-{foreign.pk}", "leads": "3"})

    assert answer.status_code == 422
    assert not Observation.objects.exists()


def test_guest_reads_and_types_nothing(place: Place) -> None:
    assert "Type figures in" not in text(place.get("brand_figures", role=Role.GUEST))
    assert (
        place.post("brand_figures", {"observed_on": TODAY, "about": "brand", "leads": "4"}, role=Role.GUEST).status_code
        == 403
    )


def test_page_costs_the_same_for_one_and_for_three_notes(place: Place) -> None:
    counts = []
    client = place.client()
    client.get(place.url("brand_figures"))
    for number in range(3):
        campaign = make.campaign(brand=place.brand)
        make.observation(campaign=campaign, metric="leads", value=number)
        with CaptureQueriesContext(connection) as sent:
            client.get(place.url("brand_figures"))
        counts.append(len(sent))

    assert counts[0] == counts[2] == 10


def test_file_with_leads_of_the_brand_a_campaign_and_an_account_is_taken_in(place: Place) -> None:
    make.campaign(brand=place.brand, name="Avent à Lyon")
    make.observation(brand=place.brand, metric="leads", value=3)
    client = place.client()
    content = (
        f"date;network;account;campaign;leads\n{TODAY};;;;4\n{TODAY};;;avent a lyon;6\n"
        f"{TODAY};instagram;maison.roche;;1\n"
    )

    preview = upload(place, content, client)
    assert [row[2:] for row in cells(preview, 0)] == [
        ["", "the brand itself", "Leads 4 was 3"],
        ["", "Avent à Lyon", "Leads 6 new"],
        ["Instagram maison.roche", "the account itself", "Leads 1 new"],
    ]
    client.post(place.url("figures_confirm", pk=CsvDraft.objects.get().pk))

    kept = Observation.objects.filter(source="csv").order_by("value")
    assert [(row.value, row.account, row.campaign and row.campaign.name) for row in kept] == [
        (1, place.account, None), (4, None, None), (6, None, "Avent à Lyon"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (";;Nowhere;4;", "This brand has no campaign “Nowhere”."),
        ("instagram;maison.roche;Advent;4;", "A figure is of a campaign or of an account: leave one of them empty."),
        (";;Advent;4;9", "“likes” belongs to an account or a post: name it."),
        (";;;4;9", "“” is not a network"),
    ],
)
def test_file_that_mixes_what_it_is_about_says_so(place: Place, row: str, words: str) -> None:
    make.campaign(brand=place.brand, name="Advent")

    preview = upload(place, f"date;network;account;campaign;leads;likes\n{TODAY};{row}\n", place.client())

    assert words in text(preview)
