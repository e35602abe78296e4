"""The logs keep nothing that lets somebody in."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from django.conf import settings
from django.test import Client
from django.utils.log import DEFAULT_LOGGING

from core.logs import HideKeys


@pytest.fixture
def console() -> Iterator[StringIO]:
    """What the console handler of the settings would have written."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(HideKeys())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/invitations/k3y-of-some_body", "/invitations/…"),
        ("/invitations/k3y-of-some_body/accept/", "/invitations/…/accept/"),
        ("/me/confirm-email/k3y-of-some_body/", "/me/confirm-email/…/"),
        ("/me/password/reset/key/1-k3y-of-some_body/", "/me/password/reset/key/…/"),
    ],
)
def test_refused_request_leaves_no_key_in_the_logs(console: StringIO, path: str, shown: str) -> None:
    Client(enforce_csrf_checks=True).post(path)

    assert shown in console.getvalue()
    assert "k3y" not in console.getvalue()


def test_every_handler_hides_keys() -> None:
    handlers = settings.LOGGING["handlers"].values()

    assert all("hide_keys" in handler["filters"] for handler in handlers)
    assert settings.LOGGING["loggers"]["django"]["handlers"] == []  # Django's own would write the same unhidden
    assert DEFAULT_LOGGING["loggers"]["django"]["handlers"]
