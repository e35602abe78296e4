import asyncio
import sys
from pathlib import Path

import pytest

from config import supervision
from config.supervision import Child, Code, keep_all


def test_code_notices_a_changed_file_and_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    code = Code(tmp_path)
    assert not code.changed()

    (tmp_path / "plans" / "models.py").write_text("x = 1")
    assert code.changed()
    assert not code.changed()


@pytest.mark.parametrize("path", ["node_modules/a.html", "tests/a.py", ".venv/a.py", "plans/notes.md"])
def test_code_leaves_out_what_is_not_ours_to_run(tmp_path: Path, path: str) -> None:
    (tmp_path / path).parent.mkdir()
    code = Code(tmp_path)

    (tmp_path / path).write_text("x = 1")

    assert not code.changed()


def test_child_that_ends_is_started_again(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(supervision, "FIRST_WAIT", 0.01)

    child = Child("thing", [sys.executable, "-c", "print('hello'); raise SystemExit(3)"])

    asyncio.run(keep_all([child], asyncio.sleep(1)))

    said = capsys.readouterr().out
    assert said.count("thing   | hello") >= 2
    assert "thing   | ended with status 3; starts again in" in said


def test_child_is_replaced_when_the_code_changed(capsys: pytest.CaptureFixture[str]) -> None:
    child = Child("thing", [sys.executable, "-c", "print('hello', flush=True); import time; time.sleep(60)"])

    async def change() -> None:
        await asyncio.sleep(0.5)
        child.reload()
        await asyncio.sleep(0.5)

    asyncio.run(keep_all([child], change()))

    assert capsys.readouterr().out == "thing   | hello\n" * 2
    assert child.failures == 0


def test_child_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "STOP_SECONDS", 0.2)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    child = Child("thing", [sys.executable, "-c", deaf])

    asyncio.run(asyncio.wait_for(keep_all([child], asyncio.sleep(0.5)), 20))

    assert not child._is_running()
