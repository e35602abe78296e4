"""What a person chose to see of the calendar or of the posts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audits.models import SocialAccount
from calendar_app.models import DeliveryState
from calendar_app.queries import Filters, campaigns, content_kinds, people
from core.forms import SextantForm
from plans.models import Campaign, ContentKind
from teams.models import Brand, User

FIRST, LAST = date(1970, 1, 1), date(2200, 1, 1)
LONGEST_WINDOW = timedelta(days=62)  # two months and a week of a month's page


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One list of a filter: its name, what leaves it open, and the values to choose from."""

    field: BoundField
    open: str | Promise
    options: list[tuple[str, str, bool]]  # value, word, is chosen

    @classmethod
    def of(cls, field: BoundField, chosen: object, open_word: str | Promise, rows: Iterable[Any]) -> Self:
        pairs = [(str(getattr(row, "pk", row)), str(getattr(row, "label", row))) for row in rows]
        return cls(field=field, open=open_word, options=[(value, word, value == str(chosen)) for value, word in pairs])


class FilterForm(SextantForm):
    """What is chosen, as it stands in the address. What is not of this brand is not there."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    account = forms.ModelChoiceField(label=_("Account"), queryset=SocialAccount.objects.none(), required=False)
    kind = forms.ModelChoiceField(label=_("Content type"), queryset=ContentKind.objects.none(), required=False)
    campaign = forms.ModelChoiceField(label=_("Campaign"), queryset=Campaign.objects.none(), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", ""), *DeliveryState.choices])
    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "filter_%s")
        super().__init__(*args, **kwargs)
        rows = {
            "account": SocialAccount.objects.for_brand, "kind": content_kinds, "campaign": campaigns, "person": people,
        }  # fmt: skip
        for name in rows.keys() & self.data.keys():
            self.fields[name].queryset = rows[name](brand)  # type: ignore[attr-defined]
        self.brand = brand

    def choices(
        self, accounts: Iterable[SocialAccount], kinds: Iterable[ContentKind], campaigns: Iterable[Campaign]
    ) -> list[Choice]:
        """What can be chosen, as a page shows it: plain values, since a widget for each option is slow."""
        filters = self.filters()
        campaign = Choice.of(self["campaign"], filters.campaign, _("All campaigns"), campaigns)
        return [
            Choice.of(self["account"], filters.account, _("All accounts"), accounts),
            Choice.of(self["kind"], filters.kind, _("All content types"), kinds),
            *([campaign] if campaign.options else []),
            Choice.of(self["state"], filters.state, _("All states"), DeliveryState),
            Choice.of(self["person"], filters.person, _("Everybody"), people(self.brand)),
        ]

    def filters(self) -> Filters:
        """What is chosen; an unknown choice counts as none."""
        self.is_valid()
        data = self.cleaned_data
        chosen = {name: data[name].pk for name in ("account", "kind", "campaign", "person") if data.get(name)}
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


class DayForm(SextantForm):
    """A day of which something is asked."""

    day = forms.DateField()
