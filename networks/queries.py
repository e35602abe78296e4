"""What other rooms ask the catalogue."""

from collections.abc import Iterable

from networks.models import MetricAvailability, NetworkFact, Subject
from networks.rules.lengths import UNITS, TextLimits, Unit

# Which fact limits the text of a publication.
_TEXT_FIELD = {
    "facebook": "post_text_max",
    "instagram": "caption_max",
    "x": "post_text_max",
    "linkedin": "post_text_max",
    "youtube": "description_max",
    "tiktok": "caption_max_api",
    "pinterest": "description_max",
    "threads": "post_text_max",
    "mastodon": "post_text_max",
    "bluesky": "post_text_max",
}
_VISIBLE_FIELD = {"facebook": "post_text_visible_mobile", "instagram": "caption_visible"}
_OTHER_FIELDS = [
    "post_bytes_max",
    "hashtags_max",
    "links_max",
    "media_required",
    "url_weight",
    "char_weight_default",
    "emoji_weight",
    "char_light_ranges",
    "escaped_chars",
    "escaped_chars_cost",
]
_LIMIT_FIELDS = sorted({*_TEXT_FIELD.values(), *_VISIBLE_FIELD.values(), *_OTHER_FIELDS})


def facts_for(network: str) -> dict[str, NetworkFact]:
    """Every fact about a network as it stands today, by field: corrected where corrected."""
    return {
        fact.field: fact for fact in NetworkFact.objects.for_network(network).current().select_related("corrected_by")
    }


def limits_for(network: str) -> TextLimits:
    """The limits of a text on a network, as they stand today. One query."""
    return limits_for_all([network])[network]


def limits_for_all(networks: Iterable[str]) -> dict[str, TextLimits]:
    """The text limits of several networks. One query, however many."""
    slugs = set(networks)
    found: dict[str, dict[str, str]] = {slug: {} for slug in slugs}
    facts = NetworkFact.objects.filter(network__in=slugs, field__in=_LIMIT_FIELDS).current()
    for slug, field, value in facts.values_list("network_id", "field", "value"):
        found[slug][field] = value
    return {slug: _limits(slug, values) for slug, values in found.items()}


def _limits(network: str, values: dict[str, str]) -> TextLimits:
    return TextLimits(
        network=network,
        unit=UNITS.get(network, Unit.CODE_POINTS),
        text_max=_number(values.get(_TEXT_FIELD.get(network, ""))),
        bytes_max=_number(values.get("post_bytes_max")),
        visible=_number(values.get(_VISIBLE_FIELD.get(network, ""))),
        hashtags_max=_number(values.get("hashtags_max")),
        links_max=_number(values.get("links_max")),
        is_media_required=values.get("media_required") == "yes",
        url_weight=_number(values.get("url_weight")),
        char_weight=_number(values.get("char_weight_default")) or 1,
        emoji_weight=_number(values.get("emoji_weight")) or 1,
        light_ranges=_ranges(values.get("char_light_ranges", "")),
        reserved=values.get("escaped_chars", ""),
        reserved_cost=_number(values.get("escaped_chars_cost")) or 1,
    )


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() else None


def _ranges(value: str) -> tuple[tuple[int, int], ...]:
    pairs = (part.split("-") for part in value.split(",") if part)
    return tuple((int(first), int(last)) for first, last in pairs)


def gives(network: str, metric: str, subject: Subject) -> bool | None:
    """Does the network give this metric? False: show "not available", never 0. None: nobody has looked it up."""
    rows = MetricAvailability.objects.filter(network=network, metric=metric, subject=subject)
    return rows.values_list("is_given", flat=True).first()


def availability(subject: Subject, networks: Iterable[str]) -> dict[tuple[str, str], bool]:
    """(network, metric) -> is it given, for everything that was looked up. One query for a whole page."""
    rows = MetricAvailability.objects.filter(subject=subject, network__in=set(networks))
    return {
        (network, metric): given for network, metric, given in rows.values_list("network_id", "metric_id", "is_given")
    }
