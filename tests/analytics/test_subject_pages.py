"""The pages of one post and of one account: figures, typing in, fetching."""

from datetime import timedelta
from decimal import Decimal

import pytest

from analytics.models import Observation, Pull, Source
from audits.models import SocialAccount
from core.duework import DueState
from networks.models import Subject
from teams.rules import Role
from tests import make
from tests.analytics.conftest import TODAY, Place, cells, soup, text
from tests.make import NOW

pytestmark = pytest.mark.django_db


# -- one post, one account --------------------------------------------------------------------------------------------


def test_figures_of_a_post_are_typed_in(place: Place) -> None:
    delivery = place.published()

    answer = place.post(
        "delivery_figures", {"observed_on": TODAY, "likes": "1\u202f234", "comments": ""}, pk=delivery.pk
    )

    assert answer.status_code == 302
    row = Observation.objects.get()
    assert (row.metric_id, row.value, row.source) == ("likes", 1234, Source.TYPED)


def test_page_of_a_post_offers_what_its_network_gives_and_names_the_rest(place: Place) -> None:
    page = soup(place.get("delivery_figures", pk=place.published().pk))

    fields = {field["name"] for field in page.select("main form input:not([type=hidden])")}
    assert fields == {"observed_on", "likes", "comments"}
    assert page.select_one("input[name=observed_on]")["value"] == TODAY  # type: ignore[index]
    assert "Not available: Instagram does not give Shares." in " ".join(page.get_text(" ").split()).replace(" .", ".")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"observed_on": TODAY, "likes": "many"}, "“many” is not a number."),
        ({"observed_on": TODAY, "likes": "1,234"}, "can be read two ways"),
        ({"observed_on": "2026-11-24", "likes": "3"}, "This day is in the future."),
        ({"observed_on": "2026-11-01", "likes": "3"}, "On that day it was not published yet."),
        ({"observed_on": TODAY}, "Enter at least one figure."),
    ],
)
def test_figures_that_cannot_be_are_refused_beside_their_field(place: Place, data: dict[str, str], words: str) -> None:
    answer = place.post("delivery_figures", data, pk=place.published().pk)

    assert answer.status_code == 422
    assert words in text(answer)
    kept = soup(answer).select_one("input[name=likes]")
    assert kept is not None
    assert kept.get("value", "") == data.get("likes", "")
    assert not Observation.objects.exists()


def test_page_of_a_post_that_is_not_published_says_so(place: Place) -> None:
    delivery = make.delivery(account=place.account, post=make.post(brand=place.brand))

    answer = place.get("delivery_figures", pk=delivery.pk)

    assert "no figures yet" in text(answer)


def test_page_of_an_account_shows_where_its_figures_come_from(place: Place) -> None:
    make.observation(account=place.account, metric="followers", value=1000, source=Source.CSV)

    answer = place.get("account_figures", pk=place.account.pk)

    assert cells(answer, 0) == [["11/23/2026", "imported from CSV", "11/23/2026 10 a.m. CET", "Followers 1,000"]]
    assert "Not connected" in text(answer)


def test_figures_of_an_account_are_typed_in(place: Place) -> None:
    answer = place.post("account_figures", {"observed_on": TODAY, "followers": "5210"}, pk=place.account.pk)

    assert answer.status_code == 302
    assert Observation.objects.get().value == 5210


# -- fetching ---------------------------------------------------------------------------------------------------------


def connected(place: Place) -> SocialAccount:
    account = make.account(brand=place.brand, network="mastodon", handle="roche")
    make.connection(account=account)
    return account


def test_fetch_now_asks_once_and_the_page_follows_it(place: Place) -> None:
    account = connected(place)

    first, second = place.post("pull_start", pk=account.pk), place.post("pull_start", pk=account.pk)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Pull.objects.get().asked_by == place.people[Role.EDITOR]
    part = soup(place.get("account_figures", pk=account.pk)).select_one("#pull")
    assert part is not None
    assert part["hx-trigger"] == "every 2s"
    assert "Fetching" in part.get_text()


def test_page_stops_asking_once_the_pull_is_done(place: Place) -> None:
    account = connected(place)
    Pull.objects.create(account=account, due_at=NOW, next_attempt_at=NOW, state=DueState.DONE, done_at=NOW)

    part = soup(place.get("account_figures", pk=account.pk)).select_one("#pull")

    assert part is not None
    assert "hx-trigger" not in part.attrs
    assert "Fetched just now" in " ".join(part.get_text(" ").split())


def test_page_says_why_a_pull_waits(place: Place) -> None:
    account = connected(place)
    later = NOW + timedelta(minutes=9)
    Pull.objects.create(
        account=account, due_at=NOW, next_attempt_at=later, attempts=1, last_error="RateLimited: The network asks…"
    )

    words = text(place.get("account_figures", pk=account.pk))

    assert "The network asks us to wait. Sextant tries again at 10:09 a.m. CET" in words


def test_fetch_that_cannot_be_says_why(place: Place) -> None:
    client = place.client()

    client.post(place.url("pull_start", pk=place.account.pk))

    assert "is not connected" in text(client.get(place.url("account_figures", pk=place.account.pk)))


def test_percentages_keep_their_decimals(place: Place) -> None:
    make.metric("engagement_rate", unit="percent")
    make.given("instagram", Subject.DELIVERY, "engagement_rate")

    place.post("delivery_figures", {"observed_on": TODAY, "engagement_rate": "3,25"}, pk=place.published().pk)

    assert Observation.objects.get().value == Decimal("3.25")
