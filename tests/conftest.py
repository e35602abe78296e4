"""What every test can rely on: no socket leaves this machine, an empty cache, and real SMTP and Celery when asked."""

import socket
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from celery.contrib.testing.worker import start_worker
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db.backends.postgresql.operations import DatabaseOperations

from config.celery import app as celery_app

# -- no socket leaves this machine ----------------------------------------------------------------------------------


class OutsideCallError(RuntimeError):
    """Something in a test tried to reach another machine."""


def refuse_outside(host: str) -> None:
    if host in ("", "localhost"):
        return
    try:
        address = ip_address(host)
    except ValueError:
        raise OutsideCallError(f"a test asked for the address of {host}") from None
    if not (address.is_loopback or address.is_unspecified):
        raise OutsideCallError(f"a test tried to reach {host}")


def guarded(act: Callable[..., Any]) -> Callable[..., Any]:
    """A socket method whose last argument is an address, refused unless it is on this machine."""

    def guard(self: socket.socket, *args: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            refuse_outside(args[-1][0])
        return act(self, *args)

    return guard


def pytest_configure(config: pytest.Config) -> None:
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Builders write rows without history, so what pages keep for a mark of the history is stale: see test_frame.py.
    django_settings.CACHES["template_fragments"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
    look_up = socket.getaddrinfo

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        refuse_outside(name or "")
        return look_up(host, *args, **kwargs)

    socket.getaddrinfo = guarded_look_up


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: once Playwright's loop runs in a process, no other test there may start one. Those that
    take long begin first, so that no process is left alone with one at the end."""
    items.sort(key=lambda item: (is_marked(item, "browser"), not is_marked(item, "long")))


def is_marked(item: pytest.Item, name: str) -> bool:
    return item.get_closest_marker(name) is not None


def _empty(self: DatabaseOperations, style: Any, tables: list[str], **_: Any) -> list[str]:
    """How tables are emptied between tests: they hold next to nothing, so deleting takes milliseconds, while truncating
    sixty of them takes a third of a second. As a replica, PostgreSQL runs no trigger: the history lets go, too."""
    return ["SET LOCAL session_replication_role = replica", *(f'DELETE FROM "{table}"' for table in tables)]


DatabaseOperations.sql_flush = _empty


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Rate limits and the like start from nothing."""
    cache.clear()


# -- mail -----------------------------------------------------------------------------------------------------------


class Smtp:
    """A real SMTP server. A mail is in `messages` before the sender hears that it was taken.

    `answer` is what DATA is answered with: set it to "421 later" or "550 no" to see what happens then (such mails are
    in `refused`); `before_answer` is called with each mail before it is answered, and may sleep or raise.
    """

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refused: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answer = "250 taken"
        self.before_answer: Callable[[EmailMessage], None] | None = None
        self.arrived = threading.Condition()
        self.host = "127.0.0.1"
        self.port = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        message = message_from_bytes((envelope.content or b"").replace(b"\r\n", b"\n"), policy=policy.default)
        assert isinstance(message, EmailMessage)
        with self.arrived:
            (self.messages if self.answer.startswith("2") else self.refused).append(message)
            self.recipients.append(envelope.rcpt_tos)
            self.arrived.notify_all()
        if self.before_answer:
            self.before_answer(message)
        return self.answer

    def wait_for(self, count: int, seconds: float = 10) -> list[EmailMessage]:
        """The mails, once there are `count` of them; fails when that takes longer than `seconds`."""
        with self.arrived:
            enough = self.arrived.wait_for(lambda: len(self.messages) >= count, seconds)
        assert enough, f"{len(self.messages)} of {count} mails after {seconds} s"
        return self.messages

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages if address in str(message["To"])]


class AnyPort(Controller):
    """Listens on a port that the system chooses."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def smtp(settings: Any) -> Iterator[Smtp]:
    """A real SMTP server on this machine, which Django sends to during the test."""
    inbox = Smtp()
    controller = AnyPort(inbox, hostname=inbox.host, port=0)
    controller.start()
    inbox.port = controller.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = inbox.host, inbox.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield inbox
    controller.stop()


# -- background work ------------------------------------------------------------------------------------------------


@pytest.fixture
def worker(transactional_db: None) -> Iterator[Any]:
    """A real Celery worker (threads) on the real broker and this test's database. Mark the test `worker`."""
    celery_app.control.purge()
    with start_worker(celery_app, perform_ping_check=False, pool="threads", concurrency=2) as worker:
        yield worker
