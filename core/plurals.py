"""Numbers and the form of the word after them."""

from decimal import Decimal
from math import trunc

from django.utils.translation import get_language


def plural_number(value: Decimal | float) -> int:
    """The whole number whose plural form a number takes: French goes by its whole part (1,5 commentaire), English
    has the plural after every fraction (1.5 comments, 0.5 comments)."""
    if value == int(value) or (get_language() or "").startswith("fr"):
        return abs(trunc(value))
    return 2
