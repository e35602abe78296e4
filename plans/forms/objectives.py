from typing import Any, cast

from django import forms

from core.forms import SextantModelForm, StaleGuard
from plans.forms.people import owners
from plans.models import BusinessObjective
from plans.services import ObjectiveFacts
from teams.models import Brand


class ObjectiveForm(StaleGuard, SextantModelForm):
    """What the company wants, who answers for it and by when."""

    class Meta:
        model = BusinessObjective
        fields = ("title", "description", "owner", "horizon_on")

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Any]", self.fields["owner"]).queryset = owners(brand)

    def facts(self) -> ObjectiveFacts:
        return cast(ObjectiveFacts, {name: self.cleaned_data[name] for name in self.Meta.fields})
