"""What a branch takes over from the brand above it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from personas.models import Persona
from plans.models import BusinessObjective
from teams.models import Brand


class _TakeForm(forms.Form):
    def __init__(self, data: Any, *, brand: Brand) -> None:
        super().__init__(data)
        for field in self.fields.values():
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = field.queryset.filter(brand__branches=brand)  # type: ignore[union-attr]
            field.error_messages["invalid_choice"] = _("The brand above does not have this any more.")


class TakeObjectiveForm(_TakeForm):
    """One objective of the brand above."""

    objective = forms.ModelChoiceField(queryset=BusinessObjective.objects.all())


class TakePersonaForm(_TakeForm):
    """One persona of the brand above."""

    persona = forms.ModelChoiceField(queryset=Persona.objects.addressed())
