"""Step 4, as far as the audience itself inspires: their words, and when and why they share."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.asking import Column, few
from core.checklist import Check, Checklist
from core.sections import Group, Item, facts
from personas.models import Persona, PersonaChannel
from teams.models import Brand

MOST = 50  # personas whose words and habits are asked for


def columns(brand: Combinable) -> dict[str, Column]:
    """What step 4 counts, as a column of a row that has that brand: whether the words and habits of each persona the
    brand addresses are noted."""
    habits = PersonaChannel.objects.filter(persona=OuterRef("pk")).exclude(sharing="")
    personas = Persona.objects.filter(brand=brand).addressed().order_by("name", "pk")
    return {"audience": few(personas, MOST, id=F("pk"), name=F("name"), words=~Q(own_words=""), habits=Exists(habits))}


def inspiration_checklist(brand: Brand, known: Mapping[str, Any]) -> Checklist:
    """Whether the own words and the sharing habits of each persona the brand addresses are noted."""
    place = {"workspace": brand.workspace.slug, "brand": brand.slug}
    page = reverse("inspiration_list", kwargs=place)
    checks = [check for persona in known["audience"] for check in _checks(persona, page)]
    if not checks:
        url = reverse("persona_list", kwargs=place)
        return Checklist.of([Check(label=_("A persona whose words and habits to note"), is_met=False, url=url)])
    return Checklist.of(checks)


def _checks(persona: Mapping[str, Any], page: str) -> list[Check]:
    url = f"{page}#persona-{persona['id']}"
    return [
        Check(label=_("The own words of %(name)s") % persona, is_met=persona["words"], url=url),
        Check(label=_("When and why %(name)s shares") % persona, is_met=persona["habits"], url=url),
    ]


def inspiration_summary(brand: Brand) -> Mapping[str, Any]:
    """The words and habits of each persona the brand addresses. Two queries."""
    personas = Persona.objects.for_brand(brand).addressed().with_channels()
    return {
        "personas": [
            {
                "id": persona.pk, "name": persona.name, "own_words": persona.own_words,
                "habits": [
                    {"network": channel.network.name, "usage": channel.usage, "sharing": channel.sharing}
                    for channel in persona.channels.all()
                    if channel.usage or channel.sharing
                ],
            }
            for persona in personas
        ]
    }  # fmt: skip


def inspiration_groups(data: Mapping[str, Any]) -> Sequence[Group]:
    items = [
        Item(key=f"persona:{row['id']}", title=row["name"], facts=[
            *facts((_now("Their own words"), row["own_words"])),
            *(fact for habit in row["habits"] for fact in facts(
                (_now("How they use %(network)s") % habit, habit["usage"]),
                (_now("When and why they share on %(network)s") % habit, habit["sharing"]),
            )),
        ])
        for row in data["personas"]
    ]  # fmt: skip
    return [Group(title=_now("The audience’s words and habits"), items=items)]
