"""The verbs of personas: write one, note their words and habits, delete one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Unpack, cast

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from activity.services import changes, record
from core.errors import Refusal
from core.models import same_words
from core.uploads import Picture, copy, forget, keep
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
    persona.portrait.name = keep(portrait, PORTRAITS) if portrait else ""
    return _create(persona, channels or {}, by)


@transaction.atomic
def inherit_persona(*, original: Persona, brand: Brand, by: User, now: datetime) -> Persona:
    """Take over a persona of the brand above: it follows the original until it is changed here.

    Raises PersonaError when it is not one of the brand above, or when this brand has one of that name.
    """
    require(by, Permission.WRITE_PERSONA, brand)
    brand = _locked(brand)
    original = Persona.objects.get(pk=original.pk)
    if original.brand_id != brand.parent_id:
        raise PersonaError(_("That persona is not one of the brand above."))
    if brand.personas.filter(inherited_from=original).exists():
        raise PersonaError(_("This brand has taken it over already."))
    persona = Persona(brand=brand, created_at=now, inherited_from=original, **_shared(original))
    persona.portrait.name = copy(original.portrait.name or "", PORTRAITS)
    return _create(persona, channel_facts(original), by)


@transaction.atomic
def edit_persona(
    *,
    persona: Persona,
    by: User,
    now: datetime,
    version: int | None = None,
    channels: Channels | None = None,
    portrait: Picture | None = None,
    drop_portrait: bool = False,
    **facts: Unpack[PersonaFacts],
) -> Persona:
    """Change what is given, leave the rest; branches that follow change too. One that was taken over becomes the
    brand's own. Raises PersonaError, and StaleError when somebody else was faster."""
    require(by, Permission.WRITE_PERSONA, persona.brand)
    persona = _lock(persona)
    persona.require_version(version)
    before = _facts(persona) | _channel_facts(persona)
    for name, value in facts.items():
        setattr(persona, name, value)
    _check(persona)
    _write_channels(persona, channels or {})
    if portrait or drop_portrait:
        _hang(persona, keep(portrait, PORTRAITS) if portrait else "")
    if _save_changes(persona, before, by, overridden_at=now if persona.follows else persona.overridden_at):
        _pass_on(persona, by, hangs=bool(portrait) or drop_portrait)
    return persona


@transaction.atomic
def follow_persona(*, persona: Persona, by: User) -> Persona:
    """Let a persona that was changed here say again what the original says. Raises PersonaError."""
    require(by, Permission.WRITE_PERSONA, persona.brand)
    persona = _lock(persona)
    if persona.inherited_from is None:
        raise PersonaError(_("This persona was not taken over."))
    _copy(persona.inherited_from, persona, by, hangs=True)
    return persona


@transaction.atomic
def note_inspiration(
    *, persona: Persona, own_words: str, sharing: Mapping[str, str], by: User, now: datetime, version: int | None = None
) -> Persona:
    """Keep a persona's own words, and per network when and why they share. Raises StaleError."""
    known = channel_facts(persona)
    channels: dict[str, ChannelFacts] = {
        slug: {**known.get(slug, NOTHING_KNOWN), "sharing": text} for slug, text in sharing.items()
    }
    return edit_persona(persona=persona, by=by, now=now, version=version, channels=channels, own_words=own_words)


@transaction.atomic
def delete_persona(*, persona: Persona, by: User) -> None:
    """Delete a persona and the answers of the goals that were tested against it. Cannot be undone. Branches that took
    it over keep it."""
    require(by, Permission.WRITE_PERSONA, persona.brand)
    persona = Persona.objects.select_for_update().get(pk=persona.pk)
    record(by=by, verb="personas.persona_deleted", target=persona, brand=persona.brand, before=_facts(persona))
    forget(persona.portrait.name or "")
    persona.delete()


def _locked(brand: Brand) -> Brand:
    """One writer of a brand's personas at a time, so that two cannot take the same name."""
    return Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)


def _check(persona: Persona) -> None:
    if _namesakes(persona, persona.name):
        raise PersonaError(_("This brand already has a persona of that name."), field="name")
    if persona.age_min is not None and persona.age_max is not None and persona.age_max < persona.age_min:
        raise PersonaError(_("The upper age is below the lower one."), field="age_max")


def _create(persona: Persona, channels: Channels, by: User) -> Persona:
    persona.workspace_id = persona.brand.workspace_id
    _check(persona)
    persona.save()
    after = {name: value for name, value in _facts(persona).items() if value not in ("", None, False)}
    _write_channels(persona, channels)
    after |= _channel_facts(persona)
    record(by=by, verb="personas.persona_created", target=persona, brand=persona.brand, after=after)
    return persona


def _lock(persona: Persona) -> Persona:
    """Brands are locked before what is in them, the one above before its branches."""
    brand = _locked(persona.brand)
    rows = Persona.objects.select_related("inherited_from").select_for_update(of=("self",))
    found = rows.get(pk=persona.pk)
    found.brand = brand
    return found


def _save_changes(persona: Persona, before: Mapping[str, Any], by: User, *, overridden_at: datetime | None) -> bool:
    """Whether there was anything to save."""
    old, new = changes(before, _facts(persona) | _channel_facts(persona))
    if not new and persona.overridden_at == overridden_at:
        return False
    persona.overridden_at = overridden_at
    persona.version += 1
    persona.save()
    if new:
        record(by=by, verb="personas.persona_edited", target=persona, brand=persona.brand, before=old, after=new)
    return bool(new)


def _pass_on(persona: Persona, by: User, *, hangs: bool) -> None:
    """Branches that follow say the same; one that has another persona of that name keeps its own words. `hangs`: the
    portrait is another one."""
    for heir in persona.heirs.filter(overridden_at__isnull=True).select_related("brand").order_by("brand"):
        heir = _lock(heir)
        if not _namesakes(heir, persona.name):
            _copy(persona, heir, by, hangs=hangs)


def _copy(original: Persona, heir: Persona, by: User, *, hangs: bool) -> None:
    before = _facts(heir) | _channel_facts(heir)
    for name, value in _shared(original).items():
        setattr(heir, name, value)
    _check(heir)
    nothing = dict.fromkeys(channel_facts(heir), NOTHING_KNOWN)
    _write_channels(heir, {**nothing, **channel_facts(original)})
    if hangs:
        _hang(heir, copy(original.portrait.name or "", PORTRAITS))
    if _save_changes(heir, before, by, overridden_at=None):
        _pass_on(heir, by, hangs=hangs)


def _shared(persona: Persona) -> PersonaFacts:
    return cast(PersonaFacts, {name: getattr(persona, name) for name in FACTS})


def _namesakes(persona: Persona, name: str) -> bool:
    return persona.brand.personas.filter(same_words("name", name)).exclude(pk=persona.pk).exists()


def _hang(persona: Persona, name: str) -> None:
    """Another portrait, or none, in place of the one that hangs there."""
    forget(persona.portrait.name or "")
    persona.portrait.name = name


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
