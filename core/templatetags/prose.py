"""Shows what people typed as plain text."""

from typing import Any

from django import template

from core.prose import blocks

register = template.Library()


@register.inclusion_tag("components/prose.html")
def prose(text: str) -> dict[str, Any]:
    """Paragraphs and lists, every word escaped."""
    return {"blocks": blocks(text)}
