"""The tools that other tests rely on."""

import smtplib
import socket
import time
from typing import Any

import pytest
from django.core.mail import send_mail

from activity.models import Heartbeat
from config.celery import app
from tests.conftest import OutsideCallError, Smtp


def test_smtp_keeps_what_was_sent(smtp: Smtp) -> None:
    send_mail("Le café", "est prêt", None, ["jeanne@example.com"])

    (message,) = smtp.wait_for(1)
    assert (message["Subject"], message.get_content()) == ("Le café", "est prêt\n")
    assert smtp.to("jeanne@example.com") == [message]


def test_smtp_refuses_when_told_to(smtp: Smtp) -> None:
    smtp.answer = "421 later"

    with pytest.raises(smtplib.SMTPDataError):
        send_mail("Le café", "est prêt", None, ["jeanne@example.com"])

    assert (len(smtp.messages), len(smtp.refused)) == (0, 1)


@pytest.mark.worker
def test_worker_runs_a_task_on_the_database_of_the_test(worker: Any) -> None:
    app.send_task("activity.deliver_messages")

    deadline = time.monotonic() + 20
    while not Heartbeat.objects.filter(name="messages").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.com", 80), ("169.254.169.254", 80)])
def test_sockets_do_not_leave_this_machine(address: tuple[str, int]) -> None:
    with pytest.raises(OutsideCallError):
        socket.create_connection(address, timeout=1)
