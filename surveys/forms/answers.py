"""The questions of a survey as a form, for the public page and for answers on paper."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID, uuid4

from crispy_forms.layout import Field, Layout
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.forms import SextantForm
from surveys.models import Question, Survey
from surveys.rules.answers import LONGEST_TEXT, QuestionKind, Value

A_WEEK = 7 * 24 * 3600
SALT = "surveys.answers"
NO_CHOICE = {"invalid_choice": _("Choose one of the answers."), "required": _("Answer this question.")}


def new_form_key(survey: Survey) -> str:
    """What a form carries so that it counts once; made by us alone, for this survey, and good for a week."""
    return signing.dumps([survey.pk, uuid4().hex], salt=SALT)


class AnswersForm(SextantForm):
    """A field for each question: "q<number of the question>"."""

    form = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def __init__(self, data: Any = None, *, survey: Survey, questions: Sequence[Question]) -> None:
        self.survey, self.questions = survey, questions
        super().__init__(data, initial={"form": new_form_key(survey)})
        self.fields |= {f"q{one.pk}": field_of(one) for one in questions}

    def layout(self) -> Layout:
        """Numbers lie side by side, from low to high."""
        scales = {f"q{one.pk}" for one in self.questions if one.numbers}
        return Layout("form", *(Field(name, wrapper_class="scale") if name in scales else name for name in self.asked))

    @property
    def asked(self) -> list[str]:
        return [f"q{one.pk}" for one in self.questions]

    def clean_form(self) -> UUID:
        try:
            survey, key = signing.loads(self.cleaned_data["form"], salt=SALT, max_age=A_WEEK)
        except signing.BadSignature:
            survey, key = None, ""
        if survey != self.survey.pk:
            self._renew()
            raise ValidationError(_("This page was open for too long. What you answered is still here: send it again."))
        return UUID(key)

    def _renew(self) -> None:
        data = cast(QueryDict, self.data).copy()
        data["form"] = new_form_key(self.survey)
        self.data = data

    def values(self) -> dict[int, Value]:
        return {one.pk: self.cleaned_data[f"q{one.pk}"] for one in self.questions}


def field_of(question: Question) -> forms.Field:
    """How a question is asked."""
    common: dict[str, Any] = {"label": question.words, "required": question.is_required}
    if question.what is QuestionKind.TEXT:
        return forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 3}), **common)
    numbered = list(enumerate(question.choices)) or [(number, str(number)) for number in question.numbers]
    common |= {"choices": numbered, "coerce": int, "error_messages": NO_CHOICE}
    if question.what is QuestionKind.MULTIPLE:
        return forms.TypedMultipleChoiceField(
            widget=forms.CheckboxSelectMultiple, help_text=_("Choose as many as apply."), **common
        )
    help_text = SCALES.get(question.what, "")
    return forms.TypedChoiceField(widget=forms.RadioSelect, empty_value=None, help_text=help_text, **common)


SCALES = {
    QuestionKind.NPS: _("0: not at all likely. 10: extremely likely."),
    QuestionKind.RATING: _("1: very poor. 5: very good."),
}
