"""The verbs of personas: write one, note their words and habits, delete one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from activity.services import changes, record
from core.errors import Refusal
from core.models import same_words
from core.uploads import Picture, forget, keep
from networks.models import Network
from personas.facts import FACTS, NOTHING_KNOWN, ChannelFacts, PersonaFacts, channel_facts
from personas.models import Persona, PersonaChannel
from teams.access import require
from teams.models import Brand, User
from teams.rules import Permission


class PersonaError(Refusal):
    """A persona cannot be written like this."""


PORTRAITS = "portraits"
Channels = Mapping[str, ChannelFacts]  # by the network's short name


@transaction.atomic
def create_persona(
    *,
    brand: Brand,
    by: User,
    now: datetime,
    channels: Channels | None = None,
    portrait: Picture | None = None,
    **facts: Unpack[PersonaFacts],
) -> Persona:
    """Write a persona with all that is known of it on each network. Raises PersonaError."""
    require(by, Permission.WRITE_PERSONA, brand)
    persona = Persona(brand=_locked(brand), created_at=now, **facts)
    _check(persona)
    persona.portrait.name = keep(portrait, PORTRAITS) if portrait else ""
    persona.save()
    after = {name: value for name, value in _facts(persona).items() if value not in ("", None, False)}
    _write_channels(persona, channels or {})
    record(by=by, verb="personas.persona_created", target=persona, brand=brand, after=after | _channel_facts(persona))
    return persona


@transaction.atomic
def edit_persona(
    *,
    persona: Persona,
    by: User,
    version: int | None = None,
    channels: Channels | None = None,
    portrait: Picture | None = None,
    drop_portrait: bool = False,
    **facts: Unpack[PersonaFacts],
) -> Persona:
    """Change what is given, leave the rest. Raises PersonaError, and StaleError when somebody else was faster."""
    require(by, Permission.WRITE_PERSONA, persona.brand)
    brand = _locked(persona.brand)
    persona = Persona.objects.select_for_update().get(pk=persona.pk)
    persona.brand = brand
    persona.require_version(version)
    before = _facts(persona) | _channel_facts(persona)
    for name, value in facts.items():
        setattr(persona, name, value)
    _check(persona)
    _write_channels(persona, channels or {})
    if portrait or drop_portrait:
        _hang(persona, portrait)
    old, new = changes(before, _facts(persona) | _channel_facts(persona))
    if new:
        persona.version += 1
        persona.save(update_fields=["version", "portrait", *facts])
        record(by=by, verb="personas.persona_edited", target=persona, brand=brand, before=old, after=new)
    return persona


@transaction.atomic
def note_inspiration(
    *, persona: Persona, own_words: str, sharing: Mapping[str, str], by: User, version: int | None = None
) -> Persona:
    """Keep a persona's own words, and per network when and why they share. Raises StaleError."""
    known = channel_facts(persona)
    channels: dict[str, ChannelFacts] = {
        slug: {**known.get(slug, NOTHING_KNOWN), "sharing": text} for slug, text in sharing.items()
    }
    return edit_persona(persona=persona, by=by, version=version, channels=channels, own_words=own_words)


@transaction.atomic
def delete_persona(*, persona: Persona, by: User) -> None:
    """Delete a persona and the answers of the goals that were tested against it. Cannot be undone."""
    require(by, Permission.WRITE_PERSONA, persona.brand)
    persona = Persona.objects.select_for_update().get(pk=persona.pk)
    record(by=by, verb="personas.persona_deleted", target=persona, brand=persona.brand, before=_facts(persona))
    forget(persona.portrait.name or "")
    persona.delete()


def _locked(brand: Brand) -> Brand:
    """One writer of a brand's personas at a time, so that two cannot take the same name."""
    return Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)


def _check(persona: Persona) -> None:
    namesakes = persona.brand.personas.filter(same_words("name", persona.name)).exclude(pk=persona.pk)
    if namesakes.exists():
        raise PersonaError(_("This brand already has a persona of that name."), field="name")
    if persona.age_min is not None and persona.age_max is not None and persona.age_max < persona.age_min:
        raise PersonaError(_("The upper age is below the lower one."), field="age_max")


def _hang(persona: Persona, portrait: Picture | None) -> None:
    """Another portrait, or none, in place of the one that hangs there."""
    forget(persona.portrait.name or "")
    persona.portrait.name = keep(portrait, PORTRAITS) if portrait else ""


def _facts(persona: Persona) -> dict[str, Any]:
    return {name: getattr(persona, name) for name in FACTS} | {"portrait": persona.portrait.name or ""}


def _channel_facts(persona: Persona) -> dict[str, Any]:
    return {f"channel {slug}": dict(facts) for slug, facts in channel_facts(persona).items()}


def _write_channels(persona: Persona, channels: Channels) -> None:
    """A network of which nothing is known takes no row."""
    networks = set(Network.objects.filter(pk__in=channels).values_list("pk", flat=True))
    empty = [slug for slug, facts in channels.items() if {**NOTHING_KNOWN, **facts} == NOTHING_KNOWN]
    PersonaChannel.objects.filter(persona=persona, network__in=empty).delete()
    for slug in networks.difference(empty):
        values = {**NOTHING_KNOWN, **channels[slug]}
        PersonaChannel.objects.update_or_create(persona=persona, network_id=slug, defaults=values)
