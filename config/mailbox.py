"""The local SMTP server of `./dev up`: whatever Sextant sends is kept in a Maildir, and read under /inbox/."""

import asyncio
import mailbox
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Keeper:
    """Takes every mail, for whomever it is."""

    def __init__(self, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        self.box = mailbox.Maildir(folder, create=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        self.box.add(envelope.original_content or b"")
        return "250 kept"


async def listen(folder: Path) -> tuple[asyncio.Server, int]:
    """A listening server on a port that the system chose, and that port."""
    loop = asyncio.get_running_loop()
    keeper = Keeper(folder)
    server = await loop.create_server(lambda: SMTP(keeper, loop=loop, hostname="localhost"), "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]
