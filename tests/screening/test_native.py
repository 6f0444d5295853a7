import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tidegate.screening.native import FORMS, load_native

ROOT = Path(__file__).resolve().parents[2]


def sources(name):
    return sorted((ROOT / "native" / name.lstrip("_")).glob("*.c")) or [ROOT / "src" / "tidegate" / f"{name}.c"]


@pytest.mark.parametrize("name", sorted(FORMS))
def test_the_form_in_c_is_the_one_that_python_asks_for(name):
    told = "".join(path.read_text(encoding="utf-8") for path in sources(name))
    assert re.findall(r"#define FORM (\d+)", told) == [str(FORMS[name])]


def test_a_module_of_an_older_form_is_not_used(monkeypatch):
    older = ModuleType("tidegate._kernel")
    monkeypatch.setitem(sys.modules, "tidegate._kernel", older)
    assert load_native("_kernel") is None
    older.FORM = FORMS["_kernel"]
    assert load_native("_kernel") is older


def test_a_module_that_was_not_built_is_none(monkeypatch):
    monkeypatch.setitem(sys.modules, "tidegate._goods", None)
    assert load_native("_goods") is None
