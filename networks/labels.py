"""Names of the shipped metrics, marked for translation. The tables hold the English names."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
