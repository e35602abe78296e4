"""Abstract bases. No table of its own."""

from typing import Any

from django.db import models
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from core.errors import StaleError


def same_words(field: str, text: str) -> "Exact[Any]":
    """For filter(): the field says the same, but for upper and lower case, as unique constraints over Lower() see it.

    `iexact` compares in upper case, in which a few letters differ that are one in lower case (“ẞ” and “ß”).
    """
    return Exact(Lower(field), Lower(models.Value(text)))


class Versioned(models.Model):
    """Something two people may edit at once. Each save by a service raises `version`; a save that was based on an
    older version is refused, so that nobody silently overwrites a colleague's words."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def require_version(self, version: int | None) -> None:
        """Raise StaleError unless `version` is the current one; None means that the caller does not edit old text."""
        if version is not None and version != self.version:
            raise StaleError(_("Somebody else changed this while you were editing. Compare, then save again."))
