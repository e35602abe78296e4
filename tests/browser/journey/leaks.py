"""Finds English where French should stand."""

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
