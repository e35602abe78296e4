from django.http import HttpRequest, HttpResponse
from django.urls import path

from teams.access import public_view


@public_view
def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


urlpatterns = [path("fails/", fails)]
