"""Secrets of second factors at rest: allauth keeps them as text, so they are sealed on their way there."""

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import transaction

from core.fields import SecretError, is_current, keyring

SECRETS = ("secret", "seed")  # of an authenticator app, and of recovery codes


def seal(text: str) -> str:
    return keyring().encrypt(text.encode()).decode()


def opened(sealed: str) -> str:
    """Raises SecretError when no key of this installation fits."""
    try:
        return keyring().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SecretError("No key opens this second factor.") from None


def rotate() -> int:
    """Seal what an older key sealed again under the newest; how many that were. Raises SecretError."""
    return sum(_rotate(pk) for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _rotate(pk: int) -> bool:
    row = Authenticator.objects.select_for_update().get(pk=pk)
    old = {name: row.data[name] for name in SECRETS if name in row.data and not is_current(row.data[name])}
    row.data = {**row.data, **{name: seal(opened(value)) for name, value in old.items()}}
    row.save(update_fields=["data"])
    return bool(old)
