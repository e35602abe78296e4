"""Everything Sextant needs, in one terminal: PostgreSQL, Valkey, an SMTP inbox, web, Celery worker and beat, and the
delivery loop. This process only watches the others; it loads neither Django nor a database library, to stay small."""

import argparse
import asyncio
import contextlib
import errno
import fcntl
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence

from config import mailbox
from config.processes import NO_WORKSPACE
from config.services import LOCAL_DIR, ROOT, ServiceError, Services, inbox_dir
from config.supervision import Child, Code, end_with_parent, keep_all, say

PURPOSE = os.environ.get("SEXTANT_SERVICES", "dev")
HOST = "127.0.0.1"
PORTS_TRIED = 50


class UpError(RuntimeError):
    """Sextant cannot start; the text is the one line that says why."""


def main() -> int:
    options = arguments().parse_args()
    try:
        with only_one(f"http://localhost:{options.port}"):
            check_port(options.port)
            with services():
                asyncio.run(up(options.port, with_demo=not options.empty))
    except (UpError, ServiceError) as error:
        print(f"Sextant: {error}", file=sys.stderr)
        return 1
    return 0


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev up", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="where the browser finds it (8000)")
    parser.add_argument("--empty", action="store_true", help="without the demonstration workspace")
    return parser


# -- what must be free ----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def only_one(address: str) -> Iterator[None]:
    """One `up` for a checkout. The lock ends with the process, however it ends."""
    LOCAL_DIR.mkdir(exist_ok=True)
    with open(LOCAL_DIR / f"up-{PURPOSE}.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise UpError(f"already running here, {lock.read().strip() or 'just starting'}.") from None
        lock.truncate(0)
        print(f"at {address} (process {os.getpid()}): stop that one first, with Ctrl+C", file=lock, flush=True)
        yield


def check_port(port: int) -> None:
    if is_free(port):
        return
    free = next((other for other in range(port + 1, port + PORTS_TRIED) if is_free(other)), None)
    hint = f"Try: ./dev up --port {free}" if free else "Choose another one with --port"
    raise UpError(f"port {port} is used by another program. {hint}")


def is_free(port: int) -> bool:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((HOST, port))
        except OverflowError:
            raise UpError(f"there is no port {port}: choose one from 1024 to 65535") from None
        except OSError as error:
            if error.errno == errno.EACCES:
                raise UpError(f"port {port} is for the system: choose one from 1024 to 65535") from None
            return False
    return True


def services() -> contextlib.AbstractContextManager[object]:
    given = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    return contextlib.nullcontext() if given else Services(PURPOSE)


# -- start, watch, stop ---------------------------------------------------------------------------------------------


async def up(port: int, *, with_demo: bool) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    smtp, smtp_port = await mailbox.listen(inbox_dir(PURPOSE))
    os.environ |= environment(port, smtp_port)
    work = asyncio.create_task(run(port, with_demo=with_demo))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([work, stopped], return_when=asyncio.FIRST_COMPLETED)
    work.cancel()
    smtp.close()
    with contextlib.suppress(asyncio.CancelledError):
        await work


def environment(port: int, smtp_port: int) -> dict[str, str]:
    return {
        "HOST": HOST,
        "PORT": str(port),
        "SITE_URL": f"http://localhost:{port}",
        "EMAIL_HOST": HOST,
        "EMAIL_PORT": str(smtp_port),
        "SEXTANT_LOCAL": "1",
        "PYTHONUNBUFFERED": "1",
        "MALLOC_ARENA_MAX": "2",  # the memory of threads that wait most of the time
    }


async def run(port: int, *, with_demo: bool) -> None:
    with_demo = NO_WORKSPACE in await command("prepare", echo=False) and with_demo
    children = processes()
    await keep_all(children, serve(port, children, with_demo=with_demo))


async def serve(port: int, children: Sequence[Child], *, with_demo: bool) -> None:
    await answering(port, children)
    greet(port)
    if with_demo:
        print("Filling the demonstration workspace ...", flush=True)
        await command("demo", echo=True)
    await watch(children)


def processes() -> list[Child]:
    python = (sys.executable, "-m")
    quiet = ("env", "SEXTANT_DEBUG=0")  # with DEBUG, Django remembers every query: not in what runs for days
    return [
        Child("web", [*python, "config.processes.web"], reload=signal.SIGHUP),
        Child("worker", [*quiet, *python, "config.processes.worker"], cares=is_background),
        Child("beat", [*quiet, *python, "config.processes.beat"], cares=lambda path: path.startswith("config/")),
        Child("deliver", [*quiet, sys.executable, "manage.py", "deliver", "--loop"], cares=is_background),
    ]


def is_background(path: str) -> bool:
    """Does work outside of pages use this file?"""
    return not path.endswith(".html") or "emails" in path


async def command(name: str, *arguments: str, echo: bool) -> str:
    """Run a management command to its end; what it prints is shown too if `echo`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "manage.py", name, *arguments, stdout=asyncio.subprocess.PIPE, preexec_fn=end_with_parent
    )
    said = []
    assert process.stdout is not None
    try:
        while line := await process.stdout.readline():
            said.append(line.decode())
            if echo:
                print(said[-1], end="", flush=True)
        if await process.wait():
            raise UpError(f"`./dev manage {name}` failed with status {process.returncode}; its last words are above")
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    return "".join(said)


async def answering(port: int, children: Sequence[Child]) -> None:
    """Wait until the web server answers; a process that ends before that means that something is wrong."""
    while not await alive(port):
        if failed := next((child.name for child in children if child.failures), None):
            raise UpError(f"{failed} could not start; its last words are above")
        await asyncio.sleep(0.05)


async def alive(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
        writer.write(b"GET /healthz HTTP/1.0\r\n\r\n")
        answer = await asyncio.wait_for(reader.readline(), 10)
        writer.close()
    except (OSError, TimeoutError):
        return False
    return b" 200 " in answer


def greet(port: int) -> None:
    print(f"\n  Sextant is at  http://localhost:{port}/          (Ctrl+C stops it)")
    print(f"  its mail is at http://localhost:{port}/inbox/\n", flush=True)


async def watch(children: Sequence[Child]) -> None:
    code = Code(ROOT)
    while True:
        changed = await code.next_changes()
        say("dev", f"{', '.join(sorted(changed)[:3])}{' ...' * (len(changed) > 3)} changed: starting again")
        if any(path.endswith(".po") for path in changed):
            await compile_messages()
        for child in children:
            if any(map(child.cares, changed)):
                child.reload()


async def compile_messages() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "config.messages", "compile")
    await process.wait()


if __name__ == "__main__":
    sys.exit(main())
