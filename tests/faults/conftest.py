"""Real servers, real processes, real kills. The quick ones also run in `./dev test`; all of them by `./dev faults`."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections

from tests.faults.processes import Crew, crew_of
from tests.faults.servers import Postgres, Valkey
from tests.faults.sinks import MailSink, mail_sink
from tests.mastodon import mastodon, mastodon_process

__all__ = ["mastodon", "mastodon_process"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: sockets stand in it."""
    made = Path(tempfile.mkdtemp(prefix="sextant-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with mail_sink() as made:
        yield made


@pytest.fixture
def posted(sink: MailSink, settings: pytest.FixtureRequest) -> MailSink:
    """The sink is also where this process sends to."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = sink.host, sink.port, 0.5
    return sink


@pytest.fixture
def valkey(folder: Path) -> Iterator[Valkey]:
    server = Valkey(folder)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def crew(transactional_db: None, folder: Path, sink: MailSink) -> Iterator[Crew]:
    """Starts processes on this test's database and mail sink, with no Redis unless the test gives them one."""
    nobody = "redis://127.0.0.1:1/0"
    with crew_of(folder, EMAIL_HOST=sink.host, EMAIL_PORT=str(sink.port), REDIS_URL=nobody) as made:
        yield made
        print(made.said[-8000:])  # shown when the test fails


@pytest.fixture
def postgres(transactional_db: None, request: pytest.FixtureRequest) -> Iterator[Postgres]:
    """The server, to be stopped; what it said was kept is kept, as in production."""
    if hasattr(request.config, "workerinput"):
        pytest.skip("other tests use the server: ./dev faults has one of its own")
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = on")
    connections.close_all()
    yield Postgres()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} RESET synchronous_commit")
