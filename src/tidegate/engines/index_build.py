"""Building a name index on several processors: reading the names is most of the work, and each name is read alone.

A forked child reads its share of the names and sends back plain values; this process reads its own share meanwhile. A
child that fails costs time, nothing else: its share is read here.
"""

from __future__ import annotations

import marshal
import multiprocessing
import os
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any

from tidegate.engines.kept_index import KeptForms, forms_to_plain
from tidegate.screening.batches import collector_at_rest
from tidegate.screening.name_index import build_index, read_forms
from tidegate.screening.name_keys import NameForm
from tidegate.screening.names import NameIndex
from tidegate.screening.watchlist import Watchlist

MANY_NAMES = 1_500  # below this a child costs more than it saves
MOST_WORKERS = 8
_OWN_SHARE = 1.25  # of a child's: what a child read must also be sent

Name = tuple[str, str | None]  # as written, and the kind of its party


def build_index_spread(watchlists: Sequence[Watchlist], workers: int | None = None) -> NameIndex:
    """Return the index that build_index gives. workers: processes at work; None takes those of this machine."""
    names: list[Name] = list(
        dict.fromkeys(
            (name, party.kind or None)
            for watchlist in watchlists
            for party in watchlist.parties
            for name in (*party.names, *party.weak_names)
        )
    )
    if len(names) < MANY_NAMES or not may_spread(workers):
        return build_index(watchlists)
    count = min(workers or usable_processors(), MOST_WORKERS)
    with collector_at_rest():
        own = int(len(names) * _OWN_SHARE / (count - 1 + _OWN_SHARE))
        read_forms(names[0][0], names[0][1])  # the tables are loaded once, before there are two of us
        step = -(-(len(names) - own) // (count - 1))
        shares = [names[start : start + step] for start in range(own, len(names), step)]
        children = [(share, *_start(share)) for share in shares]
        known: dict[Name, Sequence[NameForm]] = {name: read_forms(*name) for name in names[:own]}
        for share, process, receiver in children:
            known.update(_received(share, receiver))
            process.join()
        return build_index(watchlists, known=known)


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


def _read_share(share: Sequence[Name], sender: Connection) -> None:
    forms: list[NameForm] = []
    counts = []
    with collector_at_rest():
        for name in share:
            found = read_forms(*name)
            counts.append(len(found))
            forms += found
        told: Any = (counts, forms_to_plain(forms))
        sender.send_bytes(marshal.dumps(told))
    sender.close()


def _received(share: Sequence[Name], receiver: Connection) -> dict[Name, Sequence[NameForm]]:
    try:
        counts, plain = marshal.loads(receiver.recv_bytes())  # noqa: S302  # from our own child
    except (EOFError, OSError):
        return {}
    finally:
        receiver.close()
    forms = KeptForms(*plain)
    known: dict[Name, Sequence[NameForm]] = {}
    at = 0
    for name, count in zip(share, counts, strict=True):
        known[name] = forms[at : at + count]
        at += count
    return known
