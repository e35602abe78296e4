"""How a figure came in, and when: entered by a person, imported from a file, fetched from the network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.models import Source
from core.templatetags.figures import ago

BY: Mapping[str, str | Promise] = {
    Source.TYPED: gettext_lazy("entered by %(person)s on %(day)s"),
    Source.CSV: gettext_lazy("imported by %(person)s on %(day)s"),
    Source.SURVEY: gettext_lazy("from a survey that %(person)s closed on %(day)s"),
}
ON: Mapping[str, str | Promise] = {
    Source.TYPED: gettext_lazy("entered on %(day)s"),
    Source.CSV: gettext_lazy("imported on %(day)s"),
    Source.SURVEY: gettext_lazy("from a survey that was closed on %(day)s"),
}


@dataclass(frozen=True, kw_only=True)
class Fresh:
    """When the value of a figure came in, from where, and by whom where that is known."""

    source: str
    at: datetime
    person: str = ""

    def __str__(self) -> str:
        if self.source == Source.API:
            return _("fetched %(when)s") % {"when": ago(self.at)}
        words = (BY if self.person else ON)[self.source]
        return str(words) % {
            "person": self.person,
            "day": date_format(timezone.localtime(self.at), "SHORT_DATE_FORMAT"),
        }
