"""What lies on somebody's desk: what waits for them, and what to look at. Knows nothing of what it is about."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise


class Urgency(enum.IntEnum):
    """How soon something wants to be done; the lowest number first."""

    LATE = 0
    TODAY = 1
    SOON = 2
    ONCE = 3  # there is no date, but it would help


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing to do next: a sentence that begins with a verb, and where it is done."""

    words: str | Promise
    url: str
    urgency: Urgency = Urgency.SOON


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A part of a page that another room gives: `template` is a fragment that gets `data`."""

    slug: str
    title: str | Promise
    template: str
    data: Mapping[str, Any] = field(default_factory=dict)
