"""What the pages of this room share."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refusal
from surveys.models import Survey
from teams.access import BrandRequest
from teams.rules import Permission


def go(request: BrandRequest, name: str, **kwargs: Any) -> HttpResponseRedirect:
    """On to another page of the brand."""
    place = {"workspace": request.workspace.slug, "brand": request.brand.slug}
    return HttpResponseRedirect(reverse(name, kwargs={**place, **kwargs}))


def fetch(request: BrandRequest, pk: int) -> Survey:
    """A survey of this brand, or 404."""
    survey = get_object_or_404(Survey.objects.for_brand(request.brand), pk=pk)
    survey.brand = request.brand
    return survey


def may_run(request: BrandRequest) -> bool:
    return request.role.covers(Permission.RUN_SURVEY.role)


def do(request: BrandRequest, verb: Callable[..., Any], done: str = "", **about: Any) -> Any:
    """A deed behind a button, and what is said of it; a no is said on the page that follows. Answers what the deed
    does, None for a no."""
    try:
        made = verb(by=request.user, now=timezone.now(), **about)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return None
    if done:
        messages.success(request, done)
    return made


def frozen(request: BrandRequest, survey: Survey) -> HttpResponseRedirect:
    """Whoever comes to change the questions of a survey that was opened is led back and told why."""
    messages.error(request, _("The survey was opened: its questions stay, so that all answers mean the same."))
    return go(request, "survey_detail", pk=survey.pk)
