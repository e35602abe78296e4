"""Keeps a worker running as `./dev up` does, one that loses patience in seconds: python -m tests.faults.supervised"""

import asyncio
import sys

from config import supervision
from config.supervision import Child, keep_all

IMPATIENT = """
from config.processes import worker
worker.DEAF_SECONDS, worker.STUCK_SECONDS, worker.LOOK_SECONDS, worker.LAST_SECONDS = 4, 8, 0.5, 0.5
raise SystemExit(worker.main())
"""

if __name__ == "__main__":
    supervision.FIRST_WAIT = 0.1
    child = Child("worker", [sys.executable, "-c", IMPATIENT])
    asyncio.run(keep_all([child], asyncio.sleep(3600)))
