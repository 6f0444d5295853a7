"""A built name index as bytes and back, quickly: plain values and arrays, no object that could do anything when read.

A form is needed only where a name comes near it: it is read again from its name when it is asked for. The bytes
(see kept_files) hold for one version of Python and of the screening code; the name under which index_store keeps them
says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any

import numpy as np

from tidegate.engines.kept_files import seal, unseal
from tidegate.screening.kernel import GramIndex
from tidegate.screening.name_entries import ReadForms
from tidegate.screening.name_index import NameIndex
from tidegate.screening.name_pack import Pack
from tidegate.screening.watchlist import ListedParty, Watchlist

MAGIC = b"tidegate-index-3\n"
_party_values = attrgetter(*(field.name for field in fields(ListedParty)))
_LIST_FIELDS = [field.name for field in fields(Watchlist) if field.name != "parties"]


def index_to_bytes(index: NameIndex) -> bytes:
    """Return `index` as bytes. Its parties are those of its lists, in their order."""
    lists = [
        ({name: _plain(getattr(one, name)) for name in _LIST_FIELDS}, [_party_values(party) for party in one.parties])
        for one in index.watchlists
    ]
    grams = index.grams and (index.grams.size, *map(_packed, attrgetter(*_ARRAYS)(index.grams)))
    pack = index.pack and (index.pack.size, tuple(map(_packed, index.pack.buffers)))
    plain = (index.holders, index.doors, index.identifiers, index.features, index.word_parties, index.places)
    told: Any = (lists, plain, grams, pack)
    return seal(MAGIC, told)


def index_from_bytes(data: bytes) -> NameIndex:
    """Return the index that index_to_bytes wrote. Raises ValueError for anything else, or if one bit was changed."""
    lists, plain, grams, pack = unseal(MAGIC, data)
    watchlists = tuple(Watchlist(tuple(ListedParty(*values) for values in parties), **told) for told, parties in lists)
    holders, doors, identifiers, features, word_parties, places = plain
    parties = [party for one in watchlists for party in one.parties]
    return NameIndex(
        watchlists, parties, ReadForms(parties, holders, places, {}), holders, doors, identifiers, features, word_parties,
        grams and GramIndex(grams[0], *map(_unpacked, grams[1:])),
        pack and Pack(pack[0], tuple(map(_unpacked, pack[1]))), places,
    )  # fmt: skip


_ARRAYS = ("idf", "starts", "documents", "weights")


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def _packed(values: Any) -> bytes | tuple[str, bytes]:
    return values if isinstance(values, bytes) else (values.dtype.str, values.tobytes())


def _unpacked(values: Any) -> Any:
    return values if isinstance(values, bytes) else np.frombuffer(values[1], np.dtype(values[0]))
