"""Small tags of lists: tables, the buttons in their rows, the way to the next page. See `docs/look.md`."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.templatetags.sextant import page_url, place_of

register = template.Library()
TABLE = """
  <div class="table-wrap" tabindex="0" role="region" aria-label="{}">
    <table class="table{}" id="{}">{}</table>
  </div>
"""


@register.simple_block_tag
def datatable(content: SafeString, id: str, label: str, dense: bool = True) -> SafeString:  # noqa: A002
    """A table (its head and body) that scrolls by itself where it is too wide, by keyboard too."""
    return format_html(TABLE, label, " table-dense" if dense else "", id, content)


@register.inclusion_tag("components/post_button.html", takes_context=True)
def post_button(
    context: Context, name: str, words: str, *, pk: int | None = None, tone: str = "outline-secondary",
    about: str = "", confirm: str = "", small: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """A button that does something at once: what the page of that name does, in this brand or else workspace. `about`
    says to screen readers with what; `confirm` what will happen that cannot be undone."""
    url = reverse(name, kwargs=place_of(context) | ({} if pk is None else {"pk": pk}))
    shown = {"url": url, "words": words, "tone": tone, "about": about, "confirm": confirm, "small": small}
    return {**shown, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/pages.html", takes_context=True)
def turn_pages(context: Context, page: Any, name: str = "") -> dict[str, str]:
    """The way to older and newer rows of a `core.paging.Page`."""
    cursors = {"older": page.older, "newer": page.newer}
    return {"name": name} | {way: page_url(context, page=cursor) for way, cursor in cursors.items() if cursor}
