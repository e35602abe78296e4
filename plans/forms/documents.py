"""How the plan leaves the house: as a PDF, or by a link."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.forms import SextantForm
from plans.models import PlanPdf

USUAL = timedelta(days=90)  # for which a link is good


class PdfForm(SextantForm):
    """Of which language and paper, and of which edition."""

    DRAFT, PUBLISHED = "draft", "published"
    edition = forms.ChoiceField(
        label=_("What to print"), widget=forms.RadioSelect,
        choices=[(PUBLISHED, _("The published plan")), (DRAFT, _("The draft, as the plan stands now"))],
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=PlanPdf.Language)
    paper = forms.ChoiceField(label=_("Paper"), choices=PlanPdf.Paper)

    def __init__(self, *args: Any, is_published: bool, only_published: bool = False, **kwargs: Any) -> None:
        initial = {"language": get_language(), "paper": PlanPdf.Paper.A4, "edition": self.PUBLISHED}
        super().__init__(*args, initial=initial, **kwargs)
        if not is_published or only_published:
            del self.fields["edition"]


class ShareForm(SextantForm):
    """For whom a link is, and how long it is good."""

    label = forms.CharField(
        label=_("For whom"), max_length=120, help_text=_("Only your team sees this: “Board”, “Agency”, a name.")
    )
    expires_on = forms.DateField(label=_("Good until"), help_text=_("The whole day, and a year at most."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"expires_on": localdate() + USUAL}, **kwargs)
