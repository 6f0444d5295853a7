"""A built name index as bytes and back, quickly: plain values and arrays, no object that could do anything when read.

A form is needed only where a name comes near it, so forms are made when they are asked for. Bytes: MAGIC, 16 bytes of
BLAKE2b over the rest, then one marshal value. They hold for one version of Python and of the screening code; the name
under which index_store keeps them says which.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, overload

import numpy as np

from tidegate.screening.kernel import GramIndex
from tidegate.screening.name_index import NameIndex
from tidegate.screening.name_keys import NameForm
from tidegate.screening.name_pack import Pack
from tidegate.screening.name_token import Token
from tidegate.screening.watchlist import ListedParty, Watchlist

MAGIC = b"tidegate-index-2\n"
_DIGEST_BYTES = 16
_token_values = attrgetter(*(field.name for field in fields(Token)))
_form_values = attrgetter(*(field.name for field in fields(NameForm)))
_party_values = attrgetter(*(field.name for field in fields(ListedParty)))
_LIST_FIELDS = [field.name for field in fields(Watchlist) if field.name != "parties"]
_TOKENS, _SYLLABLES = (
    [field.name for field in fields(NameForm)].index(name) for name in ("tokens", "syllables")
)  # fmt: skip


class KeptForms(Sequence[NameForm]):
    """The forms of an index in order, each made when it is first asked for.

    rows: the values of each form, its tokens and syllables as numbers into `tokens`, which holds the values of each.
    """

    __slots__ = ("_made", "_made_tokens", "_rows", "_tokens")

    def __init__(self, rows: list[tuple[Any, ...]], tokens: list[tuple[Any, ...]]) -> None:
        self._rows, self._tokens = rows, tokens
        self._made: dict[int, NameForm] = {}
        self._made_tokens: dict[int, Token] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> NameForm: ...

    @overload
    def __getitem__(self, at: slice) -> list[NameForm]: ...

    def __getitem__(self, at: int | slice) -> NameForm | list[NameForm]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        form = self._made.get(at)
        if form is None:
            values = list(self._rows[at])
            for place in (_TOKENS, _SYLLABLES):
                values[place] = tuple(map(self._token, values[place]))
            form = self._made[at] = NameForm(*values)
        return form

    def _token(self, number: int) -> Token:
        token = self._made_tokens.get(number)
        if token is None:
            token = self._made_tokens[number] = Token(*self._tokens[number])
        return token


def index_to_bytes(index: NameIndex) -> bytes:
    """Return `index` as bytes. Its parties are those of its lists, in their order."""
    lists = [
        ({name: _plain(getattr(one, name)) for name in _LIST_FIELDS}, [_party_values(party) for party in one.parties])
        for one in index.watchlists
    ]
    grams = index.grams and (index.grams.size, *map(_packed, attrgetter(*_ARRAYS)(index.grams)))
    pack = index.pack and (index.pack.size, tuple(map(_packed, index.pack.buffers)))
    plain = (index.holders, index.doors, index.identifiers, index.features, index.word_parties)
    told: Any = (lists, forms_to_plain(index.forms), plain, grams, pack)
    body = marshal.dumps(told)
    return MAGIC + hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest() + body


def index_from_bytes(data: bytes) -> NameIndex:
    """Return the index that index_to_bytes wrote. Raises ValueError for anything else, or if one bit was changed."""
    start = len(MAGIC) + _DIGEST_BYTES
    body = memoryview(data)[start:]
    if (
        not data.startswith(MAGIC)
        or hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest() != data[len(MAGIC) : start]
    ):
        raise ValueError("these bytes are no kept index")
    lists, forms, plain, grams, pack = marshal.loads(body)  # noqa: S302  # whole, as this very program wrote it
    watchlists = tuple(Watchlist(tuple(ListedParty(*values) for values in parties), **told) for told, parties in lists)
    holders, doors, identifiers, features, word_parties = plain
    return NameIndex(
        watchlists, [party for one in watchlists for party in one.parties], KeptForms(*forms), holders, doors, identifiers,
        features, word_parties, grams and GramIndex(grams[0], *map(_unpacked, grams[1:])),
        pack and Pack(pack[0], tuple(map(_unpacked, pack[1]))),
    )  # fmt: skip


def forms_to_plain(forms: Sequence[NameForm]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return the values of `forms`, and of their tokens, each once: what KeptForms makes forms of."""
    numbers: dict[tuple[Any, ...], int] = {}
    known: dict[int, int] = {}  # a token object seen before needs no second look at its values
    rows = []

    def number(token: Token) -> int:
        found = known.get(id(token))
        if found is None:
            found = known[id(token)] = numbers.setdefault(_token_values(token), len(numbers))
        return found

    for form in forms:
        values = list(_form_values(form))
        values[_TOKENS], values[_SYLLABLES] = tuple(map(number, form.tokens)), tuple(map(number, form.syllables))
        rows.append(tuple(values))
    return rows, list(numbers)


_ARRAYS = ("idf", "starts", "documents", "weights")


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def _packed(values: Any) -> bytes | tuple[str, bytes]:
    return values if isinstance(values, bytes) else (values.dtype.str, values.tobytes())


def _unpacked(values: Any) -> Any:
    return values if isinstance(values, bytes) else np.frombuffer(values[1], np.dtype(values[0]))
