"""Batches: the collector rests while one is compared.

A batch makes many small values and no circles, while the index of a list holds a million values that a full collection
would walk again and again. Reference counting frees everything a batch made.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Switch the cyclic collector off for the block, and on again if it was on."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
