"""Speaks the person's language and shows the person's time."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone, translation

from teams.models import User


class PersonMiddleware:
    """Activates the language and zone chosen by the person, or the language of the cookie or the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user if request.user.is_authenticated else None
        language = user.language if isinstance(user, User) else translation.get_language_from_request(request)
        with translation.override(language), timezone.override(user.time_zone if user else settings.TIME_ZONE):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if user:
            response.headers.setdefault("Cache-Control", "private, no-cache")  # no proxy keeps what one person may see
        _remember_workspace(request)
        return response

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """A refused form of a library is answered as ours are: 422, not 200."""
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and response.status_code == 200 and getattr(form, "errors", None):
            response.status_code = 422
        return response


def _remember_workspace(request: HttpRequest) -> None:
    """Where the person was last: "/" leads there."""
    workspace = getattr(request, "workspace", None)
    if workspace is not None and request.session.get("workspace") != workspace.slug:
        request.session["workspace"] = workspace.slug
