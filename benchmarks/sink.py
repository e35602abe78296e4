"""A mail server in a process of its own, of the kind that `./dev up` has: it takes every mail, and forgets it.

python -m benchmarks.sink prints its port, and for each line that it reads how many mails it took since the last.
"""

import asyncio
import sys

from aiosmtpd.smtp import SMTP, Envelope, Session


class Tally:
    count = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        self.count += 1
        return "250 taken"


async def main() -> None:
    tally, loop = Tally(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(tally, loop=loop, hostname="localhost"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(tally.count, flush=True)
        tally.count = 0


if __name__ == "__main__":
    asyncio.run(main())
