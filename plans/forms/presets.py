"""Goals to start from. The first is the example of the method itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Preset:
    """What the form is filled with, and how it is offered."""

    slug: str
    label: str | Promise
    title: str | Promise
    action: str | Promise
    network: str
    targets: tuple[Row, ...]

    def initial(self) -> dict[str, Any]:
        return {"title": self.title, "action": self.action, "network": self.network}


PRESETS = (
    Preset(
        slug="culture",
        label=_("Three photos a week, each at least 30 likes and 5 comments"),
        title=_("Show our culture on Instagram"),
        action=_("The team shares photos that convey the company’s culture."),
        network="instagram",
        targets=(
            {"metric": "published_deliveries", "value": 3, "format": "photo", "per": "week"},
            {"metric": "likes", "value": 30, "format": "photo", "per": "delivery"},
            {"metric": "comments", "value": 5, "format": "photo", "per": "delivery"},
        ),
    ),
    Preset(
        slug="visits",
        label=_("Two links a week that bring visitors to the website"),
        title=_("Bring visitors from LinkedIn to the website"),
        action=_("Marketing shares what is new on the website, with a reason to read it."),
        network="linkedin",
        targets=(
            {"metric": "published_deliveries", "value": 2, "format": "link", "per": "week"},
            {"metric": "link_clicks", "value": 100, "per": "month", "aggregation": "sum"},
        ),
    ),
    Preset(
        slug="followers",
        label=_("A regular presence that wins followers"),
        title=_("Win followers on Mastodon"),
        action=_("The team posts regularly and answers whoever writes."),
        network="mastodon",
        targets=(
            {"metric": "published_deliveries", "value": 3, "per": "week"},
            {"metric": "followers", "value": 50, "per": "month", "aggregation": "change"},
            {"metric": "comments", "value": 20, "per": "month", "aggregation": "sum"},
        ),
    ),
)


def preset(slug: str) -> Preset | None:
    return next((one for one in PRESETS if one.slug == slug), None)
