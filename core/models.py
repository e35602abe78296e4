"""Abstract bases. No table of its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import StaleError


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
