import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tidegate.screening.native import FORMS, load_native

SOURCES = Path(__file__).resolve().parents[2] / "src" / "tidegate"


@pytest.mark.parametrize("name", sorted(FORMS))
def test_the_form_in_c_is_the_one_that_python_asks_for(name):
    assert re.findall(r"#define FORM (\d+)", (SOURCES / f"{name}.c").read_text(encoding="utf-8")) == [str(FORMS[name])]


def test_a_module_of_an_older_form_is_not_used(monkeypatch):
    older = ModuleType("tidegate._kernel")
    monkeypatch.setitem(sys.modules, "tidegate._kernel", older)
    assert load_native("_kernel") is None
    older.FORM = FORMS["_kernel"]
    assert load_native("_kernel") is older


def test_a_module_that_was_not_built_is_none(monkeypatch):
    monkeypatch.setitem(sys.modules, "tidegate._goods", None)
    assert load_native("_goods") is None
