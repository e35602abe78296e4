"""The forms a publication takes on the networks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Format(models.TextChoices):
    TEXT = "text", _("text")
    PHOTO = "photo", _("photo")
    CAROUSEL = "carousel", _("carousel")
    VIDEO = "video", _("video")
    STORY = "story", _("story")
    LINK = "link", _("link")
