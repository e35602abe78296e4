"""What a part of a document says: groups of things, and facts about each. One form for the page, print, PDF and for
comparing two versions; knows nothing of what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A name and what it says: “Owner: Léa Martin”. Without a name, a sentence of its own."""

    text: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing, for example a goal. `key` finds the same thing again in another version of the document."""

    key: str
    title: str
    facts: Sequence[Fact] = ()


@dataclass(frozen=True, kw_only=True)
class Group:
    """Things of a kind under their heading: business objectives, goals, accounts."""

    title: str
    items: Sequence[Item] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    """One numbered part of a document: what people wrote (`text`), then what is known."""

    number: int
    slug: str
    title: str
    text: str = ""
    groups: Sequence[Group] = ()


def facts(*pairs: tuple[str, object]) -> tuple[Fact, ...]:
    """Those of which something is known."""
    return tuple(Fact(name=str(name), text=str(text)) for name, text in pairs if text not in ("", None))
