"""What the pages of personas read."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CASCADE, QuerySet

from personas.facts import CHANNEL_FACTS, FACTS, NOTHING_KNOWN, channel_facts
from personas.models import Persona, PersonaChannel, Presence
from teams.models import Brand


def persona_cards(brand: Brand) -> QuerySet[Persona]:
    """The personas of a brand with their networks, those that it addresses first. Two queries."""
    return Persona.objects.for_brand(brand).with_channels().order_by("is_negative", "name")


def networks_here(persona: Persona) -> list[PersonaChannel]:
    """The networks on which the persona is known to be (of one fetched by `with_channels`)."""
    return [channel for channel in persona.channels.all() if channel.presence == Presence.YES]


def networks_known(persona: Persona) -> list[PersonaChannel]:
    """Those of which something is known, where the persona is first (of one fetched by `with_channels`)."""
    known = [row for row in persona.channels.all() if row.presence != Presence.UNKNOWN or row.usage or row.sharing]
    return sorted(known, key=lambda row: row.presence != Presence.YES)


def saved_values(persona: Persona, networks: Iterable[str]) -> dict[str, Any]:
    """What is stored now, by the names of the form's fields."""
    known = channel_facts(persona)
    values = {name: getattr(persona, name) for name in FACTS}
    for slug in networks:
        row = {**NOTHING_KNOWN, **known.get(slug, {})}
        values |= {f"{slug}-{name}": row[name] for name in CHANNEL_FACTS}
    return values


def answers_lost(persona: Persona) -> int:
    """How many answers of goals would go with the persona (rows of higher rooms that hang on it)."""
    own = {PersonaChannel}
    relations = [relation for relation in persona._meta.related_objects if relation.on_delete is CASCADE]
    return sum(
        relation.related_model._default_manager.filter(**{relation.field.name: persona}).count()
        for relation in relations
        if relation.related_model not in own
    )
