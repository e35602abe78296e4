"""Acts on one delivery: from its post's page by forms, from the calendar by script."""

from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from calendar_app import queries, services
from calendar_app.errors import MovedError
from calendar_app.forms import MoveForm, PublishForm, ScheduleForm, VersionForm
from calendar_app.models import Delivery
from calendar_app.views.calendar import MIDDAY
from calendar_app.views.posts import post_url, render_post
from core.errors import Refusal
from core.forms import UNSEEN
from core.localtime import Fit, Moment
from core.notices import offer_undo
from teams.access import BrandRequest, brand_view
from teams.rules import Role

HELD = 409  # somebody else moved it meanwhile


def find(request: BrandRequest, pk: int) -> Delivery:
    """A delivery of this brand, or 404."""
    delivery: Delivery = get_object_or_404(queries.deliveries(request.brand), pk=pk)
    return delivery


def back(request: BrandRequest, delivery: Delivery) -> HttpResponse:
    """To the post's page, where the delivery stands."""
    return redirect(f"{post_url(request, 'post_detail', delivery.post_id)}#delivery-{delivery.pk}")


def refuse(request: BrandRequest, delivery: Delivery, form: Any) -> HttpResponse:
    """The post's page with the refused form in it."""
    post = get_object_or_404(queries.posts_with_details(request.brand), pk=delivery.post_id)
    return render_post(request, post, refused=(delivery, form))


@require_POST
@brand_view(Role.EDITOR)
def delivery_schedule(request: BrandRequest, pk: int) -> HttpResponse:
    """Plan a delivery by the form on its post's page."""
    delivery = find(request, pk)
    form = ScheduleForm(request.POST, delivery=delivery)
    if form.is_valid():
        try:
            services.schedule_delivery(delivery=delivery, by=request.user, now=timezone.now(), **form.values())
            messages.success(request, said(delivery))
            return back(request, delivery)
        except Refusal as refusal:
            form.refuse(refusal)
    return refuse(request, delivery, form)


@require_POST
@brand_view(Role.EDITOR)
def delivery_publish(request: BrandRequest, pk: int) -> HttpResponse:
    """Note where and when a delivery was published; the next page offers to undo it."""
    delivery, now = find(request, pk), timezone.now()
    form = PublishForm(request.POST, delivery=delivery, now=now)
    if form.is_valid():
        try:
            services.mark_published(delivery=delivery, by=request.user, now=now, **form.values())
            text = _("Marked as published on %(account)s.") % {"account": delivery.account}
            offer_undo(request, text, post_url(request, "delivery_unpublish", pk))
            return back(request, delivery)
        except Refusal as refusal:
            form.refuse(refusal)
    return refuse(request, delivery, form)


@require_POST
@brand_view(Role.EDITOR)
def delivery_unpublish(request: BrandRequest, pk: int) -> HttpResponse:
    """Take back that a delivery was published."""
    delivery = find(request, pk)
    try:
        services.unmark_published(delivery=delivery, by=request.user, now=timezone.now())
        messages.success(request, _("No longer marked as published on %(account)s.") % {"account": delivery.account})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return back(request, delivery)


@require_POST
@brand_view(Role.EDITOR)
def delivery_unschedule(request: BrandRequest, pk: int) -> HttpResponse:
    """Take a delivery off the calendar."""
    delivery = find(request, pk)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return answer_refusal(request, delivery, Refusal(UNSEEN))
    seen = form.cleaned_data["schedule_version"]
    try:
        services.unschedule_delivery(delivery=delivery, by=request.user, now=timezone.now(), schedule_version=seen)
    except Refusal as refusal:
        return answer_refusal(request, delivery, refusal)
    text = _("%(account)s: off the calendar, a draft again.") % {"account": delivery.account}
    if wants_json(request):
        return JsonResponse({"said": text, "entry": entry(delivery)})
    messages.success(request, text)
    return back(request, delivery)


@require_POST
@brand_view(Role.EDITOR)
def delivery_move(request: BrandRequest, pk: int) -> HttpResponse:
    """Put a delivery where it was dropped: 200 with what stands now, 409 when somebody else moved it meanwhile, 422
    with the reason when it cannot stand there."""
    delivery = find(request, pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        is_day = not {"day", "clock"} & set(form.errors)
        return JsonResponse({"error": UNSEEN if is_day else _("This is not a day of the calendar.")}, status=422)
    data = form.cleaned_data
    clock = data["clock"] or delivery.local_time or time.fromisoformat(MIDDAY)
    try:
        moment = services.move_delivery(
            delivery=delivery, day=data["day"], clock=clock, by=request.user, now=timezone.now(),
            schedule_version=data["schedule_version"],
        )  # fmt: skip
    except Refusal as refusal:
        return answer_refusal(request, delivery, refusal)
    return JsonResponse({"said": said(delivery, moment), "entry": entry(delivery)})


def wants_json(request: BrandRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def answer_refusal(request: BrandRequest, delivery: Delivery, refusal: Refusal) -> HttpResponse:
    """To a script: the reason, and the delivery as it stands; to a person: the reason on the post's page."""
    if not wants_json(request) and request.resolver_match and request.resolver_match.url_name != "delivery_move":
        messages.error(request, str(refusal))
        return back(request, delivery)
    status = HELD if isinstance(refusal, MovedError) else 422
    return JsonResponse({"error": str(refusal), "entry": entry(find(request, delivery.pk))}, status=status)


def entry(delivery: Delivery) -> dict[str, Any]:
    """One entry of the calendar, as the feed writes it."""
    day, clock = delivery.local_date, delivery.local_time
    return {
        "id": delivery.pk,
        "post": delivery.post_id,
        "title": delivery.post.title,
        "account": delivery.account_id,
        "kind": delivery.post.content_kind_id,
        "start": f"{day}T{clock:%H:%M}" if day and clock else None,
        "version": delivery.schedule_version,
        "state": delivery.shown_state(timezone.now()),
    }


def said(delivery: Delivery, moment: Moment | None = None) -> str:
    """What was done, with the time as it stands and, where the clock is odd, why."""
    assert delivery.local_date
    assert delivery.local_time
    words = {
        "account": delivery.account,
        "day": date_format(delivery.local_date, "DATE_FORMAT"),
        "time": time_format(delivery.local_time),
    }
    text = _("%(account)s: %(day)s, %(time)s") % words
    if moment and moment.fit is Fit.SKIPPED:
        text += " · " + _("The time you chose does not exist on that day: the clock is put forward.")
    if moment and moment.fit is Fit.REPEATED:
        text += " · " + _("This time occurs twice on that day: the first is meant.")
    return text
