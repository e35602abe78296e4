"""Resident memory of everything that `./dev up` starts, ten seconds after its first page."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from benchmarks.measure import table, write_section

ROOT = Path(__file__).resolve().parent.parent
MIB = 2**20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_page(url: str, process: subprocess.Popen[bytes], seconds: float = 120) -> float:
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        if process.poll() is not None:
            sys.exit("./dev up stopped")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return time.monotonic() - start
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    sys.exit(f"no page within {seconds} s")


def name_of(process: psutil.Process) -> str:
    words = " ".join(process.cmdline())
    for pattern, name in (
        (r"processes.beat", "Celery beat"), (r"processes.worker", "Celery worker"), (r"deliver", "delivery loop"),
        (r"processes.web|granian|multiprocessing", "web"), (r"config.up|dev up", "the starter, with the SMTP inbox"),
        (r"postgres", "PostgreSQL"), (r"valkey", "Valkey"), (r"manage.py demo", "filling the demonstration"),
    ):  # fmt: skip
        if re.search(pattern, words):
            return name
    return process.name()


def family(root: psutil.Process) -> list[psutil.Process]:
    """The processes below ours, and the servers that were started in sessions of their own."""
    found = {root.pid: root, **{child.pid: child for child in root.children(recursive=True)}}
    return list(found.values())


def run() -> None:
    port = free_port()
    environment = {**os.environ, "SEXTANT_SERVICES": "bench-memory"}
    environment.pop("SEXTANT_LOCAL", None)
    process = subprocess.Popen(
        [sys.executable, "dev", "up", "--port", str(port)], cwd=ROOT, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        first = wait_for_page(f"http://127.0.0.1:{port}/", process)
        time.sleep(10)
        report(psutil.Process(process.pid), first)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def report(root: psutil.Process, first: float) -> None:
    sizes: dict[str, list[tuple[int, int]]] = {}
    for process in family(root):
        memory = process.memory_full_info()
        sizes.setdefault(name_of(process), []).append((memory.rss, memory.pss))
    rows: list[tuple[object, ...]] = [
        (name, len(values), f"{sum(v[0] for v in values) / MIB:.0f}", f"{sum(v[1] for v in values) / MIB:.0f}")
        for name, values in sorted(sizes.items(), key=lambda item: -sum(v[1] for v in item[1]))
    ]
    everything = [value for values in sizes.values() for value in values]
    rows.append(("all together", len(everything), f"{sum(v[0] for v in everything) / MIB:.0f}",
                 f"{sum(v[1] for v in everything) / MIB:.0f}"))  # fmt: skip
    write_section(
        "Memory of ./dev up",
        f"With the demonstration workspace; its first page came {first:.1f} s after the start. RSS counts memory that "
        "processes share once per process, PSS once in all. Aim: under 600 MB together.\n\n"
        + table(("what", "processes", "RSS MiB", "PSS MiB"), rows),
    )
