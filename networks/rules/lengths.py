"""How long a text is for a network, and whether it fits.

Networks disagree about what a character is: X weighs code points, Bluesky counts what a reader sees and bytes besides,
Threads counts the bytes of emoji, LinkedIn charges for characters it reserves. The numbers are not here: they come
dated from the catalogue (`networks.queries.limits_for`), as a `TextLimits`.
"""

import enum
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import regex

from networks.rules.emoji import emoji_spans, graphemes
from networks.rules.urls import Span, mastodon_urls, x_urls


class Unit(enum.Enum):
    """What a network counts."""

    CODE_POINTS = "code_points"
    WEIGHTED = "weighted"
    GRAPHEMES = "graphemes"
    EMOJI_BYTES = "emoji_bytes"
    ESCAPED = "escaped"


class Code(enum.Enum):
    """What is wrong with a text, or worth knowing."""

    TOO_LONG = "too_long"  # over: by how much; limit
    TOO_MANY_BYTES = "too_many_bytes"  # over; limit
    TOO_MANY_HASHTAGS = "too_many_hashtags"  # count; limit
    TOO_MANY_LINKS = "too_many_links"  # count; limit
    FORBIDDEN_CHARACTER = "forbidden_character"
    FOLDED = "folded"  # limit: what shows before "more"
    MEDIA_REQUIRED = "media_required"


@dataclass(frozen=True)
class Finding:
    """One thing found in a text; whoever shows it says it in words."""

    code: Code
    limit: int = 0
    count: int = 0

    @property
    def over(self) -> int:
        return self.count - self.limit


@dataclass(frozen=True, kw_only=True)
class TextLimits:
    """What the catalogue knows today about the texts of a network. None: it knows no such limit."""

    network: str
    unit: Unit = Unit.CODE_POINTS
    text_max: int | None = None
    bytes_max: int | None = None
    visible: int | None = None  # code points shown before "more"
    hashtags_max: int | None = None
    links_max: int | None = None
    is_media_required: bool = False
    url_weight: int | None = None
    char_weight: int = 1  # of a code point outside light_ranges
    emoji_weight: int = 1
    light_ranges: tuple[tuple[int, int], ...] = ()  # code points that weigh 1, both ends included
    reserved: str = ""
    reserved_cost: int = 1


@dataclass(frozen=True, kw_only=True)
class TextCheck:
    """A text measured as its network measures it."""

    network: str
    unit: Unit
    used: int
    limit: int | None
    bytes_used: int
    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    urls: tuple[Span, ...] = ()
    hashtags: tuple[str, ...] = ()

    @property
    def left(self) -> int | None:
        """How much more fits; negative when the text is too long; None without a known limit."""
        return None if self.limit is None else self.limit - self.used

    @property
    def is_ok(self) -> bool:
        return not self.errors


READ = 70_000  # characters: no network takes more, and a text of megabytes keeps a process busy for minutes

# -- counting -----------------------------------------------------------------------------------------------------

_HASHTAG = regex.compile(r"(?<![\w&/#])[#＃](\w+)")
_FORBIDDEN = frozenset("\ufffe\ufeff\uffff")  # X refuses them (twitter-text hasInvalidCharacters)

# A mention of someone on another server. Source: github mastodon/mastodon Account::MENTION_RE, Extractor.
_MENTION = regex.compile(
    r"(?<![=/\w])@(?P<name>[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)(?P<host>@\w+(?:[.-]+\w+)*)?(?!@|[\xC0-\xFF]|://)",
    regex.IGNORECASE,
)


def x_length(text: str, limits: TextLimits) -> tuple[int, list[Span]]:
    """Weighted characters of a post on X, and its links.

    In NFC form, a link weighs `url_weight` whatever its length, an emoji `emoji_weight` however it is made up, a code
    point in `light_ranges` 1 and any other `char_weight`. Source: npm twitter-text 3.1.0, parseTweet with configs.js
    version 3.
    """
    text = unicodedata.normalize("NFC", text)
    urls = x_urls(text)
    special = {span.start: (span.end, limits.url_weight or len(span.text)) for span in urls}
    for start, end in emoji_spans(text):
        special.setdefault(start, (end, limits.emoji_weight))
    if not special and text.isascii():
        return len(text), urls
    return _weigh(text, special, limits), urls


def _weigh(text: str, special: dict[int, tuple[int, int]], limits: TextLimits) -> int:
    total = at = 0
    for start in sorted(special):
        if start >= at:
            end, weight = special[start]
            total += _plain_weight(text[at:start], limits) + weight
            at = end
    return total + _plain_weight(text[at:], limits)


def _plain_weight(text: str, limits: TextLimits) -> int:
    if text.isascii():
        return len(text)
    ranges = limits.light_ranges
    light = sum(1 for char in text if any(first <= ord(char) <= last for first, last in ranges))
    return light + (len(text) - light) * limits.char_weight


