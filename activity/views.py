"""Notifications and history."""

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activity import services
from activity.forms import HistoryFilter, PreferenceForm, ReadForm
from activity.models import Event
from activity.queries import label_of, lines, notifications_for
from core.forms import render_refused
from core.paging import page_of
from teams.access import BrandRequest, PersonRequest, WorkspaceRequest, brand_view, person_view, workspace_view
from teams.models import User, Workspace
from teams.rules import Role


@require_safe
@person_view
def notification_list(request: PersonRequest) -> HttpResponse:
    rows = notifications_for(request.user).select_related("brand", "workspace")
    page = page_of(rows, moment="created_at", cursor=request.GET.get("page", ""), size=30)
    return render(request, "activity/notification_list.html", {"page": page})


@require_POST
@person_view
def notification_read(request: PersonRequest, pk: int) -> HttpResponse:
    notification = get_object_or_404(notifications_for(request.user), pk=pk)
    services.mark_read(notification=notification, now=timezone.now())
    form = ReadForm(request.POST)
    is_going = form.is_valid() and form.cleaned_data["go"] and notification.url
    return redirect(notification.url if is_going else "notification_list")


@require_POST
@person_view
def notification_read_all(request: PersonRequest) -> HttpResponse:
    services.mark_all_read(user=request.user, now=timezone.now())
    return redirect("notification_list")


@require_http_methods(["GET", "HEAD", "POST"])
@person_view
def preference_edit(request: PersonRequest) -> HttpResponse:
    form = PreferenceForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        services.set_preferences(user=request.user, wishes=form.wishes(), **form.times())
        flash.success(request, _("Saved: you will be told as you chose."))
        return redirect("preference_edit")
    answer = render_refused if form.is_bound else render
    return answer(request, "activity/preference_edit.html", {"form": form})


@require_safe
@brand_view(Role.EDITOR)
def history(request: BrandRequest) -> HttpResponse:
    return _history(request, Event.objects.filter(brand=request.brand))


@require_safe
@workspace_view(Role.ADMIN)
def workspace_history(request: WorkspaceRequest) -> HttpResponse:
    return _history(request, Event.objects.filter(workspace=request.workspace))


def _history(request: WorkspaceRequest, events: QuerySet[Event]) -> HttpResponse:
    form = HistoryFilter(request.GET, people=_people(request.workspace))
    wanted = form.cleaned_data if form.is_valid() else {}
    about = wanted.get("about", "")
    context = {"filter": form, "thing": label_of(about, events) if about else ""}
    if about:
        events = events.filter(about=about)
    if person := wanted.get("person"):
        events = events.filter(by=person)
    if room := wanted.get("room"):
        events = events.filter(verb__startswith=f"{room}.")
    page = page_of(events.select_related("by"), moment="at", cursor=request.GET.get("page", ""))
    return render(request, "activity/history.html", {**context, "page": page, "lines": lines(page.rows)})


def _people(workspace: Workspace) -> QuerySet[User]:
    return User.objects.filter(memberships__workspace=workspace).order_by("name", "email")
