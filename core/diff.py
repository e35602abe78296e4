"""Two versions of a document compared word by word, part by part. Knows nothing of what it is about."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from core.sections import Fact, Group, Item, Section

_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")
LONGEST = 6000  # tokens of both texts together that are compared word by word; longer ones line by line


class Mark(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"  # of a thing: some of its words


@dataclass(frozen=True)
class Piece:
    """Some words that stayed, came or went."""

    mark: Mark
    text: str


def words(before: str, after: str) -> tuple[Piece, ...]:
    """What became of the words. The pieces that are not added spell `before`, those not removed spell `after`."""
    old, new = _tokens(before, after)
    pieces: list[Piece] = []
    for act, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            pieces.append(Piece(Mark.SAME, "".join(old[start:end])))
            continue
        pieces += [Piece(Mark.REMOVED, "".join(old[start:end]))] if end > start else []
        pieces += [Piece(Mark.ADDED, "".join(new[new_start:new_end]))] if new_end > new_start else []
    return tuple(_joined(pieces))


def _tokens(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    if len(old) + len(new) > LONGEST:
        return before.splitlines(keepends=True), after.splitlines(keepends=True)
    return old, new


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """A lone space between two changes belongs to both: “old words” became “new words”, not word by word."""
    gone = came = ""
    for index, piece in enumerate(pieces):
        is_gap = piece.mark is Mark.SAME and not piece.text.strip() and 0 < index < len(pieces) - 1
        if piece.mark is Mark.SAME and not is_gap:
            yield from _change(gone, came)
            yield piece
            gone = came = ""
        else:
            gone += piece.text if piece.mark is not Mark.ADDED else ""
            came += piece.text if piece.mark is not Mark.REMOVED else ""
    yield from _change(gone, came)


def _change(gone: str, came: str) -> Iterator[Piece]:
    if gone:
        yield Piece(Mark.REMOVED, gone)
    if came:
        yield Piece(Mark.ADDED, came)


# -- facts, items, groups ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Line:
    """One fact, a title or a text, and what became of it."""

    mark: Mark
    pieces: Sequence[Piece]
    name: str = ""


def line(before: str, after: str, name: str = "") -> Line:
    mark = Mark.SAME if before == after else Mark.ADDED if not before else Mark.REMOVED if not after else Mark.CHANGED
    return Line(mark=mark, pieces=words(before, after), name=name)


@dataclass(frozen=True, kw_only=True)
class ItemChange:
    mark: Mark
    title: Line
    facts: Sequence[Line]

    @property
    def name(self) -> str:
        """What it is called now, or was called before it went."""
        kept = Mark.REMOVED if self.mark is not Mark.REMOVED else Mark.ADDED
        return "".join(piece.text for piece in self.title.pieces if piece.mark is not kept)


@dataclass(frozen=True, kw_only=True)
class GroupChange:
    title: str
    items: Sequence[ItemChange]

    @property
    def changed(self) -> list[ItemChange]:
        return [item for item in self.items if item.mark is not Mark.SAME]

    @property
    def same(self) -> list[ItemChange]:
        return [item for item in self.items if item.mark is Mark.SAME]


@dataclass(frozen=True, kw_only=True)
class SectionChange:
    number: int
    slug: str
    title: str
    text: Line
    groups: Sequence[GroupChange]

    @property
    def is_changed(self) -> bool:
        return self.text.mark is not Mark.SAME or any(group.changed for group in self.groups)

    @property
    def count(self) -> int:
        return (self.text.mark is not Mark.SAME) + sum(len(group.changed) for group in self.groups)


def compare(before: Iterable[Section], after: Iterable[Section]) -> list[SectionChange]:
    """Section by section, in the order of the later one; a section that went comes last."""
    return [
        SectionChange(
            number=either.number, slug=either.slug, title=either.title,
            text=line(old.text if old else "", new.text if new else ""),
            groups=_groups(old.groups if old else (), new.groups if new else ()),
        )
        for old, new, either in _pairs(before, after, lambda section: section.slug)
    ]  # fmt: skip


def _groups(before: Iterable[Group], after: Iterable[Group]) -> list[GroupChange]:
    return [
        GroupChange(title=either.title, items=_items(old.items if old else (), new.items if new else ()))
        for old, new, either in _pairs(before, after, lambda group: group.title)
    ]


def _items(before: Iterable[Item], after: Iterable[Item]) -> list[ItemChange]:
    return [_item(old, new) for old, new, _either in _pairs(before, after, lambda item: item.key)]


def _item(old: Item | None, new: Item | None) -> ItemChange:
    title = line(old.title if old else "", new.title if new else "")
    facts = _facts(old.facts if old else (), new.facts if new else ())
    is_same = title.mark is Mark.SAME and all(fact.mark is Mark.SAME for fact in facts)
    mark = Mark.ADDED if old is None else Mark.REMOVED if new is None else Mark.SAME if is_same else Mark.CHANGED
    return ItemChange(mark=mark, title=title, facts=facts)


def _facts(before: Iterable[Fact], after: Iterable[Fact]) -> list[Line]:
    """Facts of one name are compared in order, those that say the same left out of it."""
    old, new = _by_name(before), _by_name(after)
    lines: list[Line] = []
    for name in [*new, *(name for name in old if name not in new)]:
        was, now = old.get(name, []), new.get(name, [])
        gone, seen = iter([text for text in was if text not in now]), []
        for text in now:
            seen.append(line(text if text in was else next(gone, ""), text, name))
        lines += [*seen, *(line(text, "", name) for text in gone)]
    return lines


def _by_name(facts: Iterable[Fact]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for fact in facts:
        found[fact.name].append(fact.text)
    return found


def _pairs(before: Iterable[Any], after: Iterable[Any], key: Callable[[Any], str]) -> list[tuple[Any, Any, Any]]:
    """What was and what is, found again by their keys, and whichever of them there is."""
    old, new = {key(one): one for one in before}, {key(one): one for one in after}
    gone = [(one, None, one) for name, one in old.items() if name not in new]
    return [*((old.get(name), one, one) for name, one in new.items()), *gone]
