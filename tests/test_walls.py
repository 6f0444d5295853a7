"""The walls between packages hold, and the check that says so can bite."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINT = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINT), "--config", str(folder / "pyproject.toml"), "--no-cache"],
        cwd=folder, env={"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("room", "line", "contract"),
    [
        ("model/agency.py", "import tidegate.gate.agreement\n", "Floors"),
        ("screening/finding.py", "import socket\n", "touches no disk"),
        ("screening/finding.py", "import tidegate.store.connect\n", "neither node nor store"),
    ],
)
def test_a_broken_wall_is_named(copy: Path, room: str, line: str, contract: str) -> None:
    path = copy / "src" / "tidegate" / room
    path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")
    done = lint(copy)
    assert done.returncode == 1
    assert contract in done.stdout
    assert "BROKEN" in done.stdout


def test_a_package_without_a_floor_is_refused(copy: Path) -> None:
    (copy / "src" / "tidegate" / "attic").mkdir()
    (copy / "src" / "tidegate" / "attic" / "__init__.py").write_text("", encoding="utf-8")
    assert lint(copy).returncode == 1


def test_every_package_front_holds_a_docstring_and_nothing_else() -> None:
    # screening alone names its four public functions, each loaded when it is first asked for.
    public = ROOT / "src" / "tidegate" / "screening" / "__init__.py"
    for front in set((ROOT / "src" / "tidegate").rglob("__init__.py")) - {public}:
        lines = [line for line in front.read_text(encoding="utf-8").splitlines() if line.strip()]
        assert lines, front
        assert lines[0].startswith('"""'), front
        assert lines[-1].endswith('"""'), front


def test_the_public_functions_of_screening_stand_at_its_front() -> None:
    from tidegate import screening

    for name in ("screen_batch", "compare_names", "match_names", "identify"):
        assert callable(getattr(screening, name))
    with pytest.raises(AttributeError):
        _ = screening.no_such_thing
