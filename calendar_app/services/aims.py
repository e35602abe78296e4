"""What the targets of goals name cannot be removed beneath them."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from calendar_app.errors import PostError
from plans.models import Target


def require_unaimed(targets: QuerySet[Target]) -> None:
    """Raise PostError, naming the goals, while any of these targets is there."""
    titles = list(targets.order_by("goal__title").values_list("goal__title", flat=True).distinct())
    if titles:
        names = ", ".join(_("“%(words)s”") % {"words": title} for title in titles)
        raise PostError(_("Goals measure it: %(goals)s. Change their targets first.") % {"goals": names})
