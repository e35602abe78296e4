"""Where a figure of the catalogue comes from, read out of the line that says so.

The tables note it as "guide: https://… (2025) ; aggregator: https://…": kinds of sources, each with an address or with
what only developers follow. People are told the kind, and given the addresses.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

KINDS = ("official", "guide", "aggregator", "peer-code", "belief")  # as the tables name them
_PART = re.compile(rf"\s*(?P<kind>{'|'.join(KINDS)})\b(?P<rest>.*)", re.DOTALL)
_ADDRESS = re.compile(r"https?://[^\s;,()]+")


@dataclass(frozen=True)
class Citation:
    """One source: of what kind, and where it can be read, if anywhere."""

    kind: str
    url: str = ""

    @property
    def site(self) -> str:
        return (urlsplit(self.url).hostname or "").removeprefix("www.")


def citations(source: str) -> list[Citation]:
    """The sources in their order, each once; none when the line is not written like the tables' lines."""
    return list(dict.fromkeys(_read(source))) if _PART.match(source) else []


def _read(source: str) -> Iterator[Citation]:
    for part in source.split(";"):
        if found := _PART.match(part):
            address = _ADDRESS.search(found["rest"])
            yield Citation(found["kind"], address[0] if address else "")
