"""Browser libraries come from node_modules (`npm ci`), file by file: only what is named here is served."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

FILES = {
    "vendor/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "vendor/bootstrap.min.css.map": "bootstrap/dist/css/bootstrap.min.css.map",
    "vendor/chart.umd.min.js": "chart.js/dist/chart.umd.min.js",
    "vendor/chart.umd.min.js.map": "chart.js/dist/chart.umd.min.js.map",
    "vendor/event-calendar.min.css": "@event-calendar/build/dist/event-calendar.min.css",
    "vendor/event-calendar.min.js": "@event-calendar/build/dist/event-calendar.min.js",
    "vendor/event-calendar.min.js.map": "@event-calendar/build/dist/event-calendar.min.js.map",
}


Messages = list[CheckMessage]  # named here: in the class below, `list` is a method


class VendorStorage(FileSystemStorage):
    def path(self, name: str) -> str:
        return str(Path(self.location) / FILES[name])


class VendorFinder(BaseFinder):
    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        self.storage = VendorStorage(location=settings.BASE_DIR / "node_modules")

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        found = self.storage.path(path) if path in FILES and self.storage.exists(path) else None
        return [found] * bool(found) if find_all else (found or [])

    def list(self, _ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        return ((name, self.storage) for name in FILES)

    def check(self, **_kwargs: Any) -> Messages:
        missing = [name for name in FILES if not self.storage.exists(name)]
        return [Error(f"{missing} not in node_modules", hint="npm ci", id="vendor.E001")] if missing else []
