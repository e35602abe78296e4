"""Gives a process a wrong clock: put this folder on its PYTHONPATH.

SEXTANT_CLOCK names a file that holds by how many seconds the clock on the wall is ahead. When the process is told by
SIGRTMIN, the file is read again: somebody set the clock while it ran. The steady clock goes on as it did, and so does
PostgreSQL's.
"""

import os
import signal
import time
from pathlib import Path
from typing import Any

import time_machine

_right = time.monotonic() - time.time()  # the steady clock when the epoch began


class Clock:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._shift: Any = None

    def set(self, *_: object) -> None:
        if self._shift is not None:
            self._shift.stop()
        right = time.monotonic() - _right
        self._shift = time_machine.travel(right + float(self._file.read_text()), tick=True)
        self._shift.start()


if "SEXTANT_CLOCK" in os.environ:
    _clock = Clock(Path(os.environ["SEXTANT_CLOCK"]))
    _clock.set()
    signal.signal(signal.SIGRTMIN, _clock.set)
