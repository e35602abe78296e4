"""The forms of personas: one for all that is known, one for words and habits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.validators import MaxValueValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.forms import ServiceChecks, SextantForm, SextantModelForm, StaleGuard
from core.uploads import PictureField
from networks.models import Network
from personas.facts import CHANNEL_FACTS, FACTS, ChannelFacts, channel_facts
from personas.models import LONGEST_NOTE, Persona, PersonaChannel, Presence

OLDEST = 120
PORTRAIT_PIXELS = 480  # three times as wide as it is shown


@dataclass(frozen=True)
class ChannelRow:
    """The fields of one network in the form."""

    network: Network
    fields: list[forms.BoundField]
    is_filled: bool  # besides whether they are here

    @property
    def has_errors(self) -> bool:
        return any(field.errors for field in self.fields)


class PersonaForm(StaleGuard, ServiceChecks, SextantModelForm):
    """All that is known of a persona, with one row for each network of the catalogue: saved whole or not at all."""

    portrait = PictureField(
        label=_("Portrait"), required=False, longest=PORTRAIT_PIXELS,
        help_text=_("A picture that stands for them, not of a customer: JPEG, PNG, WebP or GIF, at most 5 MB."),
    )  # fmt: skip
    drop_portrait = forms.BooleanField(label=_("Take the portrait away"), required=False)

    class Meta:
        model = Persona
        fields = FACTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("age_min", "age_max"):
            self.fields[name].validators.append(MaxValueValidator(OLDEST))
            self.fields[name].widget.attrs.update(min=0, max=OLDEST, inputmode="numeric")
        if not self.instance.portrait:
            del self.fields["drop_portrait"]
        known = channel_facts(self.instance) if self.instance.pk else {}
        labels = {field.name: field.verbose_name for field in PersonaChannel._meta.fields}
        for network in self.networks:
            for name, field in self._channel_fields().items():
                label = labels[name]
                field.label = _("%(network)s: %(field)s") % {"network": network.name, "field": label}
                field.initial = known.get(network.pk, {}).get(name, field.initial)
                self.fields[f"{network.pk}-{name}"] = field

    def layout(self) -> Layout:
        return Layout(
            Fieldset(_("The persona"), "name", "summary", "is_negative", *self._portrait_fields(), css_class="group"),
            Fieldset(
                _("Demographics"),
                "age_min",
                "age_max",
                "place",
                "job",
                "income",
                "education",
                "family",
                css_class="group",
            ),
            Fieldset(
                _("What moves them"),
                "interests",
                "pain_points",
                "motivations",
                "objections",
                "trigger",
                "own_words",
                css_class="group",
            ),
        )

    def _portrait_fields(self) -> list[str]:
        return [name for name in ("portrait", "drop_portrait") if name in self.fields]

    @cached_property
    def networks(self) -> list[Network]:
        return list(Network.objects.all())

    def rows(self) -> Iterator[ChannelRow]:
        """The networks, in the order of the catalogue."""
        for network in self.networks:
            fields = [self[f"{network.pk}-{name}"] for name in CHANNEL_FACTS]
            is_filled = any(field.value() not in (None, "") for field in fields[1:])
            yield ChannelRow(network, fields, is_filled)

    def facts(self) -> dict[str, Any]:
        """The cleaned values for the service."""
        names = {**self.cleaned_data}
        channels: dict[str, ChannelFacts] = {
            network.pk: cast(ChannelFacts, {name: names.pop(f"{network.pk}-{name}") for name in CHANNEL_FACTS})
            for network in self.networks
        }
        return {**names, "channels": channels}

    @staticmethod
    def _channel_fields() -> dict[str, forms.Field]:
        fields = forms.fields_for_model(PersonaChannel, fields=CHANNEL_FACTS, widgets={"presence": forms.RadioSelect})
        for name in ("usage", "sharing"):
            fields[name].widget.attrs.update(rows="2", maxlength=LONGEST_NOTE)
            fields[name].widget.attrs["data-grow"] = ""
        fields["share_percent"].widget.attrs.update(min=0, max=100, inputmode="numeric")
        fields["share_percent"].validators.append(MaxValueValidator(100))
        return cast(dict[str, forms.Field], fields)


class InspirationForm(StaleGuard, SextantForm):
    """A persona's own words, and when and why they share on each network they are on."""

    own_words = forms.CharField(
        label=_("Their own words"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea,
        help_text=_("Words and phrases as they write them: copy, do not polish."),
    )  # fmt: skip

    def __init__(self, *args: Any, persona: Persona, **kwargs: Any) -> None:
        self.persona = persona
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = persona.version
        self.fields["own_words"].initial = persona.own_words
        self.channels = [row for row in persona.channels.all() if row.presence != Presence.NO or row.sharing]
        for channel in self.channels:
            self.fields[f"sharing-{channel.network_id}"] = forms.CharField(
                label=_("When they share on %(network)s, and why") % {"network": channel.network.name},
                required=False, initial=channel.sharing, max_length=LONGEST_NOTE,
                widget=forms.Textarea({"rows": "2", "data-grow": ""}),
            )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        """The cleaned values for the service."""
        sharing = {channel.network_id: self.cleaned_data[f"sharing-{channel.network_id}"] for channel in self.channels}
        return {
            "own_words": self.cleaned_data["own_words"],
            "version": self.cleaned_data["version"],
            "sharing": sharing,
        }
