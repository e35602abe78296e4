"""Plain text as people type it, in paragraphs and lists. Nothing in it is markup: templates escape every word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

_POINT = re.compile(r"\s*[-*•]\s+(?P<words>.+)")
_NUMBERED = re.compile(r"\s*\d{1,3}[.)]\s+(?P<words>.+)")
_KINDS = (("points", _POINT), ("numbers", _NUMBERED))


@dataclass(frozen=True)
class Block:
    """A paragraph (`kind` "lines"), a list of points or a numbered list ("points", "numbers"), line by line."""

    kind: str
    lines: Sequence[str]


def blocks(text: str) -> list[Block]:
    """Empty lines part paragraphs; lines that begin with “- ” or “1. ” are lists."""
    return [block for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) for block in _blocks(part)]


def _blocks(part: str) -> Iterator[Block]:
    lines = [_read(line) for line in part.split("\n") if line.strip()]
    for kind, group in groupby(lines, key=lambda line: line[0]):
        yield Block(kind, [words for _kind, words in group])


def _read(line: str) -> tuple[str, str]:
    for kind, pattern in _KINDS:
        if found := pattern.fullmatch(line):
            return kind, found["words"].strip()
    return "lines", line.strip()
