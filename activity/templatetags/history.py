"""The way from a thing to what was done to it."""

from typing import Any

from django import template
from django.db.models import Model
from django.template import Context
from django.urls import reverse

from activity.services import ref
from teams.rules import Role

register = template.Library()


@register.inclusion_tag("activity/_history_link.html", takes_context=True)
def history_link(context: Context, thing: Model, words: str) -> dict[str, Any]:
    """A link to the history of one thing and its parts; none for those who may not read the history."""
    request = context["request"]
    if not request.role.covers(Role.EDITOR):
        return {}
    address = reverse("history", args=[request.workspace.slug, request.brand.slug])
    return {"href": f"{address}?about={ref(thing)}", "words": words}
