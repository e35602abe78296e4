"""100,000 messages due at once, reminders one by one, and a drain that finds nothing: how fast, how late, how dear."""

import http.client
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activity import letters, messages
from activity.models import Channel, Message, Notification
from benchmarks import data
from benchmarks.measure import table, write_section
from benchmarks.memory import MIB, free_port
from benchmarks.pages import address
from core.duework import DueState, database_now
from tests.faults import stock
from tests.faults.processes import Crew, Process, crew_of, until
from tests.faults.servers import Valkey

MANY = 100_000
MEASURED = 20.0  # seconds of mailing
REMINDERS, MINUTES = 200, 3
FINISHED = 1_000_000


class Sink:
    """The mail server in its own process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.port = int(self._read())

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def taken(self) -> int:
        """How many mails since it was last asked."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._read())

    def close(self) -> None:
        self._process.terminate()
        self._process.communicate()


@contextmanager
def everything(sink: Sink) -> Iterator[Crew]:
    """Worker, beat and loop, with a Valkey of their own."""
    folder = Path(tempfile.mkdtemp(prefix="sextant-"))
    valkey = Valkey(folder)
    valkey.start()
    environment = {"REDIS_URL": valkey.url, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(sink.port)}
    try:
        with crew_of(folder, WORKER_CONCURRENCY="2", MALLOC_ARENA_MAX="2", **environment) as crew:
            yield crew
    finally:
        valkey.kill()
        shutil.rmtree(folder, ignore_errors=True)


def raw(sink: Sink, mail: EmailMultiAlternatives) -> float:
    """Mails a second over one kept connection."""
    seconds = MEASURED / 2
    sink.taken()
    subprocess.run(
        [sys.executable, "-m", "benchmarks.raw", str(sink.port), str(seconds)],
        input=mail.message().as_bytes(linesep="\r\n"), check=True,
    )  # fmt: skip
    return sink.taken() / seconds


class Visitor:
    """Asks for a page now and again, as a person who works meanwhile."""

    def __init__(self, port: int) -> None:
        place, user = data.brand("storm")
        data.deliveries(place, in_month=100, elsewhere=0)
        client = Client()
        client.force_login(user)
        self._cookie = f"sessionid={client.cookies['sessionid'].value}"
        self._path = address("brand_home", place)
        self._port = port

    def ask(self) -> float:
        start = time.perf_counter()
        asking = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        asking.request("GET", self._path, headers={"Cookie": self._cookie})
        answer = asking.getresponse()
        answer.read()
        asking.close()
        assert answer.status == 200, (self._path, answer.status)
        return (time.perf_counter() - start) * 1000

    def is_answered(self) -> bool:
        try:
            return bool(self.ask())
        except OSError:
            return False

    def watch(self, end: threading.Event, every: float = 0.1) -> list[float]:
        taken = []
        while not end.is_set():
            taken.append(self.ask())
            end.wait(every)
        return taken


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def watched(visitor: Visitor) -> tuple[threading.Event, threading.Thread, list[float]]:
    end, taken = threading.Event(), list[float]()
    thread = threading.Thread(target=lambda: taken.extend(visitor.watch(end)))
    thread.start()
    return end, thread, taken


def storm() -> None:
    sink, port = Sink(), free_port()
    readers = stock.people(1000)
    sample = letters.mail(stock.messages(1, Channel.EMAIL, to=readers)[0], now=database_now())
    forget()
    visitor = Visitor(port)
    with everything(sink) as crew:
        web = crew.start(
            "-m", "config.processes.web", HOST="127.0.0.1", PORT=str(port), WEB_WORKERS="1", WEB_THREADS="4"
        )
        until(visitor.is_answered)
        end, thread, idle = watched(visitor)
        time.sleep(MEASURED / 2)
        end.set()
        thread.join()
        floor = raw(sink, sample)
        workers = [crew.worker(), crew.beat(), crew.loop(interval=1)]
        until(lambda: crew.has_begun("worker", "deliver"))
        soon = datetime.now(UTC) + timedelta(minutes=5)
        for channel in (Channel.IN_APP, Channel.EMAIL):
            stock.messages(MANY, channel, to=readers, due_at=soon)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE activity_message")
        figures = measure(workers, visitor, sink)
        web.stop()
    sink.close()
    report_storm(figures, idle=idle, floor=floor)


def measure(workers: list[Process], visitor: Visitor, sink: Sink) -> dict[str, float]:
    """Everything becomes due in one moment."""
    end, thread, busy = watched(visitor)
    Message.objects.filter(state=DueState.WAITING).update(due_at=database_now(), next_attempt_at=database_now())
    start, memory = time.perf_counter(), 0.0
    while Notification.objects.count() < MANY:
        memory = max(memory, most_memory(workers))
        time.sleep(0.2)
    listed = time.perf_counter() - start
    sink.taken()
    start = time.perf_counter()
    time.sleep(MEASURED)
    mailed = sink.taken() / (time.perf_counter() - start)
    memory = max(memory, most_memory(workers))
    end.set()
    thread.join()
    return {"listed": listed, "mailed": mailed, "memory": memory, "p95": p95(busy), "median": statistics.median(busy)}


