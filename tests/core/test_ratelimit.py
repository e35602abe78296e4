"""Limits by person and by address, and whose address it is."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from core import ratelimit
from core.ratelimit import address_of, limited
from teams.rules import Role
from tests import make

FORGED = "203.0.113.9"


def request(*, at: str = "192.0.2.1", forwarded: str = "") -> HttpRequest:
    more = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return RequestFactory().post("/", REMOTE_ADDR=at, **more)


CASES = [
    (0, "", "192.0.2.1"),
    (0, FORGED, "192.0.2.1"),
    (1, "", "192.0.2.1"),
    (1, "198.51.100.7", "198.51.100.7"),
    (1, f"{FORGED}, 198.51.100.7", "198.51.100.7"),
    (2, f"{FORGED}, 198.51.100.7, 192.0.2.8", "198.51.100.7"),
    (2, FORGED, "192.0.2.1"),
]


@pytest.mark.parametrize(("proxies", "forwarded", "address"), CASES)
def test_address_is_what_trusted_proxies_say(proxies: int, forwarded: str, address: str, settings: Any) -> None:
    settings.TRUSTED_PROXIES = proxies

    assert address_of(request(forwarded=forwarded)) == address


@limited("test", an_hour=2)
def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@pytest.mark.parametrize(("proxies", "refused"), [(0, True), (1, True)])
def test_forged_addresses_gain_nothing(proxies: int, refused: bool, settings: Any) -> None:
    """A client that invents a new address for each request is one client all the same."""
    settings.TRUSTED_PROXIES = proxies
    true = ", 198.51.100.7" if proxies else ""
    tries = 2 * ratelimit.A_HOUSE

    answers = [view(request(forwarded=f"10.0.0.{number}{true}")).status_code for number in range(tries + 1)]

    assert answers == [200] * tries + [429]
    assert view(request(at="192.0.2.2", forwarded="198.51.100.8")).status_code == 200


def test_looking_is_not_counted() -> None:
    answers = {view(RequestFactory().get("/")).status_code for _ in range(20)}

    assert answers == {200}


@pytest.mark.django_db
def test_person_who_founds_too_much_is_told_so(client: Client) -> None:
    """The limit follows the person through addresses."""
    client.force_login(make.person(Role.ADMIN))
    address = reverse("workspace_create")

    answers = [client.post(address, {"name": ""}, REMOTE_ADDR=f"192.0.2.{number}") for number in range(21)]

    assert [answer.status_code for answer in answers] == [422] * 20 + [429]
    assert answers[-1].headers["Retry-After"] == "3600"
    assert "too often" in answers[-1].content.decode()
