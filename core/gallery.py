"""Every part of the look in every state it has, on one page. Only there in DEBUG."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from core import look
from core.charts import Chart, Outlook, Series
from core.checklist import Check
from core.forms import LocalDateTimeField, SextantForm, ZoneField, render_refused
from core.notices import offer_undo

STATES = {
    "on_track": "On track", "at_risk": "At risk", "off_track": "Off track", "achieved": "Achieved", "missed": "Missed",
    "idea": "Idea", "draft": "Draft", "in_review": "In review", "changes_asked": "Changes asked",
    "approved": "Approved", "scheduled": "Scheduled", "published": "Published", "failed": "Failed",
    "outcome_unknown": "Outcome unknown", "not_available": "Not available", "pending": "Not yet",
}  # fmt: skip
STEPS = (1.0, 0.8, 0.5, 0.25, 0.1, 0.0)
CHECKS = (Check(label="Name an objective", is_met=True), Check(label="Set a third goal", is_met=False, url="#x"))
TABS = (
    {"href": "?tab=1", "word": "Posts", "here": True, "count": 12},
    {"href": "?tab=2", "word": "Drafts", "here": False, "count": 0},
)
WEEKS = [f"W{number}" for number in range(40, 48)]


class ExampleForm(SextantForm):
    name = forms.CharField(label="Name", max_length=40, help_text="As your customers know it.")
    website = forms.URLField(label="Website", required=False, assume_scheme="https")
    mission = forms.CharField(label="Mission", widget=forms.Textarea, help_text="One sentence: what for, for whom.")
    network = forms.ChoiceField(label="Network", choices=[("instagram", "Instagram"), ("linkedin", "LinkedIn")])
    role = forms.ChoiceField(
        label="Role", widget=forms.RadioSelect, choices=[("editor", "Editor"), ("manager", "Manager")]
    )
    formats = forms.MultipleChoiceField(
        label="Formats",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("photo", "Photo"), ("video", "Video")],
    )
    due_on = forms.DateField(label="Due")
    publish_at = LocalDateTimeField(label="Publish at", zone="Europe/Paris")
    time_zone = ZoneField(label="Time zone", guess=True)
    portrait = forms.FileField(label="Portrait", required=False)
    agreed = forms.BooleanField(label="Tell me by e-mail", required=False)


def _chart(kind: Any) -> Chart:
    pace = Series(name="needed", values=[10 * n for n in range(1, 9)], is_pace=True)
    seen = Series(name="seen", values=[8, 17, 31, 36, None, 62, 66, 79])
    return Chart(kind=kind, labels=WEEKS, series=[seen, pace], unit="likes", label_name="Week")


def _forecast() -> Chart:
    ahead = Outlook(
        name="forecast", low_name="at least", high_name="at most", values=[None] * 4 + [36, 45, 54, 63],
        low=[None] * 4 + [36, 41, 46, 52], high=[None] * 4 + [36, 49, 62, 74],
    )  # fmt: skip
    seen = Series(name="seen", values=[8, 17, 31, 36, 36, None, None, None])
    pace = Series(name="needed", values=[10 * n for n in range(1, 9)], is_pace=True)
    return Chart(labels=WEEKS, series=[seen, pace], outlook=ahead, unit="likes", label_name="Week")


def _context() -> dict[str, Any]:
    now = timezone.now()
    return {
        "states": STATES, "tones": look.TONES, "steps": STEPS, "done": [1] * 6, "ten": range(10),
        "line": _chart("line"), "bars": _chart("bar"), "forecast": _forecast(), "spark": [3, 5, 4, None, 8, 9, 12],
        "recent": now - timedelta(hours=2), "old": now - timedelta(days=40), "now": now, "today": now.date(),
        "checks": CHECKS, "tabs": TABS, "levels": ["success", "info", "warning", "error"],
    }  # fmt: skip


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """The parts, with a form that can be sent empty to see it refused."""
    form = ExampleForm(request.POST or None) if request.method == "POST" else ExampleForm()
    context = {**_context(), "form": form}
    if request.method == "POST" and not form.is_valid():
        return render_refused(request, "gallery.html", context)
    if request.method == "POST":
        offer_undo(request, "Saved.", request.path)
        return redirect(request.path)
    return render(request, "gallery.html", context)


urlpatterns = [path("", gallery, name="gallery")]
