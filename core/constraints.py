"""A border that the database keeps: a row points only to rows on its own side."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model
from django.utils.translation import gettext_lazy as _


class SameBorder(models.BaseConstraint):
    """What a row points to belongs to the same brand (or workspace) as the row itself.

    `SameBorder("brand", "account", name=…)` on a delivery is the foreign key
    `(brand_id, account_id) REFERENCES audits_socialaccount (brand_id, id)`, which the database checks when the
    transaction ends, as it does Django's own. The other table needs `border_key("brand", …)`, and both tables the
    border's column; a row whose border or pointer is null is not checked.
    """

    default_violation_error_message = _("This belongs elsewhere.")

    def __init__(self, border: str, pointer: str, *, name: str, **options: Any) -> None:
        super().__init__(name=name, **options)
        self.border, self.pointer = border, pointer

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameBorder) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.border, self.pointer, self.name))

    def deconstruct(self) -> Any:
        path, _arguments, options = super().deconstruct()
        return path, (self.border, self.pointer), options

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        return self.create_sql(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Left for the end of the migration: by then both tables and the other one's key are there."""
        quoted = schema_editor.quote_name
        other: Any = model._meta.get_field(self.pointer).related_model
        schema_editor.deferred_sql.append(
            f"ALTER TABLE {quoted(model._meta.db_table)} ADD CONSTRAINT {quoted(self.name)}"
            f" FOREIGN KEY ({quoted(f'{self.border}_id')}, {quoted(f'{self.pointer}_id')})"
            f" REFERENCES {quoted(other._meta.db_table)} ({quoted(f'{self.border}_id')}, {quoted('id')})"
            " DEFERRABLE INITIALLY DEFERRED"
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        table, name = schema_editor.quote_name(model._meta.db_table), schema_editor.quote_name(self.name)
        return f"SET CONSTRAINTS {name} IMMEDIATE; ALTER TABLE {table} DROP CONSTRAINT {name}"

    def validate(self, model: Any, instance: Model, exclude: Collection[str] | None = None, using: str = "") -> None:  # noqa: ARG002 -- Django's signature
        if {self.border, self.pointer} & set(exclude or ()):
            return
        here, other = getattr(instance, f"{self.border}_id"), getattr(instance, self.pointer)
        if here is not None and other is not None and getattr(other, f"{self.border}_id") != here:
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)


def border_key(border: str, *, name: str) -> models.UniqueConstraint:
    """The key by which rows of other tables on the same side point here; it serves as the border's index as well."""
    return models.UniqueConstraint(fields=[border, "id"], name=name)
