"""The native modules, where a compiler made them; Python does the same without.

Each C file tells its form, a number that goes up with every change of what its functions take or give. A module of
another form, left over from an older installation, is not used: called in the wrong way it could not be trusted.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

FORMS = {"_kernel": 3, "_goods": 3, "_names": 1}  # as `FORM` in the C file of that name


def load_native(name: str) -> Any:
    """Return the module tidegate.`name`, None where it was not built or is of another form."""
    try:
        found = import_module(f"tidegate.{name}")
    except ImportError:
        return None
    return found if getattr(found, "FORM", 0) == FORMS[name] else None
