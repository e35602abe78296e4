"""Typing figures in, uploading a file of them, choosing a period."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from analytics.csv_words import explain_value
from analytics.queries.results import Period
from analytics.ranges import range_of
from analytics.rules.cells import CellError, Range, parse_number
from analytics.rules.csv_figures import MOST_BYTES
from audits.models import SocialAccount
from calendar_app.forms import SpanForm
from core.forms import SextantForm
from networks.models import Metric
from plans.models import Campaign


class FigureField(forms.CharField):
    """A figure as people write it ("1 234", "12,5"); cleaned to a Decimal, or None when left empty."""

    def __init__(self, *, span: Range, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, **kwargs)
        self.span = span
        keys = "numeric" if span.whole else "text" if span.least < 0 else "decimal"  # some keypads have no minus
        self.widget.attrs |= {"inputmode": keys, "autocomplete": "off"}

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_number(text, self.span)
        except CellError as error:
            raise ValidationError(explain_value(error, text), code="number") from None


class FiguresForm(SextantForm):
    """One day's figures of a post or account: a field for each metric that its network gives, empty ones left out."""

    observed_on = forms.DateField(
        label=_("Day"), error_messages={"invalid": _("Enter a date, for example 2026-11-30.")},
        help_text=_("The day on which you read these figures on the network."),
    )  # fmt: skip

    def __init__(self, *args: Any, metrics: Iterable[Metric], today: date, **kwargs: Any) -> None:
        self.metrics = list(metrics)
        super().__init__(*args, **kwargs)
        self.fields["observed_on"].initial = today
        self.fields["observed_on"].widget.attrs["max"] = today.isoformat()
        for metric in self.metrics:
            unit = "" if metric.unit == Metric.Unit.COUNT else metric.get_unit_display()
            self.fields[metric.slug] = FigureField(label=metric.label, span=range_of(metric), help_text=unit)

    def layout(self) -> Layout:
        return Layout(
            "observed_on", Fieldset(None, *(metric.slug for metric in self.metrics), css_class="figure-fields")
        )

    def values(self) -> Mapping[str, Decimal]:
        """The figures that were typed in, by metric."""
        typed = {metric.slug: self.cleaned_data.get(metric.slug) for metric in self.metrics}
        return {slug: value for slug, value in typed.items() if value is not None}


class OwnFiguresForm(FiguresForm):
    """One day's figures that no network gives: of the brand itself, of a campaign, or of one account."""

    about = forms.ChoiceField(
        label=_("About"),
        help_text=_("Note each figure once: what you note for a campaign or an account, leave out for the brand."),
    )

    def __init__(
        self, *args: Any, campaigns: QuerySet[Campaign], accounts: QuerySet[SocialAccount], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.subjects: dict[str, dict[str, Any]] = {"brand": {}}
        self.subjects |= {f"campaign-{one.pk}": {"campaign": one} for one in campaigns}
        self.subjects |= {f"account-{one.pk}": {"account": one} for one in accounts}
        field: Any = self.fields["about"]
        field.choices = list(self._choices())
        self.fields["observed_on"].help_text = _("The day that these figures are about.")

    def _choices(self) -> Iterable[tuple[Any, Any]]:
        named = [(key, one) for key, one in self.subjects.items()]
        yield "brand", _("the brand itself")
        campaigns = [(key, str(one["campaign"])) for key, one in named if "campaign" in one]
        accounts = [(key, str(one["account"])) for key, one in named if "account" in one]
        yield from ((label, rows) for label, rows in ((_("Campaigns"), campaigns), (_("Accounts"), accounts)) if rows)

    def layout(self) -> Layout:
        return Layout("about", *super().layout().fields)

    def subject(self) -> dict[str, Any]:
        """The campaign or account that was chosen, by what it is; nothing for the brand itself."""
        return self.subjects[self.cleaned_data["about"]]


class UploadForm(SextantForm):
    """A CSV file of figures."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("UTF-8, at most 2 MB and 20,000 rows; separated by semicolons, commas or tabs."),
        widget=forms.ClearableFileInput({"accept": ".csv,.tsv,.txt,text/csv"}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("This file is larger than 2 MB. Split it."), code="large")
        return file


class PeriodForm(SpanForm):
    """From a day to a day. Without both, the period stays as it is."""

    def period(self) -> Period:
        return Period(first=self.cleaned_data["first"], last=self.cleaned_data["last"])


class ChosenRows(SextantForm):
    """Some rows of a list, or all of them, also those on other pages."""

    rows = forms.ModelMultipleChoiceField(
        Metric.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("Some of these are settled already.")},
    )
    all = forms.BooleanField(required=False)

    def __init__(self, *args: Any, rows: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["rows"]
        chosen.queryset = rows

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.cleaned_data["rows"] and not self.cleaned_data["all"]:
            raise ValidationError(_("Choose at least one, or all."))
        return self.cleaned_data

    def chosen(self) -> list[Any]:
        field: Any = self.fields["rows"]
        return list(field.queryset if self.cleaned_data["all"] else self.cleaned_data["rows"])
