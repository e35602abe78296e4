"""A foreign key over two columns: a row may only point at a row that stands on the same side of a border."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class CompositeForeignKey(models.BaseConstraint):
    """The database refuses a row whose `fields` are not, together, those of one row of the model `to`.

    `to` is "<app>.<Model>"; `to_fields` must be unique there. A row in which one of the fields is empty points nowhere
    and is taken. Checked at the end of the transaction, like Django's own foreign keys.
    """

    def __init__(self, *, fields: Sequence[str], to: str, to_fields: Sequence[str], name: str) -> None:
        super().__init__(name=name)
        self.fields, self.to, self.to_fields = tuple(fields), to, tuple(to_fields)

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        assert model is not None
        assert schema_editor is not None
        quote = schema_editor.quote_name
        there = model._meta.apps.get_model(self.to)
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({_columns(model, self.fields, quote)}) "
            f"REFERENCES {quote(there._meta.db_table)} ({_columns(there, self.to_fields, quote)}) "
            "DEFERRABLE INITIALLY DEFERRED"
        )

    def create_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        assert model is not None
        assert schema_editor is not None
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        assert model is not None
        assert schema_editor is not None
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Forms offer rows of their own side only; the database is the second lock."""

    def deconstruct(self) -> Any:
        path, _args, kwargs = super().deconstruct()
        return path, (), {**kwargs, "fields": self.fields, "to": self.to, "to_fields": self.to_fields}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CompositeForeignKey):
            return NotImplemented
        return bool(self.deconstruct() == other.deconstruct())

    __hash__ = models.BaseConstraint.__hash__


def _columns(model: type[models.Model], fields: Sequence[str], quote: Any) -> str:
    known = {field.name: field.column for field in model._meta.concrete_fields}
    return ", ".join(quote(known[name]) for name in fields)
