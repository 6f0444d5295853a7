"""Batches: the collector rests while one is compared.

A batch makes many small values and no circles, while the index of a list holds a million values that a full collection
would walk again and again. Reference counting frees everything a batch made. What outlives it is put among the old
values at once, so that its end costs no walk either.
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
            if gc.get_freeze_count() == 0:  # else somebody froze values of their own: these must stay so
                gc.freeze()
                gc.unfreeze()
            gc.enable()
