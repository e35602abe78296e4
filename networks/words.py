"""What the catalogue says, in the reader's words. Its tables hold English; what a site administrator writes into them
stands on the pages as it was written."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import ngettext_lazy, pgettext, pgettext_lazy

from core.templatetags.figures import number

UNITS: Mapping[str, Any] = {
    "characters": ngettext_lazy("character", "characters"),
    "weighted characters": ngettext_lazy("weighted character", "weighted characters"),
    "graphemes": ngettext_lazy("visible character", "visible characters"),
    "images": ngettext_lazy("picture", "pictures"),
    "items": ngettext_lazy("picture or video", "pictures or videos"),
    "attachments": ngettext_lazy("attachment", "attachments"),
    "rows": ngettext_lazy("line", "lines"),
    "seconds": ngettext_lazy("second", "seconds"),
    "minutes": ngettext_lazy("minute", "minutes"),
    "hours": ngettext_lazy("hour", "hours"),
    "bytes": ngettext_lazy("byte", "bytes"),
    "MB": ngettext_lazy("MB", "MB"),
    "GB": ngettext_lazy("GB", "GB"),
    "per post or reel": ngettext_lazy("per post or reel", "per post or reel"),
    "topic tag per post": ngettext_lazy("topic per post", "topics per post"),
}
SOURCES: Mapping[str, Any] = {
    "official": pgettext_lazy("source of a limit", "the network’s own pages"),
    "guide": pgettext_lazy("source of a limit", "a published guide"),
    "aggregator": pgettext_lazy("source of a limit", "pages of a publishing tool"),
    "peer-code": pgettext_lazy("source of a limit", "what publishing tools hold to"),
    "belief": pgettext_lazy("source of a limit", "our estimate"),
}
# The words in brackets after a unit and the fields of a profile are looked up as they stand: here they are marked.
REMARKS = (
    pgettext_lazy("remark on a limit", "1 video per post"),
    pgettext_lazy("remark on a limit", "15 min when the channel is unverified"),
    pgettext_lazy("remark on a limit", "2560 bytes"),
    pgettext_lazy("remark on a limit", "and 3000 bytes"),
    pgettext_lazy("remark on a limit", "by the API; less for some accounts"),
    pgettext_lazy("remark on a limit", "bytes by the API: to be checked"),
    pgettext_lazy("remark on a limit", "default account; older guides say 140 s"),
    pgettext_lazy("remark on a limit", "default account; older guides say 512 MB"),
    pgettext_lazy("remark on a limit", "default; each server sets its own"),
    pgettext_lazy("remark on a limit", "each emoji counted as its UTF-8 bytes"),
    pgettext_lazy("remark on a limit", "gradual since 2025-12-18; was 30"),
    pgettext_lazy("remark on a limit", "limit of a publishing tool"),
    pgettext_lazy("remark on a limit", "limit of a publishing tool; its pages disagree"),
    pgettext_lazy("remark on a limit", "max 2 MB"),
    pgettext_lazy("remark on a limit", "max 2 MB, WEBP/PNG/GIF/JPG"),
    pgettext_lazy("remark on a limit", "minimum recommended"),
    pgettext_lazy("remark on a limit", "name 255, value 255 characters"),
    pgettext_lazy("remark on a limit", "newer pages of publishing tools: 1 GB"),
    pgettext_lazy("remark on a limit", "older guides: 1,000,000"),
    pgettext_lazy("remark on a limit", "older guides: 50 MB"),
    pgettext_lazy("remark on a limit", "or 1 GIF or 1 video"),
    pgettext_lazy("remark on a limit", "other guides: 300x300"),
    pgettext_lazy("remark on a limit", "personal; older guides 120"),
    pgettext_lazy("remark on a limit", "PNG/JPG, max 2 MB"),
    pgettext_lazy("remark on a limit", "story and spotlight by API"),
    pgettext_lazy("remark on a limit", "varies by account"),
)
PROFILE_FIELDS = (
    pgettext_lazy("field of a profile", "4 metadata rows"), pgettext_lazy("field of a profile", "about"),
    pgettext_lazy("field of a profile", "address"), pgettext_lazy("field of a profile", "avatar"),
    pgettext_lazy("field of a profile", "banner"), pgettext_lazy("field of a profile", "bio"),
    pgettext_lazy("field of a profile", "boards with titles and descriptions"),
    pgettext_lazy("field of a profile", "business type"), pgettext_lazy("field of a profile", "call-to-action button"),
    pgettext_lazy("field of a profile", "category"), pgettext_lazy("field of a profile", "channel name"),
    pgettext_lazy("field of a profile", "channel trailer"), pgettext_lazy("field of a profile", "company size"),
    pgettext_lazy("field of a profile", "contact buttons"), pgettext_lazy("field of a profile", "contact e-mail"),
    pgettext_lazy("field of a profile", "country"), pgettext_lazy("field of a profile", "cover"),
    pgettext_lazy("field of a profile", "description"), pgettext_lazy("field of a profile", "discoverable flag"),
    pgettext_lazy("field of a profile", "display name"), pgettext_lazy("field of a profile", "e-mail"),
    pgettext_lazy("field of a profile", "featured hashtags"), pgettext_lazy("field of a profile", "founded"),
    pgettext_lazy("field of a profile", "handle"), pgettext_lazy("field of a profile", "handle (own domain)"),
    pgettext_lazy("field of a profile", "hashtags"), pgettext_lazy("field of a profile", "header"),
    pgettext_lazy("field of a profile", "highlights"), pgettext_lazy("field of a profile", "hours"),
    pgettext_lazy("field of a profile", "industry"), pgettext_lazy("field of a profile", "interests"),
    pgettext_lazy("field of a profile", "keywords"), pgettext_lazy("field of a profile", "lenses"),
    pgettext_lazy("field of a profile", "links"), pgettext_lazy("field of a profile", "location"),
    pgettext_lazy("field of a profile", "locations"), pgettext_lazy("field of a profile", "logo"),
    pgettext_lazy("field of a profile", "name"), pgettext_lazy("field of a profile", "nickname"),
    pgettext_lazy("field of a profile", "page name"), pgettext_lazy("field of a profile", "phone"),
    pgettext_lazy("field of a profile", "pinned post"), pgettext_lazy("field of a profile", "profile photo"),
    pgettext_lazy("field of a profile", "profile picture"), pgettext_lazy("field of a profile", "pronouns"),
    pgettext_lazy("field of a profile", "public URL"), pgettext_lazy("field of a profile", "rel=me verified link"),
    pgettext_lazy("field of a profile", "shop"), pgettext_lazy("field of a profile", "specialties"),
    pgettext_lazy("field of a profile", "tagline"), pgettext_lazy("field of a profile", "type"),
    pgettext_lazy("field of a profile", "username"), pgettext_lazy("field of a profile", "username (from Instagram)"),
    pgettext_lazy("field of a profile", "watermark"), pgettext_lazy("field of a profile", "website"),
    pgettext_lazy("field of a profile", "website (claimed)"), pgettext_lazy("field of a profile", "website link"),
)  # fmt: skip
LIST = "checklist"  # the unit of a list of a profile's fields
_MEASURE = re.compile(r"(?P<unit>[^(]*?)(?: \((?P<remark>.*)\))?")
_SIZE = re.compile(r"(\d+)x(\d+)")


def value_words(value: str, unit: str) -> str:
    """What a fact says: 63,206; 320 × 320; name, bio, links."""
    if unit == LIST:
        return ", ".join(pgettext("field of a profile", item) for item in value.split(";"))
    if value.isdecimal():
        return number(int(value))
    size = _SIZE.fullmatch(value)
    return f"{size[1]} × {size[2]}" if size else value


def unit_words(value: str, unit: str) -> str:
    """Of what, with the remark on it: "pictures (or 1 GIF or 1 video)"; nothing for a list."""
    if unit == LIST or not (parts := _MEASURE.fullmatch(unit)):
        return ""
    unit = parts["unit"]
    words = str(UNITS[unit] % _count(value)) if unit in UNITS else unit
    return f"{words} ({pgettext('remark on a limit', parts['remark'])})" if parts["remark"] else words


def _count(value: str) -> int:
    return int(value) if value.isdecimal() else 2
