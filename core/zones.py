"""The time zones of the world, named as the reader names their cities."""

import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from django.utils.translation import override, pgettext_lazy

REGIONS: Mapping[str, Any] = {  # the first words of IANA's names; what begins with another word is an old alias
    "Africa": pgettext_lazy("part of the world", "Africa"),
    "America": pgettext_lazy("part of the world", "America"),
    "Antarctica": pgettext_lazy("part of the world", "Antarctica"),
    "Arctic": pgettext_lazy("part of the world", "Arctic"),
    "Asia": pgettext_lazy("part of the world", "Asia"),
    "Atlantic": pgettext_lazy("part of the world", "Atlantic"),
    "Australia": pgettext_lazy("part of the world", "Australia"),
    "Europe": pgettext_lazy("part of the world", "Europe"),
    "Indian": pgettext_lazy("part of the world", "Indian Ocean"),
    "Pacific": pgettext_lazy("part of the world", "Pacific"),
}


@cache
def zones_in(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The IANA zones of places by part of the world, each part in the order of its cities' names in that language."""
    cities = {name: names.get("city") for name, names in Locale.parse(language, sep="-").time_zones.items()}
    places = {name: name.partition("/")[2].replace("_", " ") for name in available_timezones()}
    called = {name: cities.get(name) or place for name, place in places.items()}
    count = Counter(called.values())  # a zone and its old name have one city, and are told apart by their own words
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name, place in places.items():
        region = name.partition("/")[0]
        if region in groups:
            groups[region].append((name, called[name] if count[called[name]] == 1 else place))
    with override(language):
        named = [(str(REGIONS[region]), sorted(zones, key=_order)) for region, zones in groups.items()]
    return [("UTC", [("UTC", "UTC")]), *named]


def _order(zone: tuple[str, str]) -> tuple[str, str]:
    """Accents do not count: Égypte stands among the e's."""
    bare = unicodedata.normalize("NFD", zone[1])
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold(), zone[0]
