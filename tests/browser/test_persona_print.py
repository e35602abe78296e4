"""A persona on paper: one sheet, whatever is noted of ordinary length."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext

from networks.models import Network
from networks.services import load_catalogue
from personas.models import Persona
from teams.models import Brand
from teams.rules import Role
from tests import make
from tests.browser.test_calendar import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
NOTE = "Finds the coffee of the office thin and the queue at the corner too long, and has little time to compare. " * 3


@pytest.fixture
def brand() -> Brand:
    load_catalogue()
    return make.brand(name="Brûlerie")


def full_persona(brand: Brand) -> Persona:
    """With every field filled in, and five networks."""
    names = ("interests", "pain_points", "motivations", "objections", "trigger", "own_words")
    facts = ("place", "job", "income", "education", "family")
    persona = make.persona(
        brand=brand, name="Léa", summary=NOTE, age_min=25, age_max=35, **dict.fromkeys(names, NOTE),
        **dict.fromkeys(facts, "Assistant in a design studio"),
    )  # fmt: skip
    for network in Network.objects.all()[:5]:
        make.persona_channel(
            persona=persona, network=network.pk, share_percent=40, source="Survey of 2026",
            usage="Scrolls on the way to work, saves what looks good.", sharing="On Friday evening, to plan a weekend.",
        )  # fmt: skip
    return persona


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_persona_fits_one_sheet(
    new_context: Callable[..., BrowserContext], live_server: Any, brand: Brand, axe: Any, size: str
) -> None:
    persona = full_persona(brand)
    page = sign_in(new_context(), live_server, make.person(Role.GUEST, brand=brand))
    place = {"workspace": brand.workspace.slug, "brand": brand.slug, "pk": persona.pk}
    page.goto(reverse("persona_detail", kwargs=place))
    page.click("text=Print")

    text = page.inner_text(".persona-paper")
    sheet = page.pdf(format=size)

    assert text.count("Finds the coffee") == 3 * 7
    assert text.count("to plan a weekend") == 5
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    axe(page)
