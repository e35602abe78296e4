"""The web server: granian, WSGI. HOST, PORT, WEB_WORKERS (processes) and WEB_THREADS come from the environment."""

import os

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server


def server() -> Server:
    return Server(
        "config.wsgi:application",
        address=os.environ.get("HOST", "127.0.0.1"),
        port=int(os.environ.get("PORT", "8000")),
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("WEB_WORKERS", "1")),
        blocking_threads=int(os.environ.get("WEB_THREADS", "4")),
        http=HTTPModes.http1,
        websockets=False,
        workers_kill_timeout=5,
        log_level=LogLevels.warning,
        respawn_failed_workers=False,  # whoever watches this process starts it again
    )


if __name__ == "__main__":
    server().serve()
