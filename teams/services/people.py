"""What people do to themselves."""

from django.db import transaction

from activity.hours import rearrange
from teams.models import User


@transaction.atomic
def edit_profile(*, user: User, name: str, language: str, time_zone: str) -> User:
    """How the person is called, the language in which Sextant speaks to them, and the zone of their own clock,
    which what waits for them follows."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.name, user.language, user.time_zone = name, language, time_zone
    user.save(update_fields=["name", "language", "time_zone"])
    rearrange(user)
    return user


def set_language(*, user: User, language: str) -> None:
    User.objects.filter(pk=user.pk).update(language=language)
