"""The calendar: month, week and list, and the entries that it asks for."""

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from audits.models import SocialAccount
from calendar_app import queries
from calendar_app.forms import DayForm, FilterForm, WindowForm
from calendar_app.forms.filters import Choice
from calendar_app.matrix import Hint, hints
from calendar_app.models import Delivery, DeliveryState
from core import look
from core.templatetags.sextant import known_icon
from plans.models import ContentKind
from teams.access import BrandRequest, brand_view
from teams.rules import Permission, Role

MIDDAY = "12:00"  # when a draft goes out that was dropped on a day


class Board:
    """What the page of the calendar shows, read when the template asks: without a filter it keeps what it rendered."""

    def __init__(self, request: BrandRequest, now: datetime) -> None:
        self.request, self.now = request, now

    @cached_property
    def form(self) -> FilterForm:
        return FilterForm(self.request.GET, brand=self.request.brand)

    @cached_property
    def filters(self) -> queries.Filters:
        return self.form.filters()

    @cached_property
    def all_accounts(self) -> list[SocialAccount]:
        """Closed ones too: their entries stay in the calendar."""
        return list(SocialAccount.objects.for_brand(self.request.brand).select_related("network"))

    @property
    def accounts(self) -> list[SocialAccount]:
        return [account for account in self.all_accounts if account.closed_at is None]

    @cached_property
    def kinds(self) -> list[ContentKind]:
        return list(queries.content_kinds(self.request.brand))

    def choices(self) -> list[Choice]:
        return self.form.choices(self.all_accounts, self.kinds, queries.campaigns(self.request.brand))

    def drafts(self) -> list[Delivery]:
        return queries.unscheduled(brand=self.request.brand, filters=self.filters, now=self.now)

    def has_posts(self) -> bool:
        return queries.has_posts(self.request.brand)

    def hints(self) -> dict[int, Hint]:
        """What this week lacks."""
        today = timezone.localdate(self.now)
        return hints(self.request.brand, self.accounts, day=today, today=today)

    def data(self) -> dict[str, Any]:
        return script_data(self.request, self.all_accounts, self.kinds, self.now)


@require_safe
@brand_view(Role.GUEST)
def calendar(request: BrandRequest) -> HttpResponse:
    """The frame of the calendar, which fetches its entries; with ?plain=1 the month as a list that needs no script."""
    now = timezone.now()
    board = Board(request, now)
    is_plain = "plain" in request.GET
    context: dict[str, Any] = {
        "may_write": request.role.covers(Role.EDITOR),
        "may_add_accounts": request.role.covers(Permission.MANAGE_ACCOUNTS.role),
        "is_plain": is_plain,
        "now": now,
    }
    if not is_plain:
        return render(request, "calendar_app/calendar.html", {**context, "board": board})
    month = plain_month(request, board.filters, now)
    context |= {name: getattr(board, name) for name in ("form", "choices", "filters", "accounts")} | month
    return render(request, "calendar_app/calendar_plain.html", context)


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


def script_data(
    request: BrandRequest, accounts: list[SocialAccount], kinds: list[ContentKind], now: datetime
) -> dict[str, Any]:
    """What the script has to know besides the entries: names, colors, states and addresses (0 stands for a number)."""
    place = {"workspace": request.workspace.slug, "brand": request.brand.slug}
    offset = f"{timezone.localtime(now):%z}"
    return {
        "feed": reverse("calendar_feed", kwargs=place),
        "hints": reverse("calendar_hints", kwargs=place),
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
        "kinds": {kind.pk: {"name": kind.name, "color": kind.color} for kind in kinds},
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


@require_safe
@brand_view(Role.GUEST)
def calendar_hints(request: BrandRequest) -> HttpResponse:
    """What the week of a day lacks of the mix that is planned: a part of the calendar, fetched when it shows a week."""
    today = timezone.localdate()
    form = DayForm(request.GET)
    day = form.cleaned_data["day"] if form.is_valid() else today
    accounts = SocialAccount.objects.for_brand(request.brand).open().select_related("network")
    context = {"hints": hints(request.brand, list(accounts), day=day, today=today)}
    return render(request, "calendar_app/_hints.html", context)
