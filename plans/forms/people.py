"""Who may be chosen as an owner."""

from django.db.models import QuerySet

from teams.models import Brand, Membership, User


def owners(brand: Brand) -> QuerySet[User]:
    """The members who may open the brand, by name."""
    members = Membership.objects.for_brand(brand).values("user")
    return User.objects.filter(pk__in=members).order_by("name", "email")
