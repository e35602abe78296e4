"""Finds English where French should stand, and French that is not set as printers set it."""

import re

from bs4 import BeautifulSoup, SoupStrainer

NAMED = "h1, h2, h3, h4, button, summary, legend, label, th, dt, .btn, .nav-item, .tabs a, title, .lead-line, .badge"
# Words that are everywhere in English and nowhere in French, nor in names.
ENGLISH = re.compile(
    r"\b(?:the|of|and|your|you|this|that|these|for|with|without|from|into|what|which|who|how|when|where|it|its|is"
    r"|are|was|were|be|been|not|yes|all|any|each|every|to|at|by|in|if|nobody|something|nothing|add|edit|save"
    r"|write|close|cancel|delete|remove|send|sign|mark|show|choose|start|back|next|new|goal|goals|step"
    r"|steps|account|accounts|calendar|results|settings|members|history|people|brands|home|name|title|time|day"
    r"|week|month|network|owner|purpose|published|scheduled|missed|followers|likes|comments|shares|reach)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"«[^»]*»|“[^”]*”")
NOT_PROSE = "script, style, template, code, pre, time, svg, textarea, option, [lang]"
# addresses and clocks have colons of their own
CODED = re.compile(r"https?://\S+|\b\d\d?:\d\d\b")
UNSET = re.compile(r"(?:^|[^\u00a0\u202f])[;:!?»](?=\s|$)|«[^\u00a0\u202f]|['\"]|\.\.\.")
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-confirm")
PARTS = SoupStrainer(["title", "main", "nav", "header", "dialog"])


def english_in(html: str) -> list[str]:
    """Headings, buttons and names of fields in which an English word stands.

    What is quoted is somebody's own words, and what is marked with a language is meant to be in it.
    """
    soup = BeautifulSoup(html, "html.parser", parse_only=PARTS)
    for foreign in soup.select("[lang]"):
        foreign.clear()
    texts = (" ".join(one.get_text(" ").split()) for one in soup.select(NAMED))
    return sorted({text[:160] for text in texts if ENGLISH.search(QUOTED.sub("", text))})


def badly_set_in(html: str) -> list[str]:
    """Texts without the no-break space before ; : ! ? or inside « », or with straight quotes or three points.

    A text is what stands between two tags, so that a mark that begins one has lost its space as well.
    """
    soup = BeautifulSoup(html, "html.parser", parse_only=PARTS)
    for foreign in soup.select(NOT_PROSE):
        foreign.clear()
    said = (one[name] for name in SPOKEN for one in soup.select(f"[{name}]"))
    texts = (re.sub(r"[ \n\t]+", " ", text).strip(" ") for text in (*soup.find_all(string=True), *said))
    return sorted({text[:160] for text in texts if UNSET.search(CODED.sub("", text))})