def mastodon_length(text: str, limits: TextLimits) -> tuple[int, list[Span]]:
    """Characters of a post on Mastodon as a reader sees them, and its links.

    A link counts `url_weight`, a mention of someone on another server only its "@name". Source: github
    mastodon/mastodon app/validators/status_length_validator.rb (grapheme clusters).
    """
    urls = mastodon_urls(text)
    rewritten = [(span.start, span.end, "x" * (limits.url_weight or len(span.text))) for span in urls]
    rewritten += [(m.start(), m.end(), "@" + m["name"]) for m in _MENTION.finditer(text) if m["host"]]
    parts, at = [], 0
    for start, end, stands_for in sorted(rewritten):
        if start >= at:
            parts += [text[at:start], stands_for]
            at = end
    return graphemes("".join([*parts, text[at:]])), urls


def bluesky_length(text: str, _limits: TextLimits) -> tuple[int, list[Span]]:
    """Characters of a post on Bluesky as a reader sees them. Source: lexicon app.bsky.feed.post (maxGraphemes)."""
    return graphemes(text), x_urls(text)


def threads_length(text: str, _limits: TextLimits) -> tuple[int, list[Span]]:
    """Code points, but each emoji counts its UTF-8 bytes.

    Source: https://developers.facebook.com/documentation/threads/posts ("Emojis are counted as the number of UTF-8
    bytes").
    """
    spans = list(emoji_spans(text))
    extra = sum(len(text[start:end].encode()) - (end - start) for start, end in spans)
    return len(text) + extra, x_urls(text)


def linkedin_length(text: str, limits: TextLimits) -> tuple[int, list[Span]]:
    """Code points, but a character that LinkedIn reserves is sent with a backslash and so counts `reserved_cost`.

    Source: learn.microsoft.com, LinkedIn "little text format".
    """
    reserved = sum(text.count(char) for char in limits.reserved)
    return len(text) + reserved * (limits.reserved_cost - 1), x_urls(text)


def plain_length(text: str, _limits: TextLimits) -> tuple[int, list[Span]]:
    """Unicode code points: Facebook, Instagram, YouTube, TikTok, Pinterest and Snapchat do not say what they count."""
    return len(text), x_urls(text)


_COUNTERS: dict[str, Callable[[str, TextLimits], tuple[int, list[Span]]]] = {
    "x": x_length,
    "mastodon": mastodon_length,
    "bluesky": bluesky_length,
    "threads": threads_length,
    "linkedin": linkedin_length,
}
UNITS = {
    "x": Unit.WEIGHTED,
    "mastodon": Unit.GRAPHEMES,
    "bluesky": Unit.GRAPHEMES,
    "threads": Unit.EMOJI_BYTES,
    "linkedin": Unit.ESCAPED,
}
_STRICT_HASHTAGS = frozenset({"instagram"})  # refuses the post; elsewhere the surplus is only not linked


def hashtags(text: str) -> tuple[str, ...]:
    """The words after "#", in order, repetitions included."""
    return tuple(_HASHTAG.findall(text))


def check_text(text: str, limits: TextLimits) -> TextCheck:
    """Measure a text as it will be published, and say what its network will refuse or hide.

    Line ends count as one character however the browser sent them; what stands behind the first `READ` characters is
    counted by characters alone.
    """
    text = text.replace("\r\n", "\n")
    read = text[:READ]
    used, urls = _COUNTERS.get(limits.network, plain_length)(read, limits)
    measured: dict[str, Any] = {
        "network": limits.network,
        "unit": limits.unit,
        "used": used + len(text) - len(read),
        "limit": limits.text_max,
        "bytes_used": len(text.encode()),
        "urls": tuple(urls),
        "hashtags": hashtags(read),
    }
    bare = TextCheck(**measured)
    return TextCheck(**measured, errors=_errors(text, bare, limits), warnings=_warnings(text, bare, limits))


def _errors(text: str, check: TextCheck, limits: TextLimits) -> tuple[Finding, ...]:
    found = [_over(Code.TOO_LONG, check.used, limits.text_max)]
    found.append(_over(Code.TOO_MANY_BYTES, check.bytes_used, limits.bytes_max))
    found.append(_over(Code.TOO_MANY_LINKS, len({url.text for url in check.urls}), limits.links_max))
    if limits.network in _STRICT_HASHTAGS:
        found.append(_over(Code.TOO_MANY_HASHTAGS, len(check.hashtags), limits.hashtags_max))
    if limits.network == "x" and not _FORBIDDEN.isdisjoint(text):
        found.append(Finding(Code.FORBIDDEN_CHARACTER))
    return tuple(finding for finding in found if finding)


def _warnings(text: str, check: TextCheck, limits: TextLimits) -> tuple[Finding, ...]:
    found = [_over(Code.FOLDED, len(text), limits.visible)]
    if limits.network not in _STRICT_HASHTAGS:
        found.append(_over(Code.TOO_MANY_HASHTAGS, len(check.hashtags), limits.hashtags_max))
    if limits.is_media_required:
        found.append(Finding(Code.MEDIA_REQUIRED))
    return tuple(finding for finding in found if finding)


def _over(code: Code, count: int, limit: int | None) -> Finding | None:
    return Finding(code, limit=limit, count=count) if limit is not None and count > limit else None
