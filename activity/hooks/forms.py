from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from activity.models import Endpoint, Format, Kind
from core.forms import SextantForm, StaleGuard
from teams.models import Brand, Language, Workspace


class EndpointForm(SextantForm):
    """Where a webhook goes, in which shape, and what it is told."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("For example “Marketing channel in Slack”."))
    format = forms.ChoiceField(
        label=_("Format"), choices=Format, help_text=_("Choose the service whose incoming webhook you paste below.")
    )
    url = forms.URLField(label=_("Address"), max_length=2000, assume_scheme="https")
    language = forms.ChoiceField(label=_("Language"), choices=Language)
    kinds = forms.MultipleChoiceField(label=_("About"), choices=Kind, widget=forms.CheckboxSelectMultiple)
    brands = forms.ModelMultipleChoiceField(
        Brand.objects.none(), label=_("Only these brands"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Without a choice: all brands, and what concerns the whole workspace."),
    )  # fmt: skip

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brands"].queryset = Brand.objects.filter(workspace=workspace).order_by("name")  # type: ignore[attr-defined]
        url = self.fields["url"]
        url.help_text = _(
            "The service gives it to you. Whoever knows it can write there: Sextant never shows it again."
        )

    def layout(self) -> Layout:
        return Layout(
            "name", "format", "url", Fieldset(_("What it is told"), "kinds", "brands", "language", css_class="group")
        )


class EndpointEditForm(StaleGuard, EndpointForm):
    """The same for one that is there: its address is never shown, and stays unless another is typed."""

    def __init__(self, *args: Any, endpoint: Endpoint, **kwargs: Any) -> None:
        super().__init__(*args, initial=saved(endpoint), **kwargs)
        url = self.fields["url"]
        url.required = False
        url.help_text = _("Leave it empty to keep the address at %(host)s.") % {"host": endpoint.host}
        url.widget.attrs["placeholder"] = f"https://{endpoint.host}/…"


def saved(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "name": endpoint.name, "format": endpoint.format, "language": endpoint.language, "kinds": endpoint.kinds,
        "brands": list(endpoint.brands.all()), "version": endpoint.version,
    }  # fmt: skip
