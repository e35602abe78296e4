"""A survey and its questions, as the team writes them."""

from typing import Any, cast

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import ServiceChecks, SextantModelForm, StaleGuard
from personas.models import Persona
from plans.models import Goal
from surveys.models import Question, Survey
from surveys.services import QuestionFacts, SurveyFacts
from surveys.services.surveys import PLAIN
from teams.models import Brand


class SurveyForm(StaleGuard, SextantModelForm):
    """What a survey says of itself, how long it runs, and what it is about."""

    class Meta:
        model = Survey
        fields = (*PLAIN, "goals", "personas")
        widgets = {"goals": forms.CheckboxSelectMultiple, "personas": forms.CheckboxSelectMultiple}
        help_texts = {
            "introduction": _("Stands above the questions: who asks, what for, how long it takes."),
            "closes_on": _("After this day the survey closes by itself. Empty: it runs until you close it."),
        }

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = {
            "goals": Goal.objects.for_brand(brand).select_related("plan"),
            "personas": Persona.objects.filter(brand=brand, is_negative=False),
        }
        for name, queryset in rows.items():
            cast("forms.ModelMultipleChoiceField[Any]", self.fields[name]).queryset = queryset
        if self.instance.pk is None:
            self.fields["language"].initial = brand.language
        elif not self.instance.is_draft:
            self.fields["language"].disabled = True

    def layout(self) -> Layout:
        return Layout(
            "title", "introduction", "language", "closes_on",
            Fieldset(_("What the survey is about"), "goals", "personas", css_class="group"),
        )  # fmt: skip

    def facts(self) -> SurveyFacts:
        return cast(SurveyFacts, {name: self.cleaned_data[name] for name in self.Meta.fields})

    def show_what_else(self, stored: Survey) -> None:
        """A colleague chose other goals or personas in the meantime: they are named beside the field."""
        for name in ("goals", "personas"):
            saved = {one.pk: str(one) for one in getattr(stored, name).all()}
            if saved.keys() != {one.pk for one in self.cleaned_data.get(name, ())}:
                words = _("In the meantime this was saved: “%(words)s”. Below is what you typed.")
                said = ", ".join(saved.values()) or _("empty")
                self.add_error(name, ValidationError(words, code="stale", params={"words": said}))


class QuestionForm(StaleGuard, ServiceChecks, SextantModelForm):
    """One question; of the one that is built in only whether it must be answered."""

    options = forms.CharField(
        label=_("Options"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4}),
        help_text=_("For one choice or several choices: one option a line."),
    )  # fmt: skip

    class Meta:
        model = Question
        fields = ("kind", "text", "is_required")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["options"].initial = "\n".join(self.instance.options)
        if self.instance.is_built_in:
            for name in ("kind", "text", "options"):
                del self.fields[name]

    def layout(self) -> Layout:
        return Layout(*(name for name in ("kind", "text", "options", "is_required") if name in self.fields))

    def facts(self) -> QuestionFacts:
        data = self.cleaned_data
        lines = (line.strip() for line in data.get("options", "").splitlines())
        return {
            "kind": data.get("kind", self.instance.kind), "text": data.get("text", ""),
            "options": [line for line in lines if line], "is_required": data["is_required"],
        }  # fmt: skip
