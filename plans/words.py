"""Targets and their results in sentences: “At least 3 photos published on Instagram per week”."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy, pgettext, pgettext_lazy

from core.plurals import plural_number
from core.templatetags.figures import number
from networks.models import Metric
from plans.rules.facts import PUBLISHED, Aggregation, Comparison, Per

Words = str | Promise

PUBLICATIONS: Mapping[str, Any] = {
    "": ngettext_lazy("post published", "posts published"),
    "text": ngettext_lazy("text published", "texts published"),
    "photo": ngettext_lazy("photo published", "photos published"),
    "carousel": ngettext_lazy("carousel published", "carousels published"),
    "video": ngettext_lazy("video published", "videos published"),
    "story": ngettext_lazy("story published", "stories published"),
    "link": ngettext_lazy("link published", "links published"),
}
EACH: Mapping[str, Words] = {
    "": gettext_lazy("each post"),
    "text": gettext_lazy("each text"),
    "photo": gettext_lazy("each photo"),
    "carousel": gettext_lazy("each carousel"),
    "video": gettext_lazy("each video"),
    "story": gettext_lazy("each story"),
    "link": gettext_lazy("each link"),
}
ALL: Mapping[str, Words] = {
    "": gettext_lazy("all posts"),
    "text": gettext_lazy("all texts"),
    "photo": gettext_lazy("all photos"),
    "carousel": gettext_lazy("all carousels"),
    "video": gettext_lazy("all videos"),
    "story": gettext_lazy("all stories"),
    "link": gettext_lazy("all links"),
}
PER: Mapping[Per, Words] = {
    Per.DAY: gettext_lazy("per day"),
    Per.WEEK: gettext_lazy("per week"),
    Per.MONTH: gettext_lazy("per month"),
    Per.WHOLE: gettext_lazy("over the whole period"),
}
AT_END: Mapping[Per, Words] = {
    Per.DAY: gettext_lazy("every day"),
    Per.WEEK: gettext_lazy("at the end of each week"),
    Per.MONTH: gettext_lazy("at the end of each month"),
    Per.WHOLE: gettext_lazy("by the due date"),
}
UNITS: Mapping[str, Words] = {
    "percent": pgettext_lazy("number with unit", "%(number)s%%"),
    "seconds": pgettext_lazy("number with unit", "%(number)s s"),
}


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """What a sentence about a target needs. `place` is a network or an account in words, empty for everywhere."""

    metric: Metric
    aggregation: Aggregation
    per: Per
    comparison: Comparison
    value: Decimal | None
    value_to: Decimal | None = None
    format: str = ""
    place: str = ""


def quantity(value: Decimal | None, unit: str = "count") -> str:
    """A number with its unit: 3, 1,200, 2.5%, 90 s. An ellipsis stands for a number that was not given yet."""
    if value is None:
        return "…"
    text = number(value.normalize() if value else value)
    return str(UNITS.get(unit, "%(number)s")) % {"number": text}


def measured(value: Decimal | None, metric: Metric) -> str:
    """A number with what it counts: 1 comment; 30 likes; of a rate or a time only 2.5% or 90 s."""
    number_words = quantity(value, metric.unit)
    if metric.unit != Metric.Unit.COUNT or value is None:
        return number_words
    return pgettext("number of a metric", "%(number)s %(metric)s") % {
        "number": number_words, "metric": metric.counted(value),
    }  # fmt: skip


def limits(phrase: Phrase) -> str:
    """at least 3; at most 5; between 2 and 4."""
    unit = phrase.metric.unit
    words = {"number": quantity(phrase.value, unit), "other": quantity(phrase.value_to, unit)}
    if phrase.comparison is Comparison.BETWEEN:
        return _("between %(number)s and %(other)s") % words
    return (_("at most %(number)s") if phrase.comparison is Comparison.AT_MOST else _("at least %(number)s")) % words


def sentence(phrase: Phrase) -> str:
    """A target as a person would say it."""
    last = phrase.value_to if phrase.comparison is Comparison.BETWEEN else phrase.value
    words = {
        "limits": limits(phrase),
        "metric": _measure(phrase.metric, last),
        "published": PUBLICATIONS[phrase.format] % (2 if last is None else plural_number(last)),
        "each": EACH[phrase.format],
        "all": ALL[phrase.format],
        "on": _(" on %(place)s") % {"place": phrase.place} if phrase.place else "",
        "per": PER.get(phrase.per, ""),
        "at_end": AT_END.get(phrase.per, ""),
    }
    return capfirst(_pattern(phrase) % words)


def _measure(metric: Metric, value: Decimal | None) -> str:
    """The metric after its number: 1 comment; 30 likes; 2% engagement rate."""
    name = metric.counted(value)
    if metric.unit == Metric.Unit.COUNT:
        return name
    return pgettext("after a percentage or a time", "%(metric)s") % {"metric": name}


def _pattern(phrase: Phrase) -> str:
    if phrase.metric.slug == PUBLISHED:
        return _("%(limits)s %(published)s%(on)s %(per)s")
    if phrase.per is Per.DELIVERY:
        return _("%(each)s%(on)s: %(limits)s %(metric)s")
    return {
        Aggregation.SUM: _("%(limits)s %(metric)s from %(all)s%(on)s %(per)s"),
        Aggregation.MEAN: _("%(limits)s %(metric)s on average for %(each)s%(on)s %(per)s"),
        Aggregation.LAST: _("%(limits)s %(metric)s%(on)s %(at_end)s"),
        Aggregation.CHANGE: _("%(limits)s more %(metric)s%(on)s %(per)s"),
    }.get(phrase.aggregation, _("%(limits)s %(metric)s%(on)s %(per)s"))


def span(per: Per, starts_on: date, ends_on: date) -> str:
    """A period in words: a day, the week of 7 Sep, a month, or from day to day."""
    if per is Per.DAY:
        return date_format(starts_on, "SHORT_DATE_FORMAT")
    if per is Per.WEEK:
        return _("week of %(day)s") % {"day": date_format(starts_on, "MONTH_DAY_FORMAT")}
    if per is Per.MONTH:
        return date_format(starts_on, "YEAR_MONTH_FORMAT")
    words = {"start": date_format(starts_on, "SHORT_DATE_FORMAT"), "end": date_format(ends_on, "SHORT_DATE_FORMAT")}
    return _("%(start)s to %(end)s") % words


def tally(per: Per, met: int, judged: int) -> str:
    """7 of 9 weeks; 25 of 30 posts."""
    words = {"met": met, "judged": judged}
    return {
        Per.DELIVERY: ngettext("%(met)d of %(judged)d post", "%(met)d of %(judged)d posts", judged),
        Per.DAY: ngettext("%(met)d of %(judged)d day", "%(met)d of %(judged)d days", judged),
        Per.WEEK: ngettext("%(met)d of %(judged)d week", "%(met)d of %(judged)d weeks", judged),
        Per.MONTH: ngettext("%(met)d of %(judged)d month", "%(met)d of %(judged)d months", judged),
    }.get(per, "%(met)d/%(judged)d") % words
