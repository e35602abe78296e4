"""Seal every secret at rest again under the newest key, after which older keys may go."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import models
from django.utils.module_loading import import_string

from core.fields import EncryptedTextField, SecretError, is_current


class Command(BaseCommand):
    help = "Encrypts every stored secret again under the first key of FIELD_KEYS. Safe to run twice and while in use."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = {"rotated": 0, "current": 0, "changed": 0}
        unreadable: list[str] = []
        for model, field in _secret_fields():
            held = model._base_manager.filter(**{f"{field.attname}__gt": ""})
            for row in held.iterator(chunk_size=500):
                try:
                    counts[rotate(row, field)] += 1
                except SecretError as error:
                    unreadable.append(f"{model._meta.label} {row.pk}: {error}")
        for path in settings.ALSO_SEALED:
            try:
                counts["rotated"] += import_string(path)()
            except SecretError as error:
                unreadable.append(f"{path}: {error}")
        self.stdout.write(
            f"{counts['rotated']} sealed again, {counts['current']} already under the newest key, "
            f"{counts['changed']} changed meanwhile."
        )
        if unreadable:
            raise CommandError(f"{len(unreadable)} cannot be read; keep the old keys.\n" + "\n".join(unreadable))


def _secret_fields() -> Iterator[tuple[type[models.Model], EncryptedTextField]]:
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field


def rotate(row: models.Model, field: EncryptedTextField) -> str:
    """Seal one row's secret under the newest key, unless it is or somebody else wrote it in the meantime."""
    old = field.sealed(row)
    if old is None or is_current(old.token):
        return "current"
    new = field.seal(field.open(old, row), row)
    same = type(row)._base_manager.filter(pk=row.pk, **{field.attname: old})
    return "rotated" if same.update(**{field.attname: new}) else "changed"
