"""A sign of life that needs no port: a file that a process touches while it works.

python -m core.alive worker 60    ends with status 1 when the worker's is older than 60 seconds
"""

import contextlib
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

stopping = threading.Event()  # set when this process was asked to stop: a drain then ends at the next row

BEHIND_PAGES = 10  # how nice a process is that works in the background: somebody waits for a page, nobody for it


def sign(name: str) -> Path:
    return Path(tempfile.gettempdir()) / f"sextant-{os.getuid()}-{name}.alive"


def show(name: str) -> None:
    """Touch the sign. Work goes on where that is not possible."""
    with contextlib.suppress(OSError):
        sign(name).touch()


def is_alive(name: str, *, seconds: float) -> bool:
    try:
        return time.time() - sign(name).stat().st_mtime < seconds
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    sys.exit(not is_alive(sys.argv[1], seconds=float(sys.argv[2])))
