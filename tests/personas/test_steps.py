"""Step 4, as far as the audience goes."""

import pytest
from django.db.models import OuterRef

from core.checklist import Checklist
from personas import steps
from teams.models import Brand
from tests import make

pytestmark = pytest.mark.django_db


def inspiration_checklist(brand: Brand) -> Checklist:
    asked = steps.columns(OuterRef("pk"))
    return steps.inspiration_checklist(brand, Brand.objects.annotate(**asked).values(*asked).get(pk=brand.pk))


def test_checklist_without_personas_leads_to_the_first() -> None:
    brand = make.brand()

    checklist = inspiration_checklist(brand)

    assert (checklist.share, len(checklist.missing)) == (0, 1)
    assert checklist.missing[0].url == f"/w/{brand.workspace.slug}/b/{brand.slug}/personas/"


def test_checklist_asks_words_and_habits_of_each_persona_that_is_addressed() -> None:
    brand = make.brand()
    lea = make.persona(brand=brand, name="Léa", own_words="Ça réveille.")
    make.persona_channel(persona=lea, sharing="On Sundays.")
    make.persona(brand=brand, name="Max")
    make.persona(brand=brand, name="Nobody", is_negative=True)

    checklist = inspiration_checklist(brand)

    assert [check.is_met for check in checklist.checks] == [True, True, False, False]
    assert "Max" in str(checklist.missing[0].label)
    assert checklist.percent == 50


def test_checklist_leaves_out_other_brands() -> None:
    make.persona(own_words="x")

    assert inspiration_checklist(make.brand()).share == 0
