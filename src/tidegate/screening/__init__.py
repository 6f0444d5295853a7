"""What is found in a record, and why. Pure: no disk, network, clock or environment.

The four functions that programs call stand here by name; each is loaded when it is first asked for, so that importing
the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tidegate.screening.identification import identify as identify
    from tidegate.screening.names import compare_names as compare_names
    from tidegate.screening.names import match_names as match_names
    from tidegate.screening.pipeline import screen_batch as screen_batch

_ROOMS = {"screen_batch": "pipeline", "compare_names": "names", "match_names": "names", "identify": "identification"}


def __getattr__(name: str) -> Any:
    """Load one of the public functions on first use."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
