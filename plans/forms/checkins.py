"""How a goal goes, in its owner's words."""

from typing import Any

from django import forms

from core.forms import ServiceChecks, SextantModelForm
from plans.models import CheckIn, Confidence


class CheckInForm(ServiceChecks, SextantModelForm):
    class Meta:
        model = CheckIn
        fields = ["note", "confidence"]
        widgets = {"note": forms.Textarea({"rows": "3", "data-grow": ""}), "confidence": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confidence"].choices = Confidence.choices  # type: ignore[attr-defined]  # without an empty one
