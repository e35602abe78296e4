"""How the benchmarks measure: interleaved rounds in one process, the median of each way, and the ratio to the floor."""

import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one way of doing the same work."""

    name: str
    median: float
    fastest: float
    p95: float


def interleave(ways: Mapping[str, Callable[[], object]], *, rounds: int, warm: int = 5) -> dict[str, Timing]:
    """Run every way in turn, `rounds` times, so that a busy machine slows all of them alike."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + warm):
        for name, work in ways.items():
            start = time.perf_counter()
            work()
            if number >= warm:
                taken[name].append((time.perf_counter() - start) * 1000)
    return {name: timing(name, values) for name, values in taken.items()}


def timing(name: str, values: list[float]) -> Timing:
    ordered = sorted(values)
    return Timing(name, statistics.median(ordered), ordered[0], ordered[int(len(ordered) * 0.95)])


def machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {psutil.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, "
        f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}"
    )


def table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


RESULTS = Path(__file__).parent / "RESULTS.md"


def write_section(title: str, body: str) -> None:
    """Print a section and put it in RESULTS.md in place of the one with the same title."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Results\n"
    section = f"## {title}\n\n{machine()}\n\n{body.strip()}\n"
    parts = text.split("\n## ")
    sections = {part.split("\n", 1)[0]: part for part in parts[1:]} | {title: section[3:]}
    whole = [parts[0], *sections.values()]
    RESULTS.write_text("\n\n## ".join(part.strip() for part in whole) + "\n", encoding="utf-8")
    print(f"\n{section}")
