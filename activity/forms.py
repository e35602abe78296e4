from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activity.models import TO_PEOPLE, Channel, Kind, Preference
from activity.verbs import ROOMS
from core.forms import SextantForm
from teams.models import User


class PreferenceForm(SextantForm):
    """How a person wants each kind of notification: one box for each kind and channel."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wishes = {wish.kind: wish for wish in Preference.objects.filter(user=user)}
        for kind in Kind:
            wish = wishes.get(kind) or Preference(user=user, kind=kind)
            for channel in TO_PEOPLE:
                label = _("%(kind)s, %(channel)s") % {"kind": kind.label, "channel": channel.label}
                field = forms.BooleanField(required=False, label=label, initial=getattr(wish, channel))
                self.fields[f"{kind}-{channel}"] = field

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """For the table: each kind's word and its boxes."""
        return [(str(kind.label), [self[f"{kind}-{channel}"] for channel in TO_PEOPLE]) for kind in Kind]

    def wishes(self) -> dict[Kind, dict[Channel, bool]]:
        return {kind: {channel: self.cleaned_data[f"{kind}-{channel}"] for channel in TO_PEOPLE} for kind in Kind}


class ReadForm(forms.Form):
    """Whether to go on to what the notification is about."""

    go = forms.BooleanField(required=False)


class HistoryFilter(SextantForm):
    """Whose deeds, and in which room."""

    person = forms.ModelChoiceField(User.objects.none(), required=False, empty_label=_("everybody"), label=_("Person"))
    room = forms.ChoiceField(required=False, label=_("Where"), choices=[("", _("everywhere")), *ROOMS.items()])

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"
