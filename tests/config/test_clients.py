"""No other way out: whoever imports a client of the network outside core.outbound is told so by the linter."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from config.services import ROOT

LINT = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
BANNED = LINT["flake8-tidy-imports"]["banned-api"]
ROOMS = {
    "config",
    "surveys",
    "analytics",
    "calendar_app",
    "plans",
    "audits",
    "personas",
    "networks",
    "activity",
    "teams",
    "core",
}
EXCEPTIONS = {"core/outbound.py", "config/services.py", "config/up.py", "tests/*", "benchmarks/*"}


def found(path: str) -> set[str]:
    """The line of each import that the linter refuses in that file."""
    code = "\n".join(f"import {name}\n{name}" if name != "asyncio.open_connection" else
                     f"import asyncio\n{name}" for name in sorted(BANNED))  # fmt: skip
    command = [Path(sys.executable).parent / "ruff", "check", "--select", "TID251", "--output-format", "json"]
    run = subprocess.run(
        [*command, "--stdin-filename", path, "-"], cwd=ROOT, input=code, capture_output=True, text=True, check=False
    )
    return {problem["message"].partition("`")[2].partition("`")[0] for problem in json.loads(run.stdout)}


@pytest.mark.parametrize("path", ["analytics/services/feeds.py", "networks/connectors/mastodon.py", "core/uploads.py"])
def test_no_room_has_a_client_of_its_own(path: str) -> None:
    assert found(path) == set(BANNED)


def test_exceptions_are_these() -> None:
    assert {path for path, rules in LINT["per-file-ignores"].items() if "TID251" in rules} == EXCEPTIONS
    assert {"requests", "urllib.request", "urllib3", "http.client", "socket", "aiohttp", "httpx"} <= set(BANNED)


def test_sheets_are_written_and_read_in_one_place() -> None:
    """Or a cell that a spreadsheet would run could slip out of another."""
    rooms = (path for path in ROOT.glob("*/**/*.py") if path.relative_to(ROOT).parts[0] in ROOMS)
    users = [
        str(path.relative_to(ROOT)) for path in rooms if re.search(r"csv\.(writer|DictWriter)\b", path.read_text())
    ]

    assert users == ["core/sheets.py"]
