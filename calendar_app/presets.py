"""Usual mixes of content that a matrix can start from."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Part:
    """One kind of content in a mix: what a new content type for it is called, its share, and what belongs to it."""

    name: str | Promise
    percent: int
    what: str | Promise


@dataclass(frozen=True)
class Preset:
    slug: str
    label: str | Promise
    parts: tuple[Part, ...]


PRESETS = (
    Preset("four", _("50/25/20/5"), (
        Part(_("Traffic to our site"), 50, _("What leads back to your own site, blog or shop.")),
        Part(_("Curated from others"), 25, _("What others in your field found out or made.")),
        Part(_("Business objectives"), 20, _("What serves the business directly: leads, sales, subscribers.")),
        Part(_("People and culture"), 5, _("Who works with you, and how.")),
    )),
    Preset("eighty", _("80-20"), (
        Part(_("Inform, teach, entertain"), 80, _("What people follow you for.")),
        Part(_("Promote the brand"), 20, _("What you want to sell.")),
    )),
    Preset("thirds", pgettext_lazy("content matrix", "Thirds"), (
        Part(_("Promote the business"), 34, _("What wins customers and earns money.")),
        Part(_("Ideas from the field"), 33, _("Ideas and stories of leading voices and like-minded companies.")),
        Part(_("Personal conversation"), 33, _("What shows the people of the brand, and talks with its followers.")),
    )),
)  # fmt: skip


def preset(slug: str) -> Preset:
    """The one of that name, else the first."""
    return next((one for one in PRESETS if one.slug == slug), PRESETS[0])
