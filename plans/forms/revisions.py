from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.forms import SextantForm, SextantModelForm, StaleGuard
from plans.models import PlanRevision, PlanSection


class SectionForm(StaleGuard, SextantModelForm):
    """What the plan says about one step, and the team's own note. Version 0 is one of which nothing was written yet."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    class Meta:
        model = PlanSection
        fields = ("text", "private_note")
        help_texts = {
            "text": _("An empty line parts paragraphs; lines that begin with “- ” become a list."),
            "private_note": _("Only the team sees it: it is in no revision, print or shared document."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["rows"] = "10"


class PublishForm(SextantForm):
    """What changed and why, in the publisher's words. `seen` is the last revision's number when the form was shown."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    what_changed = forms.CharField(
        label=_("What changed"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": "8"}),
        help_text=_("Everybody reads this first. Take away what does not matter to them."),
    )  # fmt: skip
    why = forms.CharField(
        label=_("Why"), max_length=2000, widget=forms.Textarea, help_text=_("What happened that calls for it.")
    )

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = not is_first

    def look_again(self, last: PlanRevision | None) -> None:
        """What was typed stays; the next try is made in the knowledge of the revision that came in between."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = str(last.number if last else 0)
        self.data = data


class DismissForm(SextantForm):
    """Why the plan need not change."""

    reason = forms.CharField(label=_("Why the plan need not change"), max_length=600)
