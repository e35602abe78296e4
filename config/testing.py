"""pytest plugin (`-p config.testing`, so it is loaded before pytest-django reads the settings): the tests get their
own PostgreSQL and Valkey, so they can run beside `up` and never touch its data."""

import os

import pytest

from config.services import ServiceError, Services

EXTERNAL = bool(os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
PURPOSE = os.environ.get("SEXTANT_TEST_SERVICES", "test")
_services: Services | None = None


def _choose_settings() -> None:
    """The same settings wherever the tests run: local secrets, DEBUG off, and Valkey databases of our own for each
    worker of xdist, so that no Celery worker hears another's tasks."""
    os.environ["SEXTANT_SERVICES"] = PURPOSE
    os.environ["SEXTANT_LOCAL"] = "1"
    os.environ.pop("SEXTANT_DEBUG", None)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    os.environ["SEXTANT_REDIS_SLOT"] = str(int(worker.removeprefix("gw")) % 8)


_choose_settings()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    global _services
    if EXTERNAL or hasattr(config, "workerinput"):
        return
    services = Services(PURPOSE, disposable=True)
    try:
        services.__enter__()
    except ServiceError as error:
        raise pytest.UsageError(str(error)) from error
    _services = services
    if not services.alone:
        raise pytest.UsageError("Another test run is under way. Wait for it, or set SEXTANT_TEST_SERVICES=test-2.")


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if _services is not None:
        _services.__exit__()
