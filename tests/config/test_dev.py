import ast
import importlib.machinery
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from config.services import ROOT

DEV = ROOT / "dev"
PRETEND = """
import sys
sys.version_info = {version}
sys.argv = ["./dev", "up"]
exec(compile(open({path!r}).read(), "dev", "exec"))
"""


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("sextant_dev", str(DEV))
    spec = importlib.util.spec_from_loader("sextant_dev", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path)
    return module


@pytest.mark.parametrize("version", [(3, 6, 9), (3, 10, 14), (3, 15, 0)])
def test_dev_says_which_python_it_needs(version: tuple[int, int, int]) -> None:
    script = PRETEND.format(version=version, path=str(DEV))
    environment = {**os.environ, "SEXTANT_PYTHON_CHOSEN": "1"}

    run = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)

    assert run.returncode == 1
    assert run.stderr == f"Sextant: Python 3.11 to 3.14 is needed; this is {version[0]}.{version[1]}.\n"


def test_dev_can_be_read_by_an_old_python() -> None:
    ast.parse(DEV.read_text(), feature_version=(3, 6))


def test_dev_explains_itself_when_it_does_not_know_a_command() -> None:
    run = subprocess.run([sys.executable, DEV, "fly"], capture_output=True, text=True, check=False)

    assert run.returncode == 1
    assert run.stderr.startswith("Set up this checkout and run it.")


def test_once_does_the_work_once(dev: ModuleType) -> None:
    tries: list[bool] = []

    dev.once("thing", "a", tries.append)
    dev.once("thing", "a", tries.append)
    dev.once("thing", "b", tries.append)

    assert tries == [False, False]


def test_once_knows_that_the_last_try_was_interrupted(dev: ModuleType) -> None:
    tries: list[bool] = []

    def interrupted(_: bool) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dev.once("thing", "a", interrupted)
    dev.once("thing", "a", tries.append)

    assert tries == [True]


def test_dev_names_the_package_when_python_cannot_make_environments(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None)

    with pytest.raises(dev.SetUpError, match="apt install python3-venv"):
        dev.make_venv()


def test_dev_says_what_failed_in_one_line(dev: ModuleType) -> None:
    with pytest.raises(dev.SetUpError, match=r"^Installing it failed; the reason is above\. Run"):
        dev.run("Installing it", sys.executable, "-c", "raise SystemExit(1)")
