"""What a person chose to see of the calendar or of the posts."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from audits.models import SocialAccount
from calendar_app.models import ContentKind, DeliveryState
from calendar_app.queries import Filters, content_kinds, people
from core.forms import SextantForm
from teams.models import Brand, User

FIRST, LAST = date(1970, 1, 1), date(2200, 1, 1)
LONGEST_WINDOW = timedelta(days=62)  # two months and a week of a month's page


class FilterForm(SextantForm):
    """Account, content type, state and person, as they stand in the address. What is not of this brand is not there."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    account = forms.ModelChoiceField(
        label=_("Account"), queryset=SocialAccount.objects.none(), required=False, empty_label=_("All accounts")
    )
    kind = forms.ModelChoiceField(
        label=_("Content type"), queryset=ContentKind.objects.none(), required=False, empty_label=_("All content types")
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *DeliveryState.choices])
    person = forms.ModelChoiceField(
        label=_("Person"), queryset=User.objects.none(), required=False, empty_label=_("Everybody")
    )

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "filter_%s")
        super().__init__(*args, **kwargs)
        accounts = SocialAccount.objects.for_brand(brand).select_related("network")
        for name, rows in {"account": accounts, "kind": content_kinds(brand), "person": people(brand)}.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select form-select-sm"

    def choices(self) -> list[BoundField]:
        """The fields that are chosen from a list, as a page shows them."""
        return [self[name] for name in ("account", "kind", "state", "person")]

    def filters(self) -> Filters:
        """What is chosen; an unknown choice counts as none."""
        self.is_valid()
        data = self.cleaned_data
        chosen = {name: data[name].pk for name in ("account", "kind", "person") if data.get(name)}
        return Filters(state=data.get("state") or "", words=(data.get("q") or "").strip(), **chosen)


class WindowForm(FilterForm):
    """Filters and the local days that the calendar asks for: from `start` up to, not including, `end`."""

    start = forms.DateField()
    end = forms.DateField()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("start"), data.get("end")
        if start and end and not (timedelta(0) < end - start <= LONGEST_WINDOW and FIRST <= start < LAST):
            raise ValidationError(_("Ask for 1 to 62 days between 1970 and 2200."), code="window")
        return data
