"""How forms look and answer: one column, label above, errors beside their fields and summed up on top."""

from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from core.localtime import EARLIEST, LATEST
from core.zones import zones_in


class Renderer(DjangoTemplates):
    """Django's own form renderer, which also finds our templates: `{{ form }}` looks like `{% crispy form %}`."""

    form_template_name = "forms/form.html"

    @cached_property
    def engine(self) -> Any:
        builtin = Path(forms.__file__).parent / "templates"
        options = {"APP_DIRS": True, "DIRS": [settings.BASE_DIR / "templates", builtin], "NAME": "forms", "OPTIONS": {}}
        return self.backend(options)


def render_refused(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, status: int = 422
) -> HttpResponse:
    """The page (or the `page.html#part`) with a refused form: 422, with the messages and what was typed."""
    return render(request, template, dict(context or {}), status=status)


# -- widgets --------------------------------------------------------------------------------------------------------


class DateInput(forms.DateInput):
    """A date that can be typed or picked; the browser shows it as its reader writes dates."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """A time of day, to the minute."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


REACH = [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]  # of a date that somebody enters


class LocalDateTimeInput(forms.MultiWidget):
    """A date and a time side by side, with the zone written beside them."""

    template_name = "forms/local_datetime.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, zone: str = "UTC") -> None:
        self.zone = zone
        day = DateInput({"aria-label": _("Date")})
        clock = TimeInput({"aria-label": _("Time")})
        super().__init__({"date": day, "time": clock}, attrs)

    def decompress(self, value: datetime | None) -> list[date | time | None]:
        if value is None:
            return [None, None]
        local = value.astimezone(ZoneInfo(self.zone)) if timezone.is_aware(value) else value
        return [local.date(), local.time().replace(second=0, microsecond=0)]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "zone": self.zone}


class LocalDateTimeField(forms.MultiValueField):
    """A date and time as the clock on the wall of a zone shows them; cleaned to a naive datetime.

    What that moment is (the clock may skip it or show it twice) is for `core.localtime.resolve` to say. Set `zone`
    in the form's __init__: `self.fields["publish_at"].zone = brand.time_zone`.
    """

    widget = LocalDateTimeInput

    def __init__(self, *, zone: str = "UTC", **kwargs: Any) -> None:
        parts = (
            forms.DateField(error_messages={"invalid": _("Enter a date, for example 2026-11-30.")}, validators=REACH),
            forms.TimeField(error_messages={"invalid": _("Enter a time, for example 14:30.")}),
        )
        super().__init__(parts, require_all_fields=True, **kwargs)
        self.zone = zone

    @property
    def zone(self) -> str:
        """The IANA zone that is written beside the inputs."""
        return cast(LocalDateTimeInput, self.widget).zone

    @zone.setter
    def zone(self, zone: str) -> None:
        cast(LocalDateTimeInput, self.widget).zone = zone

    def compress(self, data_list: list[Any]) -> datetime | None:
        if not data_list:
            return None
        missing = [empty for empty in data_list if empty in self.empty_values]
        if missing:
            raise ValidationError(_("Give both a date and a time."), code="incomplete")
        return datetime.combine(data_list[0], data_list[1])


def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The IANA zones of places, grouped by part of the world, as choices in the reader's language."""
    return zones_in(get_language() or settings.LANGUAGE_CODE)


class ZoneField(forms.ChoiceField):
    """A choice among the IANA time zones; with `guess` the browser's own zone is preselected when none is chosen."""

    def __init__(self, *, guess: bool = False, **kwargs: Any) -> None:
        super().__init__(choices=zone_choices, **kwargs)
        if guess:
            self.widget.attrs["data-guess-zone"] = ""


# -- forms ----------------------------------------------------------------------------------------------------------

_BETTER: dict[type[forms.Widget], type[forms.Widget]] = {forms.DateInput: DateInput, forms.TimeInput: TimeInput}


class FormLook:
    """What every form of ours shares: the helper for `{% crispy form %}` and a way to take a service's no."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            improve(field)

    def layout(self) -> Layout | None:
        """The order and grouping of the fields; None for the order in which they are declared."""
        return None

    @property
    def helper(self) -> FormHelper:
        """For `{% crispy form %}`: the page itself writes the form element, its CSRF token and its buttons."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = self.layout()
        helper.render_hidden_fields = True
        return helper

    def refuse(self, refusal: Refusal) -> None:
        """Shows a service's no beside its field, or on top when it names none of this form's."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, ValidationError(str(refusal), code="refused"))  # type: ignore[attr-defined]


class SextantForm(FormLook, forms.Form):
    """A form of our own."""


class SextantModelForm(FormLook, forms.ModelForm):  # type: ignore[type-arg]  # ModelForm is not generic at run time
    """A form of our own over a model's fields. It checks and cleans; services save."""


class ServiceChecks:
    """Mix in before SextantModelForm where the service refuses what the model's constraints refuse: it knows beside
    which field to say it, while Django would say it on top."""

    def _update_errors(self, errors: ValidationError) -> None:
        errors.error_dict.pop(NON_FIELD_ERRORS, None)
        super()._update_errors(errors)  # type: ignore[misc]


UNSEEN = _("This page does not say which version you saw. Load it again, then change it.")


class StaleGuard(forms.Form):
    """Carries the version that the person saw, so that the service can refuse to overwrite a colleague's words. Without
    it, nothing that is stored is changed.

    Mix in before SextantForm or SextantModelForm; hand `cleaned_data["version"]` to the service, which asks
    `Versioned.require_version`. The hidden field starts with the instance's version.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = getattr(getattr(self, "instance", None), "version", None)
        if seen is not None:
            self.fields["version"].initial = seen

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        is_new = hasattr(self, "instance") and self.instance.pk is None
        if not is_new and self.cleaned_data.get("version") is None:
            self.add_error(None, ValidationError(UNSEEN, code="unseen"))


def improve(field: forms.Field) -> None:
    """Dates and times get the browser's own pickers; dates have a reach; long texts start low and grow; a list says in
    words that nothing is chosen."""
    better = _BETTER.get(type(field.widget))
    if better is not None:
        field.widget = better(attrs=field.widget.attrs)
    if isinstance(field, forms.DateField):
        field.validators.extend(REACH)
    if isinstance(field, forms.ModelChoiceField) and field.empty_label == BLANK_CHOICE_DASH[0][1]:
        field.empty_label = _("choose one") if field.required else _("not stated")
    if isinstance(field.widget, forms.Textarea):
        if field.widget.attrs.get("rows") in (None, "10"):
            field.widget.attrs["rows"] = "3"
        field.widget.attrs.pop("cols", None)
        field.widget.attrs.setdefault("data-grow", "")
