"""How figures and moments are written. 0, "not available" and "not yet" are three different things."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.charts import Chart
from core.drawing import Drawing, drawing
from core.templatetags import sextant

register = template.Library()
NOT_AVAILABLE = "not_available"  # the network gives no such figure
NOT_YET = "not_yet"  # there is no figure so far
Number = int | float | Decimal
DETAILS = {"unit", "change", "change_unit", "compared", "fresh", "fresh_at", "href", "places", "missing", "tone"}


@register.filter
def number(value: Number | None, places: int | None = None) -> str:
    """A number as the reader writes it, thousands apart; `places` decimals, by default 1, or 0 for a whole number."""
    if value is None:
        return ""
    if places is None:
        places = 0 if value == int(value) else 1
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)  # number_format would cut off
    return number_format(rounded, decimal_pos=places, use_l10n=True, force_grouping=True)


@register.filter
def percent(share: Number | None, places: int = 0) -> str:
    """A share from 0 to 1 as a percentage, written as the language does."""
    return "" if share is None else _("%(number)s%%") % {"number": number(share * 100, places)}


@register.simple_tag
def amount(value: Number | None, missing: object = NOT_YET, places: int | None = None) -> SafeString:
    """A number for a table cell, or the mark of why there is none: a dash (not available) or an hourglass (not yet)."""
    if value is not None:
        return format_html("{}", number(value, places))
    if str(missing) == NOT_AVAILABLE:
        return _missing("–", _("not available"))
    return _missing(sextant.icon("hourglass-split"), _("not yet"))


def _missing(mark: str, words: str) -> SafeString:
    return format_html(
        '<span class="missing" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></span>', words, mark, words,
    )  # fmt: skip


@register.inclusion_tag("components/figure.html")
def figure(label: str, value: Number | None, **details: Any) -> dict[str, Any]:
    """One figure: its name, value, `unit`, `change` with `compared` (to what), `href`, …

    `fresh` says how it came in ("fetched 2 h ago"), `fresh_at` when exactly.
    When the value is None, `missing` says why: "not_available" or "not_yet" (the default).
    """
    if unknown := details.keys() - DETAILS:
        raise template.TemplateSyntaxError(f"figure takes no {', '.join(sorted(unknown))}")
    details = {"missing": NOT_YET, "places": None, **details}
    return {"label": label, "value": value, **details}


@register.inclusion_tag("components/chart_drawing.html")
def chart_drawing(chart: Chart, small: bool = False) -> dict[str, Drawing]:
    """A chart for paper, where the browser's own picture would be coarse; `small` when it has half the width."""
    return {"drawing": drawing(chart, is_small=bool(small))}


# -- moments --------------------------------------------------------------------------------------------------------


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago something happened, shortly: "just now", "5 min ago", "2 h ago", "3 days ago", then the date."""
    if moment is None:
        return ""
    passed = timezone.now() - moment
    if passed < timedelta(minutes=1):
        return _("just now")
    if passed < timedelta(hours=1):
        return _("%(minutes)d min ago") % {"minutes": passed.seconds // 60}
    if passed < timedelta(days=1):
        return _("%(hours)d h ago") % {"hours": passed.seconds // 3600}
    if passed < timedelta(days=8):
        return ngettext("%(days)d day ago", "%(days)d days ago", passed.days) % {"days": passed.days}
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


@register.simple_tag
def moment(value: datetime | date | None, style: str = "short", words: object = "") -> str:
    """A date, or a time with its zone, in the zone of the page: style "short", "long", "ago" or "time".

    `words` stand for a time instead of it; the exact time is then what one points at.
    """
    if value is None:
        return ""
    if not isinstance(value, datetime):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), _day(value, style))
    local = timezone.localtime(value)
    words = words or (ago(value) if style == "ago" else f"{_clock(local, style)} {zone_name(local)}")
    exact = f"{_clock(local, 'long')} {zone_name(local)}"
    return format_html('<time datetime="{}" title="{}" data-moment>{}</time>', value.isoformat(), exact, words)


def zone_name(local: datetime) -> str:
    """What people there call the zone (CET, EST), or its offset where they have no name for it."""
    name = local.tzname() or ""
    return f"UTC{name}" if name[:1] in "+-" and name else name


def _day(value: date, style: str) -> str:
    return date_format(value, "DATE_FORMAT" if style == "long" else "SHORT_DATE_FORMAT")


def _clock(local: datetime, style: str) -> str:
    if style == "time":
        return date_format(local, "TIME_FORMAT")
    return date_format(local, "DATETIME_FORMAT" if style == "long" else "SHORT_DATETIME_FORMAT")
