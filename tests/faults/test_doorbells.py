"""A request that rings the doorbell neither fails nor waits while Redis is dead or silent."""

import socket
import time
from collections.abc import Iterator

import pytest
from celery import current_app
from django.test import Client
from django.urls import reverse

from activity.models import Message
from core import doorbell
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["dead", "silent"])
def broker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody listens at its address, or somebody who never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1] if request.param == "silent" else 1
        # The second is what the first falls back on: put back in this order.
        monkeypatch.setattr(current_app.conf, "broker_write_url", f"redis://127.0.0.1:{port}/0")
        monkeypatch.setattr(current_app.conf, "broker_url", f"redis://127.0.0.1:{port}/0")
        doorbell._silent_until = 0.0
        yield
    doorbell._silent_until = 0.0


def test_request_neither_fails_nor_waits(broker: None, caplog: pytest.LogCaptureFixture) -> None:
    person = make.user()
    started = time.monotonic()

    answers = [Client().post(reverse("account_reset_password"), {"email": person.email}) for _ in range(3)]

    seconds = time.monotonic() - started
    assert [answer.status_code for answer in answers] == [302] * 3
    assert Message.objects.waiting().count() == 3
    assert caplog.text.count("was not rung for") == 1
    assert seconds < 10  # without the doorbell's impatience: minutes
