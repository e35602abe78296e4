"""The form of a campaign."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from calendar_app.forms.kinds import COLORS
from calendar_app.services import CampaignFacts
from core.forms import ServiceChecks, SextantModelForm, StaleGuard
from plans.models import Campaign


class CampaignForm(StaleGuard, ServiceChecks, SextantModelForm):
    """What a campaign is for, when it runs, what it may cost, and what its links are called."""

    color = forms.TypedChoiceField(
        label=_("Color in lists"), coerce=int, choices=COLORS, widget=forms.RadioSelect, initial=0
    )

    class Meta:
        model = Campaign
        fields = ["name", "purpose", "starts_on", "ends_on", "budget", "utm_name", "color"]

    def facts(self) -> CampaignFacts:
        return cast(CampaignFacts, {name: self.cleaned_data[name] for name in self.Meta.fields})

    def saved(self, campaign: Campaign) -> dict[str, Any]:
        """The values as they are stored, to be shown beside what was typed."""
        return {name: getattr(campaign, name) for name in self.Meta.fields}
