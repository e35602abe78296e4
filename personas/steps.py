"""Step 4, as far as the audience itself inspires: their words, and when and why they share."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.checklist import Check, Checklist
from core.sections import Group, Item, facts
from personas.models import Persona
from teams.models import Brand


def inspiration_checklist(brand: Brand) -> Checklist:
    """Whether the own words and the sharing habits of each persona the brand addresses are noted. Two queries."""
    place = {"workspace": brand.workspace.slug, "brand": brand.slug}
    page = reverse("inspiration_list", kwargs=place)
    personas = Persona.objects.for_brand(brand).addressed().with_channels()
    checks = [check for persona in personas for check in _checks(persona, page)]
    if not checks:
        url = reverse("persona_list", kwargs=place)
        return Checklist.of([Check(label=_("A persona whose words and habits to note"), is_met=False, url=url)])
    return Checklist.of(checks)


def _checks(persona: Persona, page: str) -> list[Check]:
    url = f"{page}#persona-{persona.pk}"
    habits = any(channel.sharing for channel in persona.channels.all())
    words = _("The own words of %(name)s") % {"name": persona.name}
    return [
        Check(label=words, is_met=bool(persona.own_words), url=url),
        Check(label=_("When and why %(name)s shares") % {"name": persona.name}, is_met=habits, url=url),
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
