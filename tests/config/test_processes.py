import os
import time
from pathlib import Path

import pytest

from config.celery import app
from config.processes.worker import DEAF_SECONDS, Watch, waiting_doorbells
from core import alive


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watch:
    monkeypatch.setattr(alive.tempfile, "gettempdir", lambda: str(tmp_path))
    app.control.purge()
    return Watch()


def ring() -> None:
    app.send_task("nobody.listens", expires=60)


def test_worker_is_deaf_when_doorbells_wait_and_none_was_heard(watch: Watch) -> None:
    watch.heard_at = time.monotonic() - DEAF_SECONDS - 1
    ring()

    assert waiting_doorbells() == 1
    assert watch.is_deaf()


def test_worker_that_just_heard_one_is_not_deaf(watch: Watch) -> None:
    ring()
    watch.hear()

    assert not watch.is_deaf()


def test_idle_worker_is_not_deaf(watch: Watch) -> None:
    watch.heard_at = time.monotonic() - DEAF_SECONDS - 1

    assert not watch.is_deaf()


def test_sign_of_life_ages(watch: Watch) -> None:
    assert not alive.is_alive("worker", seconds=60)

    watch.hear()
    assert alive.is_alive("worker", seconds=60)

    os.utime(alive.sign("worker"), (time.time() - 61, time.time() - 61))
    assert not alive.is_alive("worker", seconds=60)
