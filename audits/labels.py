"""The facts about a network that matter for a profile on it, in words and in the order in which a profile is filled."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FACT_NAMES: dict[str, str | Promise] = {
    "profile_fields": _("What a profile holds"),
    "username_max": _("Handle, at most"),
    "display_name_max": _("Name, at most"),
    "page_name_max": _("Page name, at most"),
    "page_tagline_max": _("Tagline, at most"),
    "headline_max": _("Headline, at most"),
    "bio_max": _("Bio, at most"),
    "page_about_max": _("About, at most"),
    "channel_description_max": _("Description of the channel, at most"),
    "location_max": _("Place, at most"),
    "profile_metadata_rows": _("Extra fields in the profile"),
    "avatar_upload": _("Profile picture"),
    "avatar_min": _("Profile picture, at least"),
    "page_logo": _("Logo"),
    "cover_upload": _("Cover picture"),
    "page_cover": _("Cover picture of a page"),
    "post_text_max": _("Text of a post, at most"),
    "caption_max": _("Caption, at most"),
    "caption_max_api": _("Caption, at most, when published by a tool"),
    "caption_max_app": _("Caption, at most, in the app"),
    "description_max": _("Description, at most"),
    "title_max": _("Title, at most"),
    "hashtags_max": _("Hashtags, at most"),
    "images_per_post": _("Pictures in a post, at most"),
    "media_per_post": _("Pictures or videos in a post, at most"),
    "image_max_size": _("Size of a picture file, at most"),
    "video_max_duration": _("Length of a video, at most"),
    "video_max_size": _("Size of a video file, at most"),
}
COLORS: list[tuple[int, str | Promise]] = [
    (0, _("blue")), (1, _("red")), (2, _("green")), (3, _("violet")), (4, _("brown")), (5, _("dark green")),
    (6, _("plum")), (7, _("gray")), (8, _("olive")), (9, _("steel blue")),
]  # fmt: skip
