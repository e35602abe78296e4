"""Puts what attackers write into every text that people, files or networks can fill."""

import re
from itertools import count
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import DatabaseError, models, transaction

SAID = "canary"  # what a payload calls if it runs
PAYLOADS = (
    f"\"><script>{SAID}('tag')</script>",
    f"'><img src=x onerror={SAID}('img')>",
    f"</script><script>{SAID}('json')</script>",
    f"</title></textarea></style><svg onload={SAID}('svg')>",
    f"\" autofocus onfocus={SAID}('attribute') x=\"",
    f"' onmouseover='{SAID}(1)' style='position:fixed;inset:0",
    "{{ 7|add:7 }}$ {% now 'Y' %} $${7*7}",
    f"<a href=\"javascript:{SAID}('link')\">x</a>",
    f"<!--]]>--><iframe srcdoc=\"<script>parent.{SAID}('frame')</script>\">",
    f"\\u003cscript\\u003e{SAID}('escape')\\u003c/script\\u003e\u2028\u2029&lt;script&gt;",
    f"<template shadowrootmode=open><script>{SAID}('shadow')</script></template><base href=//x.example>",
)
SCRIPT_ADDRESS = f"javascript:{SAID}('address')//"
ROOMS = ("teams", "activity", "networks", "personas", "audits", "plans", "calendar_app", "analytics", "surveys")
# What Sextant itself writes and reads: another text there is no text.
OURS = {
    "password", "time_zone", "language", "verb", "target", "key", "about", "template", "token_hash", "icon", "field",
    "unit", "cursor", "result", "api_name", "remote_id", "value", "context",
}  # fmt: skip
_turn = count()


def poison() -> int:
    """Fills all texts of all rows; says how many."""
    found = 0
    for model in apps.get_models():
        if model._meta.app_label in ROOMS:
            with pgtrigger.ignore():
                found += sum(_poison(model, row) for row in model._base_manager.all())
    return found


def _poison(model: type[models.Model], row: models.Model) -> int:
    columns = [column for column in model._meta.concrete_fields if _is_written(column)]
    return sum(_put(model, row, column) for column in columns)


def _is_written(column: Any) -> bool:
    is_text = isinstance(column, models.CharField | models.TextField | models.JSONField) and not column.choices
    is_other = column.primary_key or isinstance(column, models.SlugField | models.EmailField)
    is_other |= column.model._meta.label == "analytics.CsvDraft" and column.name == "text"  # a file, not words
    return is_text and not is_other and column.name not in OURS and type(column).__name__ != "EncryptedTextField"


def _put(model: type[models.Model], row: models.Model, column: Any) -> bool:
    """Whether the database takes a payload there."""
    value = _text(column, getattr(row, column.attname))
    try:
        with transaction.atomic():
            return model._base_manager.filter(pk=row.pk).update(**{column.attname: value}) == 1
    except DatabaseError:
        return False


def _text(column: Any, old: Any) -> Any:
    if isinstance(column, models.JSONField):
        is_of_plan = column.model._meta.label == "plans.PlanRevision"
        return _within(old, CODES if is_of_plan else NUMBERS)
    if isinstance(column, models.URLField) or column.name == "url":
        return SCRIPT_ADDRESS
    words = PAYLOADS[next(_turn) % len(PAYLOADS)]
    if column.max_length is None or column.max_length >= 400:
        return " ".join(PAYLOADS)[: column.max_length]
    return f"{next(_turn)}{words}"[: column.max_length]  # names must differ from row to row


NUMBERS = re.compile(r"\d+")
CODES = re.compile(r"[\d.-]*|[a-z_]*")  # in what a revision keeps nobody writes its days, numbers and short names


def _within(value: Any, kept: re.Pattern[str]) -> Any:
    if isinstance(value, dict):
        return {key: _within(one, kept) for key, one in value.items()}
    if isinstance(value, list):
        return [_within(one, kept) for one in value]
    is_words = isinstance(value, str) and not kept.fullmatch(value)
    return f"{next(_turn)} {PAYLOADS[next(_turn) // 2 % len(PAYLOADS)]}" if is_words else value
