"""`./dev bench [pages] [goals] [storm] [memory] [pdf]`: all without a name. Results go to benchmarks/RESULTS.md."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["SEXTANT_SERVICES"] = os.environ.get("SEXTANT_BENCH_SERVICES", "bench")
os.environ["SEXTANT_LOCAL"] = "1"
os.environ.pop("SEXTANT_DEBUG", None)  # measured as in production, but for its secrets

import django
from django.conf import settings
from django.test.utils import get_runner

from config.services import Services


@contextmanager
def empty_database() -> Iterator[None]:
    with Services(os.environ["SEXTANT_SERVICES"], disposable=True):
        django.setup()
        runner = get_runner(settings)(verbosity=0, interactive=False)
        databases = runner.setup_databases()
        try:
            yield
        finally:
            runner.teardown_databases(databases)


def pages() -> None:
    with empty_database():
        from benchmarks.pages import run  # noqa: PLC0415 -- models need django.setup()

        run()


def goals() -> None:
    with empty_database():
        from benchmarks.goals import run  # noqa: PLC0415

        run()


def storm() -> None:
    with empty_database():
        from benchmarks.storm import run  # noqa: PLC0415

        run()


def memory() -> None:
    from benchmarks.memory import run  # noqa: PLC0415

    run()


def pdf() -> None:
    with empty_database():
        from benchmarks.pdf import run  # noqa: PLC0415

        run()


SUITES = {"pages": pages, "goals": goals, "storm": storm, "memory": memory, "pdf": pdf}


def main() -> None:
    wanted = sys.argv[1:] or list(SUITES)
    unknown = [name for name in wanted if name not in SUITES]
    if unknown:
        sys.exit(f"No benchmark called {', '.join(unknown)}. There are: {', '.join(SUITES)}.")
    for name in wanted:
        SUITES[name]()


main()
