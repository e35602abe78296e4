"""The calendar: month, week and list, and the entries that it asks for."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from audits.models import SocialAccount
from calendar_app import queries
from calendar_app.forms import FilterForm, WindowForm
from calendar_app.models import DeliveryState
from core import look
from core.templatetags.sextant import known_icon
from teams.access import BrandRequest, brand_view
from teams.rules import Permission, Role

MIDDAY = "12:00"  # when a draft goes out that was dropped on a day


@require_safe
@brand_view(Role.GUEST)
def calendar(request: BrandRequest) -> HttpResponse:
    """The frame of the calendar, which fetches its entries; with ?plain=1 the month as a list that needs no script."""
    now = timezone.now()
    form = FilterForm(request.GET, brand=request.brand)
    filters = form.filters()
    accounts = list(SocialAccount.objects.for_brand(request.brand).select_related("network"))
    is_plain = "plain" in request.GET
    context = {
        "form": form,
        "filters": filters,
        "accounts": [account for account in accounts if account.closed_at is None],
        "drafts": queries.unscheduled(brand=request.brand, filters=filters, now=now),
        "has_posts": queries.has_posts(request.brand),
        "may_write": request.role.covers(Role.EDITOR),
        "may_add_accounts": request.role.covers(Permission.MANAGE_ACCOUNTS.role),
        "is_plain": is_plain,
        "now": now,
        **(plain_month(request, filters, now) if is_plain else {"data": script_data(request, accounts, now)}),
    }
    return render(request, f"calendar_app/calendar{'_plain' if is_plain else ''}.html", context)


def plain_month(request: BrandRequest, filters: queries.Filters, now: datetime) -> dict[str, Any]:
    """The deliveries of one month by day, and where the months beside it are."""
    first = _month(request.GET.get("date", ""))
    after = (first + timedelta(days=31)).replace(day=1)
    days = queries.agenda(brand=request.brand, start=first, end=after, filters=filters, now=now)
    return {"days": days, "first": first, "previous": (first - timedelta(days=1)).replace(day=1), "next": after}


def _month(written: str) -> date:
    """The first day of the month that the address names, or of this one."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = timezone.localdate()
    return min(max(day, date(1990, 1, 1)), date(2199, 12, 1)).replace(day=1)


def script_data(request: BrandRequest, accounts: list[SocialAccount], now: datetime) -> dict[str, Any]:
    """What the script has to know besides the entries: names, colors, states and addresses (0 stands for a number)."""
    place = {"workspace": request.workspace.slug, "brand": request.brand.slug}
    offset = f"{timezone.localtime(now):%z}"
    return {
        "feed": reverse("calendar_feed", kwargs=place),
        "post": reverse("post_detail", kwargs={**place, "pk": 0}),
        "move": reverse("delivery_move", kwargs={**place, "pk": 0}),
        "unschedule": reverse("delivery_unschedule", kwargs={**place, "pk": 0}),
        "accounts": {
            account.pk: {
                "name": str(account),
                "handle": account.handle,
                "color": account.color,
                "icon": known_icon(account.network_id, "globe"),
            }
            for account in accounts
        },
        "kinds": {kind.pk: {"name": kind.name, "color": kind.color} for kind in queries.content_kinds(request.brand)},
        "states": {
            state.value: {"name": str(state.label), "icon": look.dress(state).icon, "tone": look.dress(state).tone}
            for state in DeliveryState
        },
        "icons": static("img/icons.svg"),
        "firstDay": (request.brand.first_weekday + 1) % 7,  # the script counts from Sunday
        "zone": request.brand.time_zone,
        "offset": f"{offset[:3]}:{offset[3:5]}",
        "today": timezone.localdate().isoformat(),
        "midday": MIDDAY,
        "mayWrite": request.role.covers(Role.EDITOR),
    }


@require_safe
@brand_view(Role.GUEST)
def calendar_feed(request: BrandRequest) -> HttpResponse:
    """The entries of up to 62 local days, as JSON that the database wrote."""
    form = WindowForm(request.GET, brand=request.brand)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    feed = queries.calendar_feed(
        brand=request.brand,
        start=form.cleaned_data["start"],
        end=form.cleaned_data["end"],
        filters=form.filters(),
        now=timezone.now(),
    )
    return HttpResponse(feed, content_type="application/json", headers={"Cache-Control": "private, no-cache"})
