"""Which tables belong to a workspace, and how their rows name it: found in the models, so that none is forgotten."""

from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model

from teams.models import Brand, Workspace

Rows = tuple[type[Model], str]


def way_to_workspace(model: Any) -> str | None:
    """The lookup from a row to its workspace, "account__brand__workspace" for instance; None: it is in none."""
    keys = [field for field in model._meta.concrete_fields if isinstance(field.related_model, type)]
    pointers = {field.name: field.related_model for field in keys}
    for border, place in (("workspace", Workspace), ("brand", Brand)):
        if pointers.get(border) is place:
            return "workspace" if place is Workspace else "brand__workspace"
    others = [(name, other) for name, other in pointers.items() if other not in (model, Workspace)]
    ways = ((name, way_to_workspace(other)) for name, other in others)
    return next((f"{name}__{way}" for name, way in ways if way), None)


@cache
def tables() -> list[Rows]:
    """Every table whose rows belong to a workspace, what is part of something before what it is part of."""
    found = [(model, way) for model in apps.get_models() if (way := way_to_workspace(model))]
    return sorted(found, key=lambda rows: (rows[0] is Brand, -rows[1].count("__"), rows[0]._meta.label))
