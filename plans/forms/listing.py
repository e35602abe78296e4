"""What a person chose to see of a list of goals, as it stands in the address."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import SextantForm
from plans.listing import SORTS, Facets
from plans.models import GoalStatus

WRONG = _("Choose one of the list.")


def one_of(label: Any, open_word: Any = "") -> forms.TypedChoiceField:
    """A list whose values are numbers; nothing chosen means all."""
    return forms.TypedChoiceField(
        label=label, required=False, choices=[("", open_word)], coerce=int, empty_value=None,
        error_messages={"invalid_choice": WRONG},
    )  # fmt: skip


class PlanGoalsForm(SextantForm):
    """Of the goals of one plan."""

    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("All")), *GoalStatus.choices],
        error_messages={"invalid_choice": WRONG},
    )  # fmt: skip
    owner = one_of(_("Owner"), _("Everybody"))
    incomplete = forms.BooleanField(label=_("Incomplete only"), required=False)
    sort = forms.ChoiceField(
        label=_("Sort by"), required=False, error_messages={"invalid_choice": WRONG},
        choices=[(name, word) for name, word in SORTS.items() if name != "brand"],
    )  # fmt: skip

    def __init__(self, *args: Any, facets: Facets, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "filter_%s")
        super().__init__(*args, **kwargs)
        self._offer("owner", facets.owners)

    def _offer(self, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        field = self.fields[name]
        field.choices = [*field.choices, *choices]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """What is asked for; nothing when something of it is wrong, which the form then says."""
        return self.cleaned_data if self.is_valid() else {}


class AllGoalsForm(PlanGoalsForm):
    """Of the goals of all brands that somebody may open."""

    brand = one_of(_("Brand"), _("All"))
    network = forms.ChoiceField(
        label=_("Network"), required=False, choices=[("", _("All"))], error_messages={"invalid_choice": WRONG}
    )
    objective = forms.CharField(label=_("Words of its objective"), required=False, max_length=100)
    due_from = forms.DateField(
        label=_("Due from"), required=False, error_messages={"invalid": _("Enter a date, for example 2026-11-30.")}
    )
    due_to = forms.DateField(
        label=_("Due until"), required=False, error_messages={"invalid": _("Enter a date, for example 2026-11-30.")}
    )
    field_order = [
        "brand", "status", "owner", "network", "objective", "due_from", "due_to", "sort", "incomplete",
    ]  # fmt: skip

    def __init__(self, *args: Any, facets: Facets, **kwargs: Any) -> None:
        super().__init__(*args, facets=facets, **kwargs)
        self._offer("brand", facets.brands)
        self._offer("network", facets.networks)
        self.fields["sort"].choices = list(SORTS.items())  # type: ignore[attr-defined]

    def clean_due_to(self) -> Any:
        first, last = self.cleaned_data.get("due_from"), self.cleaned_data["due_to"]
        if first and last and last < first:
            raise ValidationError(_("This day lies before the first one."))
        return last
