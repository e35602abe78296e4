"""The question that every survey asks unless somebody takes it out: did social media play a role in the purchase?"""

from django.utils.translation import gettext_lazy as _

QUESTION = _("Did social media play a role in your purchase?")
OPTIONS = (
    _("Yes, it made me buy"), _("Yes, it was one reason among others"), _("No"), _("I do not remember"),
)  # fmt: skip
ROLE = (0, 1)  # the options that say that it did
