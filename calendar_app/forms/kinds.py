"""The form of a content type."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import SextantModelForm, StaleGuard
from plans.models import ContentKind

COLORS = list(
    enumerate(
        (
            _("blue"), _("red"), _("green"), _("violet"), _("ocher"), _("teal"), _("magenta"), _("gray"), _("olive"),
            _("slate"),
        )
    )
)  # fmt: skip


class ContentKindForm(StaleGuard, SextantModelForm):
    """Name and color of a content type."""

    color = forms.TypedChoiceField(
        label=_("Color in the calendar"), coerce=int, choices=COLORS, widget=forms.RadioSelect, initial=0
    )

    class Meta:
        model = ContentKind
        fields = ["name", "color"]
        help_texts = {
            "name": _("What the posts have in common, for example “Behind the roast” or “Customers' questions”.")
        }
