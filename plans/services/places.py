"""What every verb of this room asks first."""

from django.utils.translation import gettext as _

from plans.services.errors import PlanError
from teams.models import Brand, Membership, User


def locked(brand: Brand) -> Brand:
    """One writer of a brand's plan at a time, so that two cannot both take the same name or period."""
    return Brand.objects.select_for_update(of=("self",), no_key=True).select_related("workspace").get(pk=brand.pk)


def require_member(owner: User | None, brand: Brand) -> None:
    """Raise PlanError when the owner may not open the brand."""
    if owner is not None and not Membership.objects.for_brand(brand).filter(user=owner).exists():
        raise PlanError(_("This person is not a member who may open this brand."), field="owner")
