"""The results of a period, on the page and as CSV."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.analytics.conftest import Place, cells, soup, text
from tests.make import NOW

pytestmark = pytest.mark.django_db


def test_results_tell_zero_not_yet_and_not_available_apart(place: Place) -> None:
    mastodon = make.account(brand=place.brand, network="mastodon", handle="roche@mastodon.example")
    one, other = place.published(title="With figures"), place.published(mastodon, title="On Mastodon", days=2)
    make.observation(delivery=one, metric="likes", value=0)
    make.observation(delivery=one, metric="comments", value=6)

    answer = place.get("results")

    rows = {row[0]: row[1:] for row in cells(answer, 1)}
    assert rows["With figures Instagram maison.roche"][1:3] == ["6", "0"]
    assert rows["On Mastodon Mastodon roche@mastodon.example"][1:3] == ["– not available", "not yet"]
    assert other.pk


def test_results_add_up_each_account_and_say_from_how_many_posts(place: Place) -> None:
    for likes in (30, 40):
        make.observation(delivery=place.published(), metric="likes", value=likes)
    place.published()
    place.published(days=60)  # before the period
    make.observation(account=place.account, metric="followers", value=1000, observed_on=NOW.date() - timedelta(days=20))
    make.observation(account=place.account, metric="followers", value=1234)

    rows = cells(place.get("results"), 0)

    assert rows[0][:5] == ["Instagram maison.roche", "1,234", "+234", "3", "70 2 of 3 posts"]


def test_results_of_a_period_in_which_nothing_was_published_add_up_to_zero(place: Place) -> None:
    rows = cells(place.get("results"), 0)

    assert rows[0][:5] == ["Instagram maison.roche", "not yet", "not yet", "0", "0"]


def test_results_are_sorted_by_a_figure_with_unknown_ones_last(place: Place) -> None:
    for title, likes in (("Low", 3), ("High", 50), ("Unknown", None)):
        delivery = place.published(title=title)
        if likes:
            make.observation(delivery=delivery, metric="likes", value=likes)

    down, up = place.get("results", {"sort": "likes"}), place.get("results", {"sort": "likes", "order": "up"})

    assert [row[0].split()[0] for row in cells(down, 1)] == ["High", "Low", "Unknown"]
    assert [row[0].split()[0] for row in cells(up, 1)] == ["Low", "High", "Unknown"]
    assert soup(down).select_one("th[aria-sort=descending]").get_text(strip=True) == "Likes"  # type: ignore[union-attr]


def test_results_take_the_period_in_the_address(place: Place) -> None:
    place.published(title="Early", days=40)
    place.published(title="Late", days=2)

    answer = place.get("results", {"first": "2026-10-01", "last": "2026-10-31"})

    assert [row[0].split()[0] for row in cells(answer, 1)] == ["Early"]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-11-20", "2026-11-01", "The period must end on or after the day it starts."),
        ("2024-01-01", "2026-01-01", "Choose a year at most."),
        ("soon", "2026-01-01", "Enter a valid date."),
    ],
)
def test_results_refuse_a_period_that_cannot_be(place: Place, first: str, last: str, words: str) -> None:
    answer = place.get("results", {"first": first, "last": last})

    assert answer.status_code == 422
    assert words in text(answer)


@pytest.mark.parametrize("query", [{"page": "0"}, {"page": "x"}, {"page": "99999999999"}, {"sort": "nonsense"}])
def test_results_survive_any_address(place: Place, query: dict[str, str]) -> None:
    place.published()

    assert place.get("results", query).status_code == 200


def test_results_without_accounts_lead_to_them(place: Place) -> None:
    place.account.delete()

    assert "Figures will stand here" in text(place.get("results"))


def test_results_cost_the_same_for_any_number_of_rows(place: Place) -> None:
    client, counts = place.client(), []
    client.get(place.url("results"))
    for networks in (["instagram"], ["mastodon", "instagram"]):
        for network in networks:
            account = make.account(brand=place.brand, network=network)
            make.observation(account=account, metric="followers")
            make.observation(delivery=place.published(account), metric="likes")
        with CaptureQueriesContext(connection) as queries:
            client.get(place.url("results"), {"sort": "likes"})
        counts.append(len(queries))

    assert counts == [13, 13]


def test_export_guards_formulas_and_keeps_the_three_kinds_of_nothing(place: Place) -> None:
    mastodon = make.account(brand=place.brand, network="mastodon", handle="@roche")
    one = place.published(title="=HYPERLINK(1)")
    make.observation(delivery=one, metric="likes", value=0)
    other = place.published(mastodon, title="Other")

    answer = place.get("results_export")

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "published on,network,account,post,title,Comments,Likes,Shares,newest figure (UTC)"
    assert lines[1:] == [
        f"2026-11-20,instagram,maison.roche,{one.pk},'=HYPERLINK(1),,0,–,2026-11-23 09:00",
        f"2026-11-20,mastodon,'@roche,{other.pk},Other,–,,,",
    ]


@pytest.mark.parametrize(("first", "last"), [("0001-01-01", "0001-02-01"), ("9999-12-01", "9999-12-31")])
def test_period_beyond_all_reckoning_is_refused(client: Client, first: str, last: str) -> None:
    brand = make.brand()
    client.force_login(make.person(brand=brand))

    answer = client.get(f"/w/{brand.workspace.slug}/b/{brand.slug}/results/", {"first": first, "last": last})

    assert answer.status_code == 422
