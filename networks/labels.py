"""Names of the shipped metrics, marked for translation. The tables hold the English names."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

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

# What stands after a number: 1 comment, 30 likes. A rate or a time is no number of things and stays as it is.
METRIC_COUNTS: dict[str, Any] = {
    "followers": ngettext_lazy("follower", "followers"),
    "following": ngettext_lazy("account followed", "accounts followed"),
    "posts_total": ngettext_lazy("post in total", "posts in total"),
    "impressions": ngettext_lazy("view (impression)", "views (impressions)"),
    "reach": ngettext_lazy("person reached", "people reached"),
    "video_views": ngettext_lazy("video view", "video views"),
    "profile_visits": ngettext_lazy("profile visit", "profile visits"),
    "likes": ngettext_lazy("like", "likes"),
    "comments": ngettext_lazy("comment", "comments"),
    "shares": ngettext_lazy("share", "shares"),
    "saves": ngettext_lazy("save", "saves"),
    "engagement_rate": ngettext_lazy("engagement rate", "engagement rate"),
    "link_clicks": ngettext_lazy("link click", "link clicks"),
    "tracked_clicks": ngettext_lazy("click on tracked links", "clicks on tracked links"),
    "web_sessions": ngettext_lazy("visit to the website", "visits to the website"),
    "leads": ngettext_lazy("lead", "leads"),
    "conversion_rate": ngettext_lazy("conversion rate", "conversion rate"),
    "revenue": ngettext_lazy("revenue", "revenue"),
    "roi": ngettext_lazy("return on investment", "return on investment"),
    "response_time": ngettext_lazy("response time", "response time"),
    "survey_score": ngettext_lazy("survey score", "survey score"),
    "published_deliveries": ngettext_lazy("published post", "published posts"),
}
