"""Whom the pages of results let in."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from analytics.models import CsvDraft, Observation, Pull
from teams.rules import Role
from tests import make
from tests.analytics.conftest import GOOD, TODAY, Place, soup
from tests.make import NOW

pytestmark = pytest.mark.django_db


READ = ["results", "results_export", "delivery_figures", "account_figures"]
WRITE = ["figures_import", "figures_template", "figures_preview"]
ACT = ["pull_start", "figures_confirm", "figures_discard", "delivery_figures", "account_figures"]


def kwargs_of(place: Place, name: str) -> dict[str, Any]:
    if name == "delivery_figures":
        return {"pk": place.published().pk}
    if name in ("account_figures", "pull_start"):
        return {"pk": place.account.pk}
    if name in ("figures_preview", "figures_confirm", "figures_discard"):
        owner = place.people[Role.EDITOR]
        CsvDraft.objects.all().delete()
        return {"pk": CsvDraft.objects.create(brand=place.brand, by=owner, filename="a", text=GOOD, day_first=False).pk}
    return {}


@pytest.mark.parametrize("name", READ)
def test_guests_read(place: Place, name: str) -> None:
    answer = place.get(name, role=Role.GUEST, **kwargs_of(place, name))

    assert answer.status_code == 200
    assert b"<button" not in answer.content or not soup(answer).select("main form[method=post]")


@pytest.mark.parametrize("name", WRITE)
def test_guests_do_not_import(place: Place, name: str) -> None:
    kwargs = kwargs_of(place, name)
    assert place.get(name, role=Role.GUEST, **kwargs).status_code == 403
    assert place.get(name, **kwargs).status_code == 200


@pytest.mark.parametrize("name", ACT)
def test_guests_change_nothing(place: Place, name: str) -> None:
    data = {"observed_on": TODAY, "likes": "3", "followers": "3"}

    answer = place.post(name, data, role=Role.GUEST, **kwargs_of(place, name))

    assert answer.status_code == 403
    assert not Observation.objects.exists()
    assert not Pull.objects.exists()


@pytest.mark.parametrize("name", sorted({*READ, *WRITE, *ACT}))
def test_strangers_find_nothing(place: Place, name: str) -> None:
    address = place.url(name, **kwargs_of(place, name))
    stranger = Client()
    stranger.force_login(make.person(Role.ADMIN))

    assert stranger.get(address).status_code in (404, 405)
    assert stranger.post(address).status_code in (404, 405)


@pytest.mark.parametrize("name", ["delivery_figures", "account_figures", "pull_start"])
def test_ids_of_other_brands_are_not_there(place: Place, name: str) -> None:
    branch = make.brand(workspace=place.brand.workspace)
    account = make.account(brand=branch)
    delivery = make.delivery(account=account, post=make.post(brand=branch), published_at=NOW - timedelta(days=1))
    foreign = delivery.pk if name == "delivery_figures" else account.pk

    answer = place.post(name, {"observed_on": TODAY, "likes": "3"}, pk=foreign)

    assert answer.status_code == 404
    assert not Observation.objects.exists()
