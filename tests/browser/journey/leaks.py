"""Finds English where French should stand."""

import re

from playwright.sync_api import Page

NAMED = "h1, h2, h3, h4, button, summary, legend, label, th, dt, .btn, .nav-item, .tabs a, title, .lead-line, .badge"
# Words that are everywhere in English and nowhere in French, nor in names.
ENGLISH = re.compile(
    r"\b(?:the|of|and|your|you|this|that|these|for|with|without|from|into|what|which|who|how|when|where|it|its|is"
    r"|are|was|were|be|been|not|yes|all|any|each|every|to|at|by|in|if|nobody|something|nothing|add|edit|save"
    r"|write|change|close|cancel|delete|remove|send|sign|mark|show|choose|start|back|next|new|goal|goals|step"
    r"|steps|account|accounts|calendar|results|settings|members|history|people|brands|home|name|title|time|day"
    r"|week|month|network|owner|purpose|published|scheduled|missed|followers|likes|comments|shares|reach)\b",
    re.IGNORECASE,
)
READ = """selector => [...document.querySelectorAll(selector)]
    .filter(one => !one.closest("[lang]:not(html)") && !one.closest("[data-user]"))
    .map(one => one.textContent.replace(/\\s+/g, " ").trim()).filter(text => text)"""


def english_in(page: Page) -> list[str]:
    """Headings, buttons and names of fields in which an English word stands."""
    return [f"{page.url}: {text[:120]!r}" for text in page.evaluate(READ, NAMED) if ENGLISH.search(text)]
