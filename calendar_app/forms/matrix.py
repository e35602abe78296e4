"""The forms of a content matrix: its shares, a preset to start from, and the period in which it is looked at."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from calendar_app.presets import Part, Preset
from calendar_app.rules.matrix import WHOLE, adds_up
from calendar_app.services.matrix import NONE_YET, sum_words
from core.forms import SextantForm, StaleGuard
from plans.models import ContentKind
from teams.models import Brand

NEW = "new"
LONGEST = 366  # days
PERCENT = re.compile(r"[0-9]{1,3}")


class MatrixGuard(StaleGuard):
    """The version that was seen; 0 while there is no matrix yet."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=NONE_YET)


class MatrixForm(MatrixGuard, SextantForm):
    """One share for each content type of the brand, in percent."""

    def __init__(self, *args: Any, kinds: Sequence[ContentKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        for kind in kinds:
            self.fields[self.name_of(kind)] = forms.IntegerField(
                label=kind.name, required=False, min_value=0, max_value=WHOLE,
                widget=forms.NumberInput(attrs={"class": "form-control", "data-share": "", "inputmode": "numeric"}),
            )  # fmt: skip

    @staticmethod
    def name_of(kind: ContentKind) -> str:
        return f"kind_{kind.pk}"

    @classmethod
    def values(cls, kinds: Sequence[ContentKind], shares: Mapping[int, int]) -> dict[str, Any]:
        """Stored shares, as the form shows them."""
        return {cls.name_of(kind): shares.get(kind.pk) for kind in kinds}

    def rows(self) -> list[tuple[ContentKind, BoundField]]:
        return [(kind, self[self.name_of(kind)]) for kind in self.kinds]

    def shares(self) -> dict[ContentKind, int]:
        return {kind: self.cleaned_data.get(self.name_of(kind)) or 0 for kind in self.kinds}

    @property
    def total(self) -> int:
        """What stands in the form, added up; what is no number counts for nothing."""
        written = (str(field.value() or "") for _kind, field in self.rows())
        return sum(int(text) for text in written if PERCENT.fullmatch(text))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not adds_up(percents := self.shares().values()):
            self.add_error(None, ValidationError(sum_words(sum(percents)), code="sum"))
        return data


class PresetForm(MatrixGuard, SextantForm):
    """Which content type takes which part of a usual mix; what is missing is created."""

    def __init__(self, *args: Any, preset: Preset, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preset = preset
        self.kinds = list(ContentKind.objects.filter(brand=brand))
        by_name = {kind.name.casefold(): kind for kind in self.kinds}
        for number, part in enumerate(preset.parts):
            fitting = by_name.get(str(part.name).casefold())
            self.fields[f"part_{number}"] = forms.ChoiceField(
                label=gettext("%(percent)d%%: %(name)s") % {"percent": part.percent, "name": part.name},
                help_text=str(part.what),
                choices=self._choices(part, fitting), initial=str(fitting.pk) if fitting else NEW,
            )  # fmt: skip

    def _choices(self, part: Part, fitting: ContentKind | None) -> list[tuple[str, Any]]:
        """A content type of the same name is taken instead of creating a second one."""
        new = [] if fitting else [(NEW, _("Create the content type “%(name)s”") % {"name": part.name})]
        return [*new, *((str(kind.pk), kind.name) for kind in self.kinds)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for number in range(len(self.preset.parts)):
            chosen = data.get(f"part_{number}", NEW)
            if chosen in seen:
                self.add_error(f"part_{number}", _("This content type has another part already. Choose another one."))
            seen |= {chosen} - {NEW}
        return data

    def parts(self) -> list[tuple[ContentKind | str, int]]:
        """What `fill_matrix` takes: content types that are there, and names of those to be created."""
        by_pk = {str(kind.pk): kind for kind in self.kinds}
        chosen = [self.cleaned_data[f"part_{number}"] for number in range(len(self.preset.parts))]
        return [
            (by_pk.get(choice) or str(part.name), part.percent)
            for choice, part in zip(chosen, self.preset.parts, strict=True)
        ]


class SpanForm(SextantForm):
    """From a day to a day, both included."""

    first = forms.DateField(label=_("From"))
    last = forms.DateField(label=pgettext_lazy("a day", "To"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The period must end on or after the day it starts."))
        elif first and last and (last - first).days >= LONGEST:
            self.add_error("last", _("Choose a year at most."))
        return data
