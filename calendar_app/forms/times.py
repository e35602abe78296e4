"""Forms that take a local date and time of the brand, and say so when the clock does not show it exactly once."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calendar_app.models import Delivery
from core.forms import REACH, UNSEEN, LocalDateTimeField, SextantForm
from core.localtime import Fit, Moment, resolve
from core.templatetags.figures import zone_name

FIRST, SECOND, LATER = "first", "second", "later"


class OneMomentMixin:
    """For a form whose field `local_field` is a LocalDateTimeField and which has a field `meaning`.

    A local time that the clock skips, or shows twice, is refused; the refused form offers `meaning`, by which the
    person says which moment is meant. After cleaning, `moment` is that moment (None when no time was given).
    """

    local_field: str
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    zone: str
    moment: Moment | None = None
    is_asking = False

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or self.cleaned_data)  # type: ignore[misc]
        wished = data.get(self.local_field)
        if wished:
            self.moment = self._mean(wished, data.get("meaning") or "")
        return data

    def _mean(self, wished: datetime, meaning: str) -> Moment | None:
        moment = resolve(wished.date(), wished.time(), self.zone, is_second=meaning == SECOND)
        if moment.fit is Fit.EXACT:
            return moment
        choices = self._choices(wished, moment)
        self.is_asking = True
        self.fields["meaning"].choices = choices  # type: ignore[attr-defined]
        if meaning in dict(choices):
            return moment
        self.add_error(self.local_field, ValidationError(_complaint(wished, moment, self.zone), code=moment.fit.value))  # type: ignore[attr-defined]
        return None

    def _choices(self, wished: datetime, moment: Moment) -> list[tuple[str, str]]:
        if moment.fit is Fit.SKIPPED:
            return [(LATER, _("%(time)s, the next time that exists") % {"time": time_format(moment.local)})]
        both = [resolve(wished.date(), wished.time(), self.zone, is_second=second).local for second in (False, True)]
        words = _("%(time)s %(zone)s, the first"), _("%(time)s %(zone)s, the second")
        clocks = [{"time": time_format(local), "zone": zone_name(local)} for local in both]
        return [(FIRST, words[0] % clocks[0]), (SECOND, words[1] % clocks[1])]


def _complaint(wished: datetime, moment: Moment, zone: str) -> str:
    words = {
        "time": time_format(wished),
        "day": date_format(wished, "DATE_FORMAT"),
        "zone": zone,
        "next": time_format(moment.local),
    }
    if moment.fit is Fit.SKIPPED:
        text = _("%(time)s does not exist on %(day)s in %(zone)s: the clock is put forward. The next time is %(next)s.")
    else:
        text = _("%(time)s occurs twice on %(day)s in %(zone)s: the clock is put back. Say which you mean.")
    return text % words


class MeaningField(forms.ChoiceField):
    """Which moment an unclear local time means. Any answer is taken; the form asks whether it fits."""

    def __init__(self) -> None:
        super().__init__(label=gettext_lazy("Which time do you mean?"), required=False, widget=forms.RadioSelect)

    def validate(self, value: str) -> None:
        """The choices depend on the time, which is not known yet."""


class SeenField(forms.IntegerField):
    """Which state of a delivery's schedule the person saw: nothing is moved without it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, error_messages={"required": UNSEEN, "invalid": UNSEEN}, **options)


class ScheduleForm(OneMomentMixin, SextantForm):
    """When a delivery goes out."""

    local_field = "publish_at"
    publish_at = LocalDateTimeField(label=gettext_lazy("Publish at"))
    meaning = MeaningField()
    schedule_version = SeenField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, delivery: Delivery, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_schedule_{delivery.pk}_%s")
        initial: dict[str, Any] = {"schedule_version": delivery.schedule_version}
        if delivery.local_date and delivery.local_time:
            initial["publish_at"] = datetime.combine(delivery.local_date, delivery.local_time)
        super().__init__(*args, initial=initial, **kwargs)
        self.zone = self.fields["publish_at"].zone = delivery.brand.time_zone  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What `schedule_delivery` takes."""
        assert self.moment
        wished: datetime = self.cleaned_data["publish_at"]
        return {
            "day": wished.date(),
            "clock": wished.time(),
            "is_second": self.cleaned_data["meaning"] == SECOND,
            "schedule_version": self.cleaned_data["schedule_version"],
        }


class PublishForm(OneMomentMixin, SextantForm):
    """Where and when a person published a delivery."""

    local_field = "published_at"
    permalink = forms.URLField(
        label=gettext_lazy("Address of the publication"), max_length=500, assume_scheme="https",
        help_text=gettext_lazy("Open the publication on the network and copy its address."),
    )  # fmt: skip
    published_at = LocalDateTimeField(label=gettext_lazy("Published at"))
    meaning = MeaningField()

    def __init__(self, *args: Any, delivery: Delivery, now: datetime, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_publish_{delivery.pk}_%s")
        local = now.astimezone(ZoneInfo(delivery.brand.time_zone)).replace(tzinfo=None, fold=0)
        super().__init__(*args, initial={"published_at": local}, **kwargs)
        self.zone = self.fields["published_at"].zone = delivery.brand.time_zone  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What `mark_published` takes."""
        assert self.moment
        return {"permalink": self.cleaned_data["permalink"], "published_at": self.moment.at}


class VersionForm(forms.Form):
    """Which state of a delivery's schedule the person saw."""

    schedule_version = SeenField()


class MoveForm(VersionForm):
    """Where an entry of the calendar was dropped. Without a clock it keeps its own (a draft gets one)."""

    day = forms.DateField(validators=REACH)
    clock = forms.TimeField(required=False)
