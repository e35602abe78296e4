"""Tells endpoints what is due: several at once, each in its own time, so that a slow one keeps nobody waiting.

One thread speaks with the database; the others only wait for answers. Each endpoint has one call open at a time, and a
few messages at most in hand. All this happens apart from lists and mails, and in one process at a time (`Turnstile`).
"""

import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from activity.deliver import beat
from activity.hooks import calls, health
from activity.hooks.turnstile import Turnstile
from activity.letters import CannotWriteError
from activity.models import Endpoint, Message
from activity.rules.retrying import Outcome
from core import alive
from core.fields import SecretError

NAME = "hooks"
CALLS_AT_ONCE = 16
IN_HAND = 5  # messages of one endpoint: each may take calls.SECONDS, all together less than their lease
TURN = 20.0  # seconds after which nothing new is begun
GLANCE = 1.0  # seconds between two looks for endpoints that became due meanwhile


def drain(*, now: datetime) -> int:
    """Sends what is due to endpoints; answers how many calls it made. Safe to run in any number of processes."""
    if not due_endpoints().exists():
        return 0
    with Turnstile(NAME) as turnstile, Switchboard(now) as board:
        while turnstile.is_mine and board.goes_on():
            turnstile.renew()
    if board.made:
        beat(NAME, at=board.now)
    return board.made


def due_endpoints() -> QuerySet[Endpoint]:
    """Those that are on, not left alone for now, and have a message due; on the database's clock."""
    due = Message.objects.waiting().filter(endpoint=OuterRef("pk"), next_attempt_at__lte=Now())
    is_ready = Q(quiet_until=None) | Q(quiet_until__lte=Now())
    return Endpoint.objects.filter(is_ready, Exists(due), off_reason="")


@dataclass
class _Line:
    """An endpoint that is being told, and what it is told next."""

    endpoint_id: int
    waiting: deque[Message]


class Switchboard:
    """The calls that are open. When it closes, those are awaited, and what was not begun goes back as it was."""

    def __init__(self, now: datetime) -> None:
        self._started_at, self._started = now, time.monotonic()
        self._lines: dict[int, _Line] = {}
        self._open: dict[Future[Outcome], tuple[_Line, Message, calls.Call]] = {}
        self._pool = ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="webhook")
        self.made = 0

    @property
    def now(self) -> datetime:
        return self._started_at + timedelta(seconds=time.monotonic() - self._started)

    @property
    def is_over(self) -> bool:
        return time.monotonic() - self._started > TURN or alive.stopping.is_set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            for line in list(self._lines.values()):
                self._give_back(line)
            while self._open:
                self._settle(None)
        finally:
            self._pool.shutdown(wait=True)

    def goes_on(self) -> bool:
        """One look and one wait; False when nothing is left or the turn is over."""
        if self.is_over:
            return False
        self._fill()
        self._settle(GLANCE)
        return bool(self._lines) or due_endpoints().exists()

    def _fill(self) -> None:
        free = CALLS_AT_ONCE - len(self._lines)
        for endpoint in due_endpoints().exclude(pk__in=self._lines).order_by("quiet_until", "pk")[:free]:
            rows = Message.objects.claim(limit=IN_HAND, endpoint_id=endpoint.pk)
            self._lines[endpoint.pk] = line = _Line(endpoint.pk, deque(rows))
            self._go_on(line)

    def _go_on(self, line: _Line) -> None:
        """Begins the next call of a line; the line is closed when there is none."""
        while line.waiting:
            message = line.waiting.popleft()
            if (call := prepared(message, now=self.now)) and Message.objects.renew(message):
                self._open[self._pool.submit(calls.make, call, now=self.now)] = (line, message, call)
                return
        self._lines.pop(line.endpoint_id, None)

    def _settle(self, patience: float | None) -> None:
        done, _waiting = wait(self._open, timeout=patience, return_when=FIRST_COMPLETED)
        for future in done:
            line, message, call = self._open.pop(future)
            outcome = future.result()
            health.settle(message=message, number=call.number, outcome=outcome, now=self.now)
            self.made += 1
            if outcome.got_through and not self.is_over:
                self._go_on(line)
            else:
                self._give_back(line)

    def _give_back(self, line: _Line) -> None:
        Message.objects.release(line.waiting)
        line.waiting.clear()
        self._lines.pop(line.endpoint_id, None)


def prepared(message: Message, *, now: datetime) -> calls.Call | None:
    """The call for a claimed message, or nothing when it is not wanted any more or cannot be written: much can have
    changed since it was posted."""
    endpoint = Endpoint.objects.select_related("workspace").filter(messages=message).first()
    if endpoint is None:
        return None
    if reason := objection(message, endpoint):
        Message.objects.drop(message, reason=reason)
        return None
    try:
        return calls.call_for(message, endpoint, now=now)
    except (CannotWriteError, SecretError) as error:
        Message.objects.bury(message, error=str(error))
        return None


def objection(message: Message, endpoint: Endpoint) -> str:
    """Why an endpoint is not to be told after all; nothing when it is."""
    if not endpoint.is_on:
        return "The webhook was switched off."
    if message.kind not in endpoint.kinds:
        return "The webhook is not told about this any more."
    if endpoint.is_limited and not endpoint.limits.filter(brand=message.brand_id).exists():
        return "The webhook is not told about this brand any more."
    return ""
