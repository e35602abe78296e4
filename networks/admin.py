"""The catalogue for site administrators: shipped facts are read, corrections added and reverted."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.errors import Refusal
from networks import services
from networks.models import Metric, MetricAvailability, Network, NetworkFact
from teams.models import User

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
    _FactAdmin = admin.ModelAdmin[NetworkFact]
    _FactForm = forms.ModelForm[NetworkFact]
else:
    _Admin = _FactAdmin = admin.ModelAdmin
    _FactForm = forms.ModelForm


class _ReadOnly:
    """No page here changes or deletes a row."""

    def has_change_permission(self, *_: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any) -> bool:
        return False


class ShippedAdmin(_ReadOnly, _Admin):
    """Rows that `load_networks` brings: shown, not edited."""

    def has_add_permission(self, *_: Any) -> bool:
        return False


@admin.register(Network)
class NetworkAdmin(ShippedAdmin):
    list_display = ("name", "slug", "home_url", "position")


@admin.register(Metric)
class MetricAdmin(ShippedAdmin):
    list_display = ("label", "slug", "unit", "category", "is_vanity", "subject")
    list_filter = ("category", "is_vanity", "subject")


@admin.register(MetricAvailability)
class MetricAvailabilityAdmin(ShippedAdmin):
    list_display = ("network", "metric", "subject", "is_given", "api_name", "note")
    list_filter = ("network", "subject", "is_given")
    list_select_related = ("network", "metric")


class CorrectionForm(_FactForm):
    """What is right instead, and who says so."""

    class Meta:
        model = NetworkFact
        fields = ("network", "field", "value", "unit", "source")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if {"network", "field", "value", "source"} <= given.keys():
            try:
                services.check_correction(**{name: given[name] for name in ("network", "field", "value", "source")})
            except Refusal as refusal:
                self.add_error(refusal.field, str(refusal))
        return given


@admin.register(NetworkFact)
class NetworkFactAdmin(_ReadOnly, _FactAdmin):
    """Every statement with its provenance. Adding one corrects what is shipped."""

    form = CorrectionForm
    list_display = (
        "network", "field", "value", "unit", "source", "looked_up_on", "is_correction", "corrected_by", "corrected_at",
        "reverted_at",
    )  # fmt: skip
    list_filter = ("network", "is_correction", "looked_up_on")
    search_fields = ("field", "value", "source")
    list_select_related = ("network", "corrected_by")
    actions = ("revert",)

    def save_model(self, request: HttpRequest, obj: NetworkFact, form: Any, change: bool) -> None:  # noqa: ARG002
        """A correction, made by the service so that it says who made it and when."""
        values = {name: form.cleaned_data[name] for name in CorrectionForm.Meta.fields}
        obj.pk = services.correct_fact(**values, by=_person(request), now=timezone.now()).pk

    @admin.action(description=_("Revert the selected corrections"), permissions=["add"])
    def revert(self, request: HttpRequest, chosen: models.QuerySet[NetworkFact]) -> None:
        now, by = timezone.now(), _person(request)
        count = sum(services.revert_correction(fact=fact, by=by, now=now) for fact in chosen)
        words = ngettext("%(count)d correction reverted.", "%(count)d corrections reverted.", count) % {"count": count}
        self.message_user(request, words, messages.SUCCESS if count else messages.WARNING)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("the admin lets nobody in who is not signed in")
    return request.user
