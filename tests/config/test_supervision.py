import asyncio
import os
import sys
from pathlib import Path

import pytest

from config import supervision, up
from config.supervision import Child, Code, keep_all


def test_code_names_what_changed_came_and_went(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "models.py").write_text("x = 1")
    (tmp_path / "plans" / "gone.html").touch()
    code = Code(tmp_path)
    assert code.changes() == set()

    os.utime(tmp_path / "plans" / "models.py", (1, 1))
    (tmp_path / "plans" / "gone.html").unlink()
    (tmp_path / "plans" / "new.po").touch()

    assert code.changes() == {"plans/models.py", "plans/gone.html", "plans/new.po"}
    assert code.changes() == set()


@pytest.mark.parametrize("path", ["node_modules/a.html", "tests/a.py", ".venv/a.py", "plans/notes.md"])
def test_code_leaves_out_what_is_not_ours_to_run(tmp_path: Path, path: str) -> None:
    (tmp_path / path).parent.mkdir()
    code = Code(tmp_path)

    (tmp_path / path).write_text("x = 1")

    assert code.changes() == set()


def test_changes_are_collected_until_it_is_quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "LOOK_SECONDS", 0.1)
    code = Code(tmp_path)

    async def edit() -> set[str]:
        waiting = asyncio.create_task(code.next_changes())
        for name in ("a.py", "b.py", "c.py"):
            (tmp_path / name).touch()
            await asyncio.sleep(0.1)
        return await asyncio.wait_for(waiting, 10)

    assert asyncio.run(edit()) == {"a.py", "b.py", "c.py"}


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("plans/views.py", ["web", "worker", "deliver"]),
        ("templates/base.html", ["web"]),
        ("templates/activity/emails/reminder.html", ["web", "worker", "deliver"]),
        ("config/settings.py", ["web", "worker", "beat", "deliver"]),
    ],
)
def test_only_those_start_again_that_use_the_changed_file(path: str, names: list[str]) -> None:
    assert [child.name for child in up.processes() if child.cares(path)] == names


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
