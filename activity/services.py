"""The history: services of every room write down what was done, by whom, before and after."""

import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from activity.models import Event
from teams.models import Brand, User, Workspace

Values = Mapping[str, Any]


def ref(target: Model) -> str:
    """How messages and the history name a thing: "delivery:17"."""
    return f"{target._meta.model_name}:{target.pk}"


def changes(before: Values, after: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only what differs: the old values and the new ones of the fields that changed."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}


def record(
    *,
    by: User | None,
    verb: str,
    target: Model,
    brand: Brand | None = None,
    workspace: Workspace | None = None,
    label: str = "",
    before: Values | None = None,
    after: Values | None = None,
) -> Event:
    """Writes one line of the history, in the caller's transaction.

    `verb` is "<room>.<noun>_<participle>", for example "calendar.delivery_scheduled"; without `by` Sextant itself did
    it. `label` is what the thing is called now (its own words, unless given). `before` and `after` hold changed fields
    only; dates, times and decimals are written as text, other objects as they call themselves.
    """
    place = {"workspace": workspace} if workspace else {"workspace_id": brand.workspace_id if brand else None}
    return Event.objects.create(
        **place,
        brand=brand,
        by=by,
        verb=verb,
        target=ref(target),
        label=(label or str(target))[:200],
        before=plain(before),
        after=plain(after),
    )


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def plain(values: Values | None) -> Any:
    """The values as JSON can hold them."""
    return json.loads(json.dumps(dict(values or {}), cls=_Encoder))
