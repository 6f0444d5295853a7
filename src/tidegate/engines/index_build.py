"""Building a name index on several processors: reading the names is most of the work, and each name is read alone.

A forked child reads its share of the names and sends back plain values; this process reads its own share meanwhile. A
child that fails costs time, nothing else: its share is read here.
"""

from __future__ import annotations

import marshal
import multiprocessing
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from tidegate.screening.batches import collector_at_rest
from tidegate.screening.name_entries import Name, Share, read_share
from tidegate.screening.name_index import build_index, listed_names
from tidegate.screening.name_pack import Pack
from tidegate.screening.names import NameIndex
from tidegate.screening.watchlist import Watchlist

MANY_NAMES = 1_500  # below this a child costs more than it saves
MOST_WORKERS = 8
_OWN_SHARE = 1.25  # of a child's: what a child read must also be sent


def build_index_spread(watchlists: Sequence[Watchlist], workers: int | None = None) -> NameIndex:
    """Return the index that build_index gives. workers: processes at work; None takes those of this machine."""
    return start_index(watchlists, workers)()


def start_index(
    watchlists: Sequence[Watchlist], workers: int | None = None, *, busy: int = 0
) -> Callable[[], NameIndex]:
    """Have other processes begin with the names; return the function that does our own share, waits and gives the index.

    busy: how many names could be read in the time that this process has other work before it asks.
    """
    names = listed_names(watchlists)
    if len(names) < MANY_NAMES or not may_spread(workers):
        return lambda: build_index(watchlists)
    children = min(workers or usable_processors(), MOST_WORKERS) - 1
    own = max(1, int((len(names) - busy * children) * _OWN_SHARE / (children + _OWN_SHARE)))
    with collector_at_rest():
        read_share(names[:1])  # the tables are loaded once, before there are two of us
        step = -(-(len(names) - own) // children)
        started = [
            (names[start : start + step], *_start(names[start : start + step]))
            for start in range(own, len(names), step)
        ]

    def finish() -> NameIndex:
        with collector_at_rest():
            shares = [replace(read_share(names[:own]), forms=())]  # a form is made again where a name comes near it
            for asked, process, receiver in started:
                shares.append(_received(asked, receiver))
                process.join()
            return build_index(watchlists, shares)

    return finish


def may_spread(workers: int | None) -> bool:
    """Tell whether work may go to children: there is more than one processor for it, and the system can fork."""
    return (workers or usable_processors()) > 1 and "fork" in multiprocessing.get_all_start_methods()


def usable_processors() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _start(share: Sequence[Name]) -> tuple[Any, Connection]:
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_read_share, args=(share, sender), daemon=True)
    process.start()
    sender.close()  # the child's end; with ours closed too, a child that dies is noticed
    return process, receiver


def _read_share(names: Sequence[Name], sender: Connection) -> None:
    with collector_at_rest():
        share = read_share(names)
        forms, tokens, letters, groups, han = share.pack.buffers
        buffers = (forms, tokens, letters, groups.tobytes(), han.tobytes())
        told: Any = (list(share.counts), list(share.entries), (share.pack.size, buffers))
        sender.send_bytes(marshal.dumps(told))
    sender.close()


def _received(names: Sequence[Name], receiver: Connection) -> Share:
    try:
        counts, entries, (size, buffers) = marshal.loads(receiver.recv_bytes())  # noqa: S302  # from our own child
    except (EOFError, OSError):
        return read_share(names)
    finally:
        receiver.close()
    forms, tokens, letters, *numbers = buffers
    groups, han = (np.frombuffer(one, np.int32) for one in numbers)
    return Share(names, counts, entries, Pack(size, (forms, tokens, letters, groups, han)))
