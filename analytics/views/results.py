"""What came of it: the results of a period, and the same as CSV."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from analytics import exports
from analytics.forms import PeriodForm
from analytics.queries import results as queries
from analytics.queries.figures import Catalogue
from analytics.queries.results import Period, Sorting
from core.localtime import local_day
from core.paging import asked_number
from teams.access import BrandRequest, brand_view
from teams.rules import Role

PRESETS = (7, 28, 90)
USUAL = 28


def today_of(request: BrandRequest) -> date:
    return local_day(timezone.now(), request.brand.time_zone)


def chosen_period(request: BrandRequest) -> tuple[Period, PeriodForm]:
    """The period in the address, or the last four weeks; the form says what is wrong with the one that was typed."""
    usual = queries.last_days(today_of(request), USUAL)
    if not ({"first", "last"} & request.GET.keys()):
        return usual, PeriodForm(initial={"first": usual.first, "last": usual.last})
    form = PeriodForm(request.GET)
    return (form.period() if form.is_valid() else usual), form


def chosen_sorting(request: BrandRequest, catalogue: Catalogue) -> Sorting:
    column = request.GET.get("sort", "")
    if column not in catalogue.metrics:
        column = "published"
    return Sorting(column=column, is_descending=request.GET.get("order") != "up")


def chosen_page(request: BrandRequest) -> int:
    return min(asked_number(request.GET.get("page", "")) or 1, 10_000)


@require_safe
@brand_view(Role.GUEST)
def results(request: BrandRequest) -> HttpResponse:
    """Step 6: the figures of a period, by account and by post."""
    period, form = chosen_period(request)
    catalogue = Catalogue.load()
    found = queries.results(request.brand, period, catalogue)
    sorting = chosen_sorting(request, catalogue)
    context: dict[str, Any] = {
        "results": found, "form": form, "period": period, "presets": presets(request, period),
        "table": queries.post_table(
            request.brand, period, catalogue, found.metrics, sorting, number=chosen_page(request)
        ),
        "may_enter": request.role.covers(Role.EDITOR), "nav": "results",
    }  # fmt: skip
    return render(request, "analytics/results.html", context, status=422 if form.errors else 200)


def presets(request: BrandRequest, period: Period) -> list[dict[str, Any]]:
    """The usual periods, as tabs."""
    today = today_of(request)
    words = {7: _("7 days"), 28: _("4 weeks"), 90: _("90 days")}
    listed = [(words[days], queries.last_days(today, days)) for days in PRESETS]
    return [
        {"word": word, "href": f"?first={one.first}&last={one.last}", "here": one == period} for word, one in listed
    ]


@require_safe
@brand_view(Role.GUEST)
def results_export(request: BrandRequest) -> HttpResponse:
    """The posts of the period with their figures, as CSV for a spreadsheet."""
    period, form = chosen_period(request)
    if form.errors:
        return HttpResponse(form.errors.as_text(), status=422, content_type="text/plain; charset=utf-8")
    text = exports.results_csv(request.brand, period, language=get_language())
    return csv_answer(text, f"{request.brand.slug}-{period.first}-{period.last}.csv")


def csv_answer(text: str, filename: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