def most_memory(workers: list[Process]) -> float:
    return max(psutil.Process(worker.pid).memory_info().rss for worker in workers) / MIB


def report_storm(found: dict[str, float], *, idle: list[float], floor: float) -> None:
    rows: list[tuple[object, ...]] = [
        ("in Sextant, all listed after", f"{found['listed']:.0f} s ({MANY / found['listed']:,.0f}/s)", "<= 60 s"),
        ("one raw kept SMTP connection, the floor", f"{floor:,.0f}/s", ""),
        ("by e-mail", f"{found['mailed']:,.0f}/s ({found['mailed'] / floor:.2f} of the floor)", ">= 0.4 of it"),
        ("largest process of worker, beat and loop", f"{found['memory']:.0f} MiB", ""),
        ("brand home, p95, nothing else going on", f"{p95(idle):.0f} ms", ""),
        ("brand home, p95, during the storm", f"{found['p95']:.0f} ms ({found['p95'] / p95(idle):.1f}x)", "<= 2x"),
    ]
    write_section(
        "100,000 messages due at once",
        f"{MANY:,} in Sextant and {MANY:,} by e-mail, for 1,000 people; one worker with two threads, beat, and the "
        "delivery loop; the mail server is aiosmtpd in a process of its own, on the same cores as PostgreSQL, the web "
        f"server and whoever asks for pages. Mails are counted over {MEASURED:.0f} s once the lists are done.\n\n"
        + table(("what", "measured", "aim"), rows),
    )


def lateness() -> None:
    sink = Sink()
    with everything(sink) as crew:
        crew.worker()
        crew.beat()
        crew.loop(interval=0.5)
        until(lambda: crew.has_begun("worker", "deliver"))
        apart = MINUTES * 60 / REMINDERS
        start = datetime.now(UTC) + timedelta(seconds=5)
        rows = stock.messages(REMINDERS, Channel.EMAIL, to=stock.people(REMINDERS), due_at=start, apart=apart)
        done = Message.objects.filter(pk__in=[row.pk for row in rows], state=DueState.DONE)
        until(lambda: done.count() == REMINDERS, MINUTES * 60 + 60)
    sink.close()
    late = sorted((at - due).total_seconds() for at, due in done.values_list("done_at", "due_at"))
    write_section(
        "Lateness of reminders",
        f"{REMINDERS} e-mails spread over {MINUTES} minutes: from when each was due until it was marked as sent, by "
        "PostgreSQL's clock; the loop looks every half second, beat rings every two.\n\n"
        + table(
            ("early", "p50", "p99", "latest", "aim"),
            [(sum(seconds < 0 for seconds in late), *(f"{late[int(len(late) * part)]:.2f} s" for part in (0.5, 0.99)),
              f"{late[-1]:.2f} s", "none early, p99 <= 1 s")],
        ),
    )  # fmt: skip


def finished(count: int) -> None:
    """Rows that were sent long ago."""
    person = stock.people(1)[0]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO activity_message (key, recipient_id, channel, kind, about, template, context, url, due_at,
                next_attempt_at, state, attempts, last_error, address, language, sealed, done_at, created_at,
                is_daily, request_id)
            SELECT 'done:' || n, %s, CASE WHEN n %% 2 = 0 THEN 'email' ELSE 'in_app' END, 'team', 'x:' || n,
                'activity/messages/plain', '{}', '', at, at, 'done', 1, '', '', '', '', at, at, false, ''
            FROM generate_series(1, %s) AS n, LATERAL (SELECT now() - n * interval '1 second' AS at)
            """,
            [person.pk, count],
        )
        cursor.execute("VACUUM ANALYZE activity_message")


def forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE activity_message CASCADE")


def tick() -> float:
    start = time.perf_counter()
    assert messages.drain(now=database_now()) == 0
    return (time.perf_counter() - start) * 1000


def idle() -> None:
    rows: list[tuple[object, ...]] = []
    forget()
    for count in (0, FINISHED):
        finished(count)
        with CaptureQueriesContext(connection) as sent:
            tick()
        taken = [tick() for _ in range(200)]
        rows.append((f"{count:,}", len(sent), f"{statistics.median(taken):.2f}", f"{p95(taken):.2f}"))
    write_section(
        "A look that finds nothing due",
        "What `deliver --loop` does once a second for messages, by the number of messages that were sent before. Aim: "
        "flat.\n\n" + table(("finished messages", "queries", "median ms", "p95 ms"), rows),
    )


def run() -> None:
    data.prepare()
    settings.EMAIL_TIMEOUT = 5
    idle()
    forget()
    storm()
    forget()
    lateness()
