"""The pages of personas, as each role sees them."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from personas.models import Persona, PersonaChannel
from teams.models import Brand, Membership
from teams.rules import Role
from tests import make

pytestmark = pytest.mark.django_db


def at(brand: Brand, name: str, **kwargs: Any) -> str:
    return reverse(name, kwargs={"workspace": brand.workspace.slug, "brand": brand.slug, **kwargs})


def enter(client: Client, role: Role = Role.EDITOR, brand: Brand | None = None) -> Brand:
    """Signs in a member with that role; answers the brand."""
    brand = brand or make.brand()
    client.force_login(make.person(role, brand=brand))
    return brand


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def typed(**values: Any) -> dict[str, Any]:
    """What the form sends for a persona, with one row for each network of the catalogue."""
    rows = {f"{slug}-presence": "unknown" for slug in ("instagram", "x")}
    return {"name": "Léa", "summary": "New to filter coffee.", **rows, **values}


@pytest.fixture(autouse=True)
def _networks() -> None:
    make.network("instagram", position=1)
    make.network("x", position=2)


@pytest.mark.parametrize("count", [1, 3])
def test_persona_list_asks_the_same_for_one_and_for_three(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    brand = enter(client)
    for _ in range(count):
        persona = make.persona(brand=brand)
        make.persona_channel(persona=persona)
        make.persona_channel(persona=persona, network="x")
    client.get(at(brand, "persona_list"))

    with django_assert_num_queries(QUERIES):
        response = client.get(at(brand, "persona_list"))

    assert len(soup(response).select(".persona-card")) == count


@pytest.mark.parametrize("count", [1, 3])
def test_inspiration_list_asks_the_same_for_one_and_for_three(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    brand = enter(client)
    for _ in range(count):
        make.persona_channel(persona=make.persona(brand=brand))
    client.get(at(brand, "inspiration_list"))

    with django_assert_num_queries(QUERIES):
        response = client.get(at(brand, "inspiration_list"))

    assert len(soup(response).select("section.card")) == count


QUERIES = (
    7  # session, person, brand with membership and frame; personas, their channels; memberships, brands of the frame
)


@pytest.mark.parametrize(("role", "is_offered"), [(Role.GUEST, False), (Role.EDITOR, True)])
def test_empty_persona_list_offers_the_first_act_to_those_who_may(client: Client, role: Role, is_offered: bool) -> None:
    brand = enter(client, role)

    page = soup(client.get(at(brand, "persona_list")))

    assert len(page.select("h1")) == 1
    assert (page.select_one(".empty a.btn-primary") is not None) is is_offered


def test_persona_create_saves_the_persona_and_its_networks(client: Client) -> None:
    brand = enter(client)

    response = client.post(
        at(brand, "persona_create"),
        typed(**{"instagram-presence": "yes", "instagram-share_percent": "40", "x-presence": "no"}),
    )

    persona = Persona.objects.get()
    assert (response.status_code, response["Location"]) == (302, at(brand, "persona_detail", pk=persona.pk))
    rows = persona.channels.order_by("network").values_list("network", "presence", "share_percent")
    assert list(rows) == [("instagram", "yes", 40), ("x", "no", None)]


def test_persona_create_saves_nothing_when_one_network_is_wrong(client: Client) -> None:
    brand = enter(client)

    response = client.post(
        at(brand, "persona_create"),
        typed(**{"instagram-presence": "yes", "x-share_percent": "140", "x-usage": "Reads <b>news</b>."}),
    )

    page = soup(response)
    assert (response.status_code, Persona.objects.count(), PersonaChannel.objects.count()) == (422, 0, 0)
    assert page.select_one("#div_id_x-share_percent .field-error") is not None
    assert page.select_one(".error-summary a")["href"] == "#id_x-share_percent"
    assert page.select_one("#id_x-usage").text.strip() == "Reads <b>news</b>."
    assert page.select_one("input[name=instagram-presence][value=yes]").has_attr("checked")


def test_persona_create_puts_a_name_in_use_beside_its_field(client: Client) -> None:
    brand = enter(client)
    make.persona(brand=brand, name="Léa")

    response = client.post(at(brand, "persona_create"), typed())

    assert response.status_code == 422
    assert soup(response).select_one("#div_id_name .field-error") is not None


def test_persona_edit_starts_with_what_is_known(client: Client) -> None:
    brand = enter(client)
    persona = make.persona(brand=brand, name="Léa")
    make.persona_channel(persona=persona, sharing="On Sundays.")

    page = soup(client.get(at(brand, "persona_edit", pk=persona.pk)))

    assert page.select_one("#id_name")["value"] == "Léa"
    assert page.select_one("#id_instagram-sharing").text.strip() == "On Sundays."
    assert page.select_one("input[name=instagram-presence][value=yes]").has_attr("checked")


def test_persona_edit_shows_both_versions_to_the_second_and_then_saves(client: Client) -> None:
    brand = enter(client)
    persona = make.persona(brand=brand, name="Léa", job="roaster", version=2)
    make.persona_channel(persona=persona, usage="Saved by a colleague.")
    mine = typed(version="1", job="barista", **{"instagram-presence": "yes", "instagram-usage": "Mine."})

    refused = client.post(at(brand, "persona_edit", pk=persona.pk), mine)

    page = soup(refused)
    assert refused.status_code == 422
    assert "“roaster”" in page.select_one("#div_id_job .field-error").text
    assert "“Saved by a colleague.”" in page.select_one("#div_id_instagram-usage .field-error").text
    assert page.select_one("#div_id_name .field-error") is None
    assert page.select_one("#id_job")["value"] == "barista"
    assert page.select_one("input[name=version]")["value"] == "2"

    client.post(at(brand, "persona_edit", pk=persona.pk), {**mine, "version": "2"})

    persona.refresh_from_db()
    assert (persona.job, persona.channels.get().usage) == ("barista", "Mine.")


def test_persona_detail_escapes_what_was_typed(client: Client) -> None:
    brand = enter(client, Role.GUEST)
    persona = make.persona(brand=brand, own_words="<script>alert(1)</script>")

    response = client.get(at(brand, "persona_detail", pk=persona.pk))

    assert soup(response).select_one("blockquote").text.strip() == "<script>alert(1)</script>"
    links = [link["href"] for link in soup(response).select(".page-actions a")]
    assert links == [at(brand, "persona_print", pk=persona.pk)]  # a guest prints, and changes nothing


def test_persona_delete_says_what_goes_with_it_and_asks(client: Client) -> None:
    brand = enter(client)
    persona = make.persona(brand=brand)
    for _ in range(2):
        make.goal_persona(goal=make.goal(plan=brand.plans.first() or make.plan(brand=brand)), persona=persona)

    page = soup(client.get(at(brand, "persona_delete", pk=persona.pk)))

    assert "2 goals were tested against this persona." in page.select_one(".alert").text
    assert Persona.objects.count() == 1

    response = client.post(at(brand, "persona_delete", pk=persona.pk))

    assert (response["Location"], Persona.objects.count()) == (at(brand, "persona_list"), 0)


def test_inspiration_edit_answers_htmx_with_the_part_and_a_browser_with_a_page(client: Client) -> None:
    brand = enter(client)
    persona = make.persona(brand=brand)
    make.persona_channel(persona=persona)
    url = at(brand, "inspiration_edit", pk=persona.pk)
    values = {"version": "1", "own_words": "Ça réveille.", "sharing-instagram": "On Sundays."}

    for headers, is_in_place in [({"HTTP_HX_REQUEST": "true"}, True), ({}, False)]:
        form = soup(client.get(url, **headers)).select_one("main form")
        assert form.has_attr("hx-post") is is_in_place
    part = client.post(url, values, HTTP_HX_REQUEST="true")
    plain = client.post(url, {**values, "version": "2", "own_words": "Ça réveille bien."})

    assert part.status_code == 200
    assert soup(part).select_one(f"#persona-{persona.pk} blockquote").text.strip() == "Ça réveille."
    assert soup(part).select_one("html") is None
    assert plain["Location"] == at(brand, "inspiration_list")
    persona.refresh_from_db()
    assert (persona.own_words, persona.channels.get().sharing) == ("Ça réveille bien.", "On Sundays.")


def test_inspiration_edit_loses_nothing_when_two_write(client: Client) -> None:
    brand = enter(client)
    persona = make.persona(brand=brand, own_words="Theirs.", version=2)

    response = client.post(at(brand, "inspiration_edit", pk=persona.pk), {"version": "1", "own_words": "Mine."})

    page = soup(response)
    assert response.status_code == 422
    assert "“Theirs.”" in page.select_one("#div_id_own_words .field-error").text
    assert page.select_one("#id_own_words").text.strip() == "Mine."


PAGES = ["persona_detail", "persona_edit", "persona_delete", "inspiration_edit"]


@pytest.mark.parametrize("name", PAGES)
def test_persona_of_another_brand_is_not_there(client: Client, name: str) -> None:
    brand = enter(client, Role.ADMIN)
    foreign = make.persona()
    sister = make.persona(brand=make.brand(workspace=brand.workspace))

    for persona in (foreign, sister):
        assert client.get(at(brand, name, pk=persona.pk)).status_code == 404
        assert client.post(at(brand, name, pk=persona.pk), typed()).status_code in (404, 405)

    assert Persona.objects.count() == 2


@pytest.mark.parametrize("name", ["persona_edit", "persona_delete", "inspiration_edit"])
def test_guest_may_not_write(client: Client, name: str) -> None:
    brand = enter(client, Role.GUEST)
    persona = make.persona(brand=brand)

    assert client.post(at(brand, name, pk=persona.pk), typed()).status_code == 403
    assert Persona.objects.get().summary == persona.summary


def test_removed_member_finds_nothing(client: Client) -> None:
    brand = enter(client)
    Membership.objects.all().delete()

    assert client.get(at(brand, "persona_list")).status_code == 404


def test_persona_create_puts_ages_in_the_wrong_order_beside_the_upper_one(client: Client) -> None:
    brand = enter(client)

    page = soup(client.post(at(brand, "persona_create"), typed(age_min="30", age_max="20")))

    assert [link["href"] for link in page.select(".error-summary a")] == ["#id_age_max"]
