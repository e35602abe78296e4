import calendar
from datetime import date, timedelta
from typing import Any, cast

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.forms import SextantModelForm, StaleGuard
from plans.models import Plan
from plans.services import PlanFacts


class PlanForm(StaleGuard, SextantModelForm):
    """The title and the period of a plan."""

    class Meta:
        model = Plan
        fields = ("title", "starts_on", "ends_on")

    def clean(self) -> dict[str, Any]:
        """The order of the dates is said beside the second one."""
        starts_on, ends_on = (self.cleaned_data.get(name) for name in ("starts_on", "ends_on"))
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", _("A plan must end after the day it starts."))
        return self.cleaned_data

    def facts(self) -> PlanFacts:
        return cast(PlanFacts, {name: self.cleaned_data[name] for name in self.Meta.fields})


def suggested(today: date, last: Plan | None) -> dict[str, Any]:
    """The quarter that runs, or the one after the last plan."""
    day = max(today, last.ends_on + timedelta(days=1)) if last else today
    month = (day.month - 1) // 3 * 3 + 1
    end = date(day.year, month + 2, calendar.monthrange(day.year, month + 2)[1])
    start = day if last and day > today else date(day.year, month, 1)
    return {"title": named(start, end), "starts_on": start, "ends_on": end}


def named(start: date, end: date) -> str:
    """A title for a plan of some months of one year: "October to December 2026"."""
    last = date_format(end, "F Y")
    if start.month == end.month:
        return capfirst(last)
    months = {"first": date_format(start, "F"), "last": last}
    return capfirst(pgettext("months", "%(first)s to %(last)s") % months)
