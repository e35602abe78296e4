"""Secrets at rest: a text field whose value the database never sees.

What is stored is a Fernet token (AES-128-CBC and HMAC-SHA256, https://github.com/fernet/spec) under the newest of
`settings.FIELD_KEYS`; older keys still open what they sealed until `manage.py rotate_field_keys` has run. Sealed with
the value is where it belongs: model, field, and the value of the row's `bound_to` field (the primary key is not known
when a row is first written). A token copied into another row or column does not open there.

The value is opened when it is read, not when the row is loaded, and then it is a `Secret`, whose repr says nothing.
`QuerySet.update`, `bulk_update` and filters would bypass the sealing and are refused.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _


class SecretError(Exception):
    """A secret at rest cannot be opened: no key fits, or it was sealed for another row."""


class Secret(str):
    """A value that may be used but is not shown: its repr, which ends up in error reports and logs, hides it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(…)"


class Sealed:
    """A secret as it is stored."""

    __slots__ = ("token",)

    def __init__(self, token: str) -> None:
        self.token = token

    def __repr__(self) -> str:
        return "Sealed(…)"


def keyring() -> MultiFernet:
    """The keys of this installation, newest first. Raises ImproperlyConfigured when one is not a Fernet key."""
    return _keyring(tuple(settings.FIELD_KEYS))


@lru_cache(maxsize=8)
def _keyring(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise ImproperlyConfigured(
            "FIELD_KEYS must be Fernet keys (32 bytes in URL-safe base64), newest first, separated by spaces. "
            'Make one: python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
        ) from None


def is_current(token: str) -> bool:
    """Whether the newest key sealed it, so that a rotation may leave it as it is."""
    try:
        Fernet(settings.FIELD_KEYS[0]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


class _SecretAttribute(DeferredAttribute):
    """Opens the secret when it is read from the row."""

    field: EncryptedTextField

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        return self.field.open(value, instance) if isinstance(value, Sealed) and instance is not None else value

    def __set__(self, instance: models.Model, value: Any) -> None:
        is_plain = isinstance(value, str) and value != ""
        instance.__dict__[self.field.attname] = Secret(value) if is_plain else value


if TYPE_CHECKING:
    _TextField = models.TextField[Any, Any]
else:
    _TextField = models.TextField


class EncryptedTextField(_TextField):
    """A text that is encrypted at rest and bound to its row.

    `bound_to` names the field of the same model that tells its rows apart for good, e.g. "account"; by default the
    first unique one that is not the primary key.
    """

    description = _("Secret text")
    descriptor_class = _SecretAttribute

    def __init__(self, *args: Any, bound_to: str = "", **kwargs: Any) -> None:
        self.bound_to = bound_to
        super().__init__(*args, **{"editable": False, **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        if self.bound_to:
            kwargs["bound_to"] = self.bound_to
        return name, path, args, kwargs

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._check_bound_to()]

    def _check_bound_to(self) -> list[checks.CheckMessage]:
        try:
            self._anchor()
        except ImproperlyConfigured as error:
            hint = "Name a unique field of the model in bound_to: a secret must not open in another row."
            return [checks.Error(str(error), hint=hint, obj=self, id="core.E001")]
        return []

    def _anchor(self) -> models.Field[Any, Any]:
        """The field whose value ties a secret to its row."""
        fields = [field for field in self.model._meta.concrete_fields if field.unique and not field.primary_key]
        if self.bound_to:
            fields = [field for field in fields if field.name == self.bound_to]
        if not fields:
            raise ImproperlyConfigured(f"{self._where()} is bound to no unique field.")
        return fields[0]

    def from_db_value(self, value: str | None, *_: Any) -> Sealed | str | None:
        return Sealed(value) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: ARG002 -- Django's signature
        value = model_instance.__dict__.get(self.attname)
        return self.seal(value, model_instance) if isinstance(value, str) and value else value

    def get_prep_value(self, value: Any) -> str | None:
        if isinstance(value, Sealed):
            return value.token
        if value:
            raise TypeError(f"Set {self._where()} on an instance and save it: here it could not be sealed.")
        return None if value is None else ""

    def value_to_string(self, obj: models.Model) -> str:  # noqa: ARG002 -- Django's signature
        return ""  # a dump holds no secrets, not even sealed ones

    def seal(self, value: str, instance: models.Model) -> Sealed:
        """Encrypt a value for this row, under the newest key."""
        content = json.dumps([self._where(), self._row(instance), str(value)], ensure_ascii=False)
        return Sealed(keyring().encrypt(content.encode()).decode())

    def open(self, sealed: Sealed, instance: models.Model) -> Secret:
        """The value. Raises SecretError when no key fits or when it was sealed for another row or column."""
        try:
            where, row, value = json.loads(keyring().decrypt(sealed.token.encode()))
        except InvalidToken:
            raise SecretError(
                f"No key in FIELD_KEYS opens {self._where()}. Put the key it was written with back at the end of "
                "FIELD_KEYS, or connect again."
            ) from None
        if (where, row) != (self._where(), self._row(instance)):
            raise SecretError(f"{self._where()} holds a secret of another row; it was not put there by Sextant.")
        return Secret(value)

    def sealed(self, instance: models.Model) -> Sealed | None:
        """What is stored for this row, unopened; None when there is no secret or it was just set."""
        value = instance.__dict__.get(self.attname)
        return value if isinstance(value, Sealed) else None

    def _where(self) -> str:
        return f"{self.model._meta.label}.{self.name}"

    def _row(self, instance: models.Model) -> str:
        anchor = self._anchor().attname
        value = getattr(instance, anchor)
        if value is None:
            raise SecretError(f"{self._where()} cannot be sealed before {anchor} has a value.")
        return str(value)
