"""The catalogue's and the rules' words, marked for translation. The tables hold the English names."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from networks.rules.lengths import Code, Finding, Unit

METRIC_NAMES: dict[str, str | Promise] = {
    "followers": _("Followers"),
    "following": _("Accounts followed"),
    "posts_total": _("Posts in total"),
    "impressions": _("Views (impressions)"),
    "reach": _("Reach"),
    "video_views": _("Video views"),
    "profile_visits": _("Profile visits"),
    "likes": _("Likes"),
    "comments": _("Comments"),
    "shares": _("Shares"),
    "saves": _("Saves"),
    "engagement_rate": _("Engagement rate"),
    "link_clicks": _("Link clicks"),
    "tracked_clicks": _("Clicks on tracked links"),
    "web_sessions": _("Visits to the website"),
    "leads": _("Leads"),
    "conversion_rate": _("Conversion rate"),
    "revenue": _("Revenue"),
    "roi": _("Return on investment"),
    "response_time": _("Response time"),
    "survey_score": _("Survey score"),
    "published_deliveries": _("Published posts"),
}

UNIT_NAMES: dict[Unit, str | Promise] = {
    Unit.CODE_POINTS: _("characters"),
    Unit.WEIGHTED: _("weighted characters"),
    Unit.GRAPHEMES: _("characters as read"),
    Unit.EMOJI_BYTES: _("characters, emoji by their bytes"),
    Unit.ESCAPED: _("characters, reserved ones twice"),
}


def finding_text(finding: Finding) -> str:
    """What was found in a text, in the reader's language, with what to do about it."""
    return _FINDINGS[finding.code](finding)


def _too_long(finding: Finding) -> str:
    words = ngettext(
        "Too long by %(over)d character: the limit is %(limit)d.",
        "Too long by %(over)d characters: the limit is %(limit)d.",
        finding.over,
    )
    return words % {"over": finding.over, "limit": finding.limit}


def _too_many_bytes(finding: Finding) -> str:
    words = ngettext(
        "Too long by %(over)d byte: the limit is %(limit)d. Use fewer emoji.",
        "Too long by %(over)d bytes: the limit is %(limit)d. Use fewer emoji.",
        finding.over,
    )
    return words % {"over": finding.over, "limit": finding.limit}


def _too_many_hashtags(finding: Finding) -> str:
    words = ngettext(
        "%(count)d hashtag, where the network takes %(limit)d.",
        "%(count)d hashtags, where the network takes %(limit)d.",
        finding.count,
    )
    return words % {"count": finding.count, "limit": finding.limit}


def _too_many_links(finding: Finding) -> str:
    words = ngettext(
        "%(count)d different link, where the network takes %(limit)d.",
        "%(count)d different links, where the network takes %(limit)d.",
        finding.count,
    )
    return words % {"count": finding.count, "limit": finding.limit}


def _folded(finding: Finding) -> str:
    words = ngettext(
        "Readers see about the first %(limit)d character before “more”.",
        "Readers see about the first %(limit)d characters before “more”.",
        finding.limit,
    )
    return words % {"limit": finding.limit}


_FINDINGS: dict[Code, Callable[[Finding], str]] = {
    Code.TOO_LONG: _too_long,
    Code.TOO_MANY_BYTES: _too_many_bytes,
    Code.TOO_MANY_HASHTAGS: _too_many_hashtags,
    Code.TOO_MANY_LINKS: _too_many_links,
    Code.FOLDED: _folded,
    Code.FORBIDDEN_CHARACTER: lambda _finding: _now("It holds a character that the network refuses."),
    Code.MEDIA_REQUIRED: lambda _finding: _now("The network takes no text alone: add a picture or a video."),
}
