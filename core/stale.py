"""Two people edited the same thing: the second sees both versions beside each field that differs, and loses nothing."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.errors import StaleError


def show_both(form: forms.BaseForm, refusal: StaleError, saved: Mapping[str, Any], version: int) -> None:
    """Puts a colleague's values beside what was typed, wherever they differ.

    `saved` holds the values as they are stored now, by field name, and `version` their version: the hidden version
    moves on to it, so that the next save is made in the knowledge of both.
    """
    form.add_error(None, ValidationError(str(refusal), code="stale"))
    for name, value in saved.items():
        if name in form.fields and name not in form.errors and form.cleaned_data.get(name) != value:
            words = _("In the meantime this was saved: “%(words)s”. Below is what you typed.")
            form.add_error(name, ValidationError(words, code="stale", params={"words": _said(form, name, value)}))
    data = cast(QueryDict, form.data).copy()
    data[form.add_prefix("version")] = str(version)
    form.data = data


def _said(form: forms.BaseForm, name: str, value: Any) -> str | Promise:
    """A stored value in words: the label of a choice, yes or no, or that it is empty."""
    if value is None or value == "":
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, value))
