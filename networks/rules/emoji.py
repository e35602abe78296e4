"""Where the emoji of a text are, and what a reader takes for one character.

An emoji may be many code points: a family is people held together by joiners, a flag two letters, a hand has a skin
tone. Source: Unicode Technical Standard 51 (ED-9 to ED-17); twemoji-parser 11, which X uses, for which signs are emoji
only when followed by U+FE0F.
"""

from collections.abc import Iterator

import regex

_SIGN = r"[\p{Extended_Pictographic}--[\p{ASCII}©®™♟]]|[©®™♟](?=\uFE0F)"
_ONE = rf"(?:(?:{_SIGN})(?:\p{{Emoji_Modifier}}|\uFE0F)?(?:[\U000E0020-\U000E007E]+\U000E007F)?)"
_EMOJI = regex.compile(
    rf"\p{{RI}}\p{{RI}}|[0-9#*]\uFE0F?\u20E3|{_ONE}(?:\u200D(?:{_ONE}|[♀♂⚕⚖✈]\uFE0F?))*|\p{{Emoji_Modifier}}|\p{{RI}}",
    regex.VERSION1,
)
_GRAPHEME = regex.compile(r"\X")


def emoji_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each emoji starts and ends, skin tone, joiners and all."""
    if text.isascii() and "\u20e3" not in text:
        return iter(())
    return (found.span() for found in _EMOJI.finditer(text))


def graphemes(text: str) -> int:
    """How many characters a reader sees (Unicode Standard Annex 29, extended grapheme clusters)."""
    if text.isascii() and "\r" not in text:
        return len(text)
    return sum(1 for _ in _GRAPHEME.finditer(text))
