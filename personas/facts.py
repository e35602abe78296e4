"""What can be known of a persona, as plain data."""

from typing import TypedDict

from personas.models import Persona, PersonaChannel, Presence


class PersonaFacts(TypedDict, total=False):
    """What is known of a persona besides its networks."""

    name: str
    is_negative: bool
    summary: str
    age_min: int | None
    age_max: int | None
    place: str
    job: str
    income: str
    education: str
    family: str
    interests: str
    pain_points: str
    motivations: str
    objections: str
    trigger: str
    own_words: str


class ChannelFacts(TypedDict, total=False):
    """What is known of a persona on one network."""

    presence: str
    share_percent: int | None
    source: str
    usage: str
    sharing: str


FACTS = tuple(PersonaFacts.__annotations__)
CHANNEL_FACTS = tuple(ChannelFacts.__annotations__)
NOTHING_KNOWN: ChannelFacts = {
    "presence": Presence.UNKNOWN, "share_percent": None, "source": "", "usage": "", "sharing": "",
}  # fmt: skip


def channel_facts(persona: Persona) -> dict[str, ChannelFacts]:
    """What is known of a persona, by network."""
    return {
        channel.network_id: ChannelFacts(
            presence=channel.presence, share_percent=channel.share_percent, source=channel.source,
            usage=channel.usage, sharing=channel.sharing,
        )
        for channel in PersonaChannel.objects.filter(persona=persona)
    }  # fmt: skip
