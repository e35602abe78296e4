"""What the targets of goals name, or a content matrix plans: no name twice, and nothing removed beneath them."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from calendar_app.errors import PostError
from calendar_app.models import ContentMatrix
from plans.models import ContentKind, Target
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


def require_unplanned(kind: ContentKind) -> None:
    """Raise PostError, naming the accounts, while a content matrix gives the content type a share."""
    found = ContentMatrix.objects.filter(shares__content_kind=kind).select_related("brand", "account__network")
    if found:
        names = ", ".join(_("“%(words)s”") % {"words": matrix} for matrix in found.order_by("account"))
        raise PostError(_("The content matrix plans it: %(names)s. Give its share to others first.") % {"names": names})
