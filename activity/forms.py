from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activity.models import TO_PEOPLE, Channel, Hours, Kind, Preference, Way
from activity.verbs import ROOMS
from core.forms import SextantForm
from teams.models import User

TIMES = ("quiet_from", "quiet_until", "lets_reminders", "daily_at")


class PreferenceForm(SextantForm):
    """How a person wants each kind of notification by each channel, and at which times of their day."""

    quiet_from = forms.TimeField(label=_("Quiet from"), required=False)
    quiet_until = forms.TimeField(label=_("Quiet until"), required=False)
    lets_reminders = forms.BooleanField(
        label=_("Reminders of posts come all the same"),
        required=False,
        help_text=_("They are about a time that does not wait."),
    )
    daily_at = forms.TimeField(label=_("The summary of the day comes at"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kept = Hours.objects.filter(user=user).first() or Hours()
        times = {name: getattr(kept, name) for name in TIMES}
        super().__init__(*args, initial=times, **kwargs)
        for name in ("quiet_from", "daily_at"):
            self.fields[name].help_text = _("By the clock of %(zone)s.") % {"zone": user.time_zone}
        wishes = {wish.kind: wish for wish in Preference.objects.filter(user=user)}
        for kind in Kind:
            wish = wishes.get(kind) or Preference(user=user, kind=kind)
            for channel in TO_PEOPLE:
                self.fields[f"{kind}-{channel}"] = _way_field(kind, channel, getattr(wish, channel))

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("quiet_from"), self.cleaned_data.get("quiet_until")
        is_typed = not self.errors.keys() & {"quiet_from", "quiet_until"}
        if is_typed and (start is None) != (end is None):
            missing = "quiet_from" if start is None else "quiet_until"
            self.add_error(missing, _("Give both the beginning and the end, or neither."))
        elif start is not None and start == end:
            self.add_error("quiet_until", _("Choose another end than the beginning."))
        return self.cleaned_data

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """For the table: each kind's word and its choices."""
        return [(str(kind.label), [self[f"{kind}-{channel}"] for channel in TO_PEOPLE]) for kind in Kind]

    def wishes(self) -> dict[Kind, dict[Channel, Way]]:
        return {kind: {one: Way(self.cleaned_data[f"{kind}-{one}"]) for one in TO_PEOPLE} for kind in Kind}

    def times(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in TIMES}


def _way_field(kind: Kind, channel: Channel, way: str) -> forms.ChoiceField:
    """Reminders cannot wait for the summary of the day."""
    label = _("%(kind)s, %(channel)s") % {"kind": kind.label, "channel": channel.label}
    ways = [(one.value, one.label) for one in Way if one != Way.DAILY or kind != Kind.REMINDER]
    return forms.ChoiceField(label=label, choices=ways, initial=way)


class ReadForm(forms.Form):
    """Whether to go on to what the notification is about."""

    go = forms.BooleanField(required=False)


class HistoryFilter(SextantForm):
    """Whose deeds, in which room, and what about."""

    person = forms.ModelChoiceField(User.objects.none(), required=False, empty_label=_("everybody"), label=_("Person"))
    room = forms.ChoiceField(required=False, label=_("Where"), choices=[("", _("everywhere")), *ROOMS.items()])

    about = forms.RegexField(r"^[a-z]+:[0-9]+$", required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        for field in self.visible_fields():
            field.field.widget.attrs["class"] = "form-select"
