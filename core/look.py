"""How states look: a tone and an icon for each value, so that a state is never told by color alone.

The word comes from the model's own choices; this only says how it is dressed. A value that is not named here is
neutral.
"""

from dataclasses import dataclass

TONES = ("sea", "amber", "coral", "brass", "slate")  # on track, at risk, off track, needs you, neutral


@dataclass(frozen=True)
class Dress:
    """The tone and the icon of a state."""

    tone: str = "slate"
    icon: str = "circle"


_BY_DRESS = {
    Dress("sea", "check-circle"): ("on_track", "approved", "connected", "working", "done", "met", "keep", "yes"),
    Dress("sea", "trophy"): ("achieved",),
    Dress("sea", "send-check"): ("published", "delivered"),
    Dress("sea", "patch-check"): ("verified",),
    Dress("amber", "exclamation-triangle"): ("at_risk", "warning", "late", "improve", "vanity"),
    Dress("amber", "arrow-counterclockwise"): ("changes_asked", "retry", "merge"),
    Dress("amber", "question-circle"): ("outcome_unknown", "unknown", "unverified"),
    Dress("coral", "exclamation-octagon"): ("off_track", "error"),
    Dress("coral", "x-circle"): ("failed", "refused", "close", "dead", "no"),
    Dress("coral", "calendar-x"): ("missed",),
    Dress("brass", "eye"): ("in_review", "review"),
    Dress("brass", "calendar-check"): ("scheduled", "planned"),
    Dress("brass", "bell"): ("due", "reminded"),
    Dress("slate", "lightbulb"): ("idea",),
    Dress("slate", "pencil"): ("draft", "open"),
    Dress("slate", "hourglass-split"): ("pending", "not_yet", "invited"),
    Dress("slate", "dash-lg"): ("not_available", "not_applicable"),
    Dress("slate", "slash-circle"): ("canceled", "dismissed", "expired", "archived"),
    Dress("slate", "lock"): ("closed", "frozen"),
}
DRESSES = {value: dress for dress, values in _BY_DRESS.items() for value in values}


def dress(value: object) -> Dress:
    """How a state looks, by its stored value."""
    return DRESSES.get(str(value), Dress())
