"""What a branch takes over from the brand above it."""

from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.constraints import SameBorder, border_key
from teams.models import Workspace


class Inheritable(models.Model):
    """Something that a branch may take over from its parent brand.

    What was taken over follows the original: a change there is made here too. Once it is changed here it is the
    branch's own (`overridden_at`), until somebody lets it follow again. When the original is deleted, it stays.
    The model itself has the pointer to the original, `inherited_from`.
    """

    inherited_from_id: int | None

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    overridden_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def follows(self) -> bool:
        """Whether it says what the original says, and will go on to."""
        return self.inherited_from_id is not None and self.overridden_at is None

    @property
    def is_overridden(self) -> bool:
        return self.inherited_from_id is not None and self.overridden_at is not None


def inheritance(name: str) -> Sequence[models.BaseConstraint]:
    """The constraints of a model whose rows may be taken over: within the workspace, and once by each brand."""
    return (
        border_key("workspace", name=f"{name}_workspace_border"),
        SameBorder("workspace", "brand", name=f"{name}_brand_same_workspace"),
        SameBorder("workspace", "inherited_from", name=f"{name}_original_same_workspace"),
        models.UniqueConstraint(
            fields=["brand", "inherited_from"], name=f"{name}_inherited_once",
            violation_error_message=_("This brand has taken it over already."),
        ),
    )  # fmt: skip
