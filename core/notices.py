"""What the next page tells the person."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise


def offer_undo(request: HttpRequest, text: str | Promise, url: str) -> None:
    """Says what was done, with a button that takes it back by a POST to `url`."""
    messages.success(request, str(text), extra_tags=f"undo:{url}")
