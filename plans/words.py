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
from plans.rules.drafted import Basis
from plans.rules.facts import PUBLISHED, Aggregation, Comparison, Per, Reach

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
SORT: Mapping[str, Words] = {
    "text": pgettext_lazy("what posts are", "texts"),
    "photo": pgettext_lazy("what posts are", "photos"),
    "carousel": pgettext_lazy("what posts are", "carousels"),
    "video": pgettext_lazy("what posts are", "videos"),
    "story": pgettext_lazy("what posts are", "stories"),
    "link": pgettext_lazy("what posts are", "links"),
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
    """What a sentence about a target needs. `place` is a network or an account in words, empty for everywhere; so are
    the names of the content type, the campaign and the branch."""

    metric: Metric
    aggregation: Aggregation
    per: Per
    comparison: Comparison
    value: Decimal | None
    value_to: Decimal | None = None
    format: str = ""
    place: str = ""
    content_kind: str = ""
    campaign: str = ""
    reach: Reach = Reach.BRAND
    branch: str = ""

    @property
    def unit(self) -> str:
        return "percent" if self.aggregation is Aggregation.SHARE else self.metric.unit

    @property
    def is_of_posts(self) -> bool:
        is_level = self.per is not Per.DELIVERY and self.aggregation in (Aggregation.LAST, Aggregation.CHANGE)
        return self.metric.subject != Metric.About.BRAND and not is_level


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
    unit = phrase.unit
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
        "posts": PUBLICATIONS[""] % 2,
        "each": EACH[phrase.format],
        "all": ALL[phrase.format],
        "on": "".join((_on(phrase), *_about(phrase), _whose(phrase))),
        "among": _on(phrase) + _whose(phrase),
        "what": _share_of(phrase),
        "per": PER.get(phrase.per, ""),
        "at_end": AT_END.get(phrase.per, ""),
    }
    return capfirst(_pattern(phrase) % words)


def _on(phrase: Phrase) -> str:
    """Where it is measured: of what reaches the brand from a network, where it comes from."""
    if not phrase.place:
        return ""
    is_brand = phrase.metric.subject == Metric.About.BRAND
    return (_(" from %(place)s") if is_brand else _(" on %(place)s")) % {"place": phrase.place}


def _about(phrase: Phrase) -> tuple[str, str]:
    """What the posts are about."""
    kind = _(" of the type %(kind)s") % {"kind": phrase.content_kind} if phrase.content_kind else ""
    campaign = _(" in the campaign %(campaign)s") % {"campaign": phrase.campaign} if phrase.campaign else ""
    return kind, campaign


def _whose(phrase: Phrase) -> str:
    """By whom it is published, or whose figures they are."""
    if phrase.reach is Reach.FAMILY:
        return _(" by this brand and its branches") if phrase.is_of_posts else _(" for this brand and its branches")
    if phrase.reach is Reach.BRANCH:
        words = _(" by %(branch)s") if phrase.is_of_posts else _(" for %(branch)s")
        return words % {"branch": phrase.branch or "…"}
    return ""


def _share_of(phrase: Phrase) -> str:
    """What makes the share: photos; of the type Leads; photos in the campaign Spring."""
    words = "".join((str(SORT[phrase.format]) if phrase.format else "", *_about(phrase)))
    return words.strip() or "…"


def _measure(metric: Metric, value: Decimal | None) -> str:
    """The metric after its number: 1 comment; 30 likes; 2% engagement rate."""
    name = metric.counted(value)
    if metric.unit == Metric.Unit.COUNT:
        return name
    return pgettext("after a percentage or a time", "%(metric)s") % {"metric": name}


def _pattern(phrase: Phrase) -> str:
    if phrase.aggregation is Aggregation.SHARE:
        return _("%(limits)s of %(posts)s%(among)s are %(what)s %(per)s")
    if phrase.metric.slug == PUBLISHED:
        return _("%(limits)s %(published)s%(on)s %(per)s")
    if phrase.per is Per.DELIVERY:
        return _("%(each)s%(on)s: %(limits)s %(metric)s")
    if phrase.metric.subject == Metric.About.BRAND and phrase.aggregation is Aggregation.SUM:
        return _("%(limits)s %(metric)s%(on)s %(per)s")
    return {
        Aggregation.SUM: _("%(limits)s %(metric)s from %(all)s%(on)s %(per)s"),
        Aggregation.MEAN: _average(phrase),
        Aggregation.MEDIAN: _("a median of %(limits)s %(metric)s for %(each)s%(on)s %(per)s"),
        Aggregation.LAST: _("%(limits)s %(metric)s%(on)s %(at_end)s"),
        Aggregation.CHANGE: _("%(limits)s more %(metric)s%(on)s %(per)s"),
    }.get(phrase.aggregation, _("%(limits)s %(metric)s%(on)s %(per)s"))


def _average(phrase: Phrase) -> str:
    if phrase.metric.subject == Metric.About.BRAND:
        return _("%(limits)s %(metric)s%(on)s on average %(per)s")
    return _("%(limits)s %(metric)s on average for %(each)s%(on)s %(per)s")


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


def stands_on(basis: Basis, counts: str) -> str:
    """21 posts with figures from 1 Sep to 31 Oct 2026; 3 without."""
    found = {
        "posts": ngettext("%(count)s post", "%(count)s posts", basis.counted),
        "figures of posts": ngettext("%(count)s post with figures", "%(count)s posts with figures", basis.counted),
    }.get(counts, ngettext("%(count)s figure", "%(count)s figures", basis.counted)) % {"count": number(basis.counted)}
    days = {"start": _day_month(basis.starts_on, basis.ends_on), "end": date_format(basis.ends_on, "j M Y")}
    told = _("%(found)s from %(start)s to %(end)s") % {"found": found, **days}
    return _("%(told)s; %(count)s without") % {"told": told, "count": number(basis.lacking)} if basis.lacking else told


def _day_month(day: date, last: date) -> str:
    """A day, with its year where that is not the last one's."""
    return date_format(day, "j M" if day.year == last.year else "j M Y")
