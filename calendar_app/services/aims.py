"""What the targets of goals name: it takes no name twice, and cannot be removed beneath them."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from calendar_app.errors import PostError
from plans.models import Target
from teams.models import Brand


def locked_brand(brand: Brand) -> Brand:
    """One writer at a time of a brand's content types, campaigns and goals: two cannot take the same name, nor one
    delete what another is just about to aim at."""
    return Brand.objects.select_for_update(of=("self",), no_key=True).select_related("workspace").get(pk=brand.pk)


def require_unaimed(targets: QuerySet[Target]) -> None:
    """Raise PostError, naming the goals, while any of these targets is there."""
    titles = list(targets.order_by("goal__title").values_list("goal__title", flat=True).distinct())
    if titles:
        names = ", ".join(_("“%(words)s”") % {"words": title} for title in titles)
        raise PostError(_("Goals measure it: %(goals)s. Change their targets first.") % {"goals": names})
