from django.db.models import OuterRef

from audits.queries import Standing, columns
from teams.models import Brand


def standing(brand: Brand) -> Standing:
    """What steps 2 and 3 count of a brand now."""
    asked = columns(OuterRef("pk"))
    return Standing.read(Brand.objects.annotate(**asked).values(*asked).get(pk=brand.pk))
