"""What the history noted of a change, in words: names of fields and values as the reader's language writes them."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

# What services note besides the fields of models. Names of metrics stand in the catalogue of translations themselves.
NAMES: Mapping[str, str | Promise] = {
    "accounts": _("Accounts"),
    "answer": _("Answer"),
    "baselines": _("What it was before"),
    "closed_at": _("Closed"),
    "brands": _("Brands"),
    "count": _("How many"),
    "error": _("Reason"),
    "figure_count": _("Figures"),
    "host": _("Goes to"),
    "observed_on": _("Day"),
    "off_reason": _("Why it is off"),
    "planned_shares": _("Planned shares, in percent"),
    "row_count": _("Rows"),
    "zone": _("Time zone"),
}
CHANNEL = "channel "  # before the network, in what is noted of a persona
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
DECIMAL = re.compile(r"-?\d+\.\d+")


@cache
def _models() -> dict[str, type[Model]]:
    return {str(model._meta.model_name): model for model in apps.get_models()}


def model_of(target: str) -> type[Model] | None:
    """The model of an event's target ("delivery:17")."""
    return _models().get(target.partition(":")[0])


def order_of(model: type[Model] | None) -> list[str]:
    return [field.name for field in model._meta.get_fields()] if model else []


def _field(model: type[Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def field_words(model: type[Model] | None, name: str) -> str:
    """What a field is called."""
    if name in NAMES:
        return str(NAMES[name])
    if name.startswith(CHANNEL):
        return name.removeprefix(CHANNEL).capitalize()
    words = getattr(_field(model, name), "verbose_name", "") or name.replace("_", " ")
    return str(words) if isinstance(words, Promise) else gettext(capfirst(words))


def value_words(model: type[Model] | None, name: str, value: Any) -> Any:
    """A choice by its word; nothing, an empty text and an empty list are all None; dates and numbers as people write
    them; other values as they stand."""
    if value in (None, "", [], {}):
        return None
    if isinstance(value, list):
        return ", ".join(str(_read(part)) for part in value if part is not None) or None
    if isinstance(value, dict):
        return pgettext("between what was noted", "; ").join(_pairs(name, value)) or None
    choices = dict(getattr(_field(model, name), "flatchoices", None) or ())
    return choices.get(value) or _read(value) if isinstance(value, str | int) else value


def _pairs(name: str, value: Mapping[str, Any]) -> list[str]:
    """What was noted under names; those of a persona's channel are ours, not the reader's."""
    if name.startswith(CHANNEL):
        return [gettext(str(_read(part))) for part in value.values() if part not in (None, "", "unknown")]
    colon = pgettext("between a name and what was noted", ": ")
    return [f"{key}{colon}{_read(part)}" if part else key for key, part in value.items()]


def _read(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if DAY.fullmatch(value) and (day := parse_date(value)):
        return date_format(day, "SHORT_DATE_FORMAT")
    if MOMENT.fullmatch(value) and (at := parse_datetime(value)):
        return date_format(timezone.localtime(at) if timezone.is_aware(at) else at, "SHORT_DATETIME_FORMAT")
    if DECIMAL.fullmatch(value):
        return number_format(value.rstrip("0").rstrip("."), use_l10n=True, force_grouping=True)
    return value
