"""The fastest mail server that still answers every command: takes all, counts them, in a process of its own.

python -m benchmarks.sink    prints its port, then a line "count seconds-of-the-first seconds-of-the-last" whenever a
                             line comes in
"""

import asyncio
import sys
import time

GREETING = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"


class Tally:
    def __init__(self) -> None:
        self.count = 0
        self.first = self.last = 0.0

    def add(self) -> None:
        self.last = time.time()
        self.first = self.first or self.last
        self.count += 1

    def tell(self) -> str:
        told = f"{self.count} {self.first} {self.last}"
        self.count, self.first, self.last = 0, 0.0, 0.0
        return told


class Talk(asyncio.Protocol):
    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._buffer = b""
        self._is_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        answers = []
        while True:
            end = b"\r\n.\r\n" if self._is_data else b"\r\n"
            head, found, rest = self._buffer.partition(end)
            if not found:
                break
            self._buffer = rest
            answers.append(self._taken() if self._is_data else self._answer(head[:4].upper()))
        if answers:
            self._transport.write(b"".join(answers))

    def _taken(self) -> bytes:
        self._is_data = False
        self._tally.add()
        return b"250 taken\r\n"

    def _answer(self, command: bytes) -> bytes:
        self._is_data = command == b"DATA"
        return {b"DATA": b"354 go on\r\n", b"EHLO": GREETING, b"QUIT": b"221 bye\r\n"}.get(command, b"250 ok\r\n")


async def main() -> None:
    tally, loop = Tally(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Talk(tally), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(tally.tell(), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
