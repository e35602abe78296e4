"""What the pages of this room share."""

from typing import Any

from django.http import HttpResponseRedirect
from django.urls import reverse

from teams.access import BrandRequest


def go(request: BrandRequest, name: str, **kwargs: Any) -> HttpResponseRedirect:
    """To another page of the same brand."""
    url = reverse(name, kwargs={"workspace": request.workspace.slug, "brand": request.brand.slug, **kwargs})
    return HttpResponseRedirect(url)
