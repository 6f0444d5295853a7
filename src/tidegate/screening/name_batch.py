"""Many plain names made ready at once: packed tokens, 3-grams and exact keys, as name_keys and name_pack give them.

Natively in `tidegate._names` where the wheel has it and the shape of a name is known (name_shapes); every other name is
left to the caller, who reads it by the rules. The answer is the same: a test holds both together.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tidegate.screening import kernel
from tidegate.screening.kernel import Rows
from tidegate.screening.name_clean import plain_marks
from tidegate.screening.name_keys import RAW_ASCII, analyse
from tidegate.screening.name_lexicon import LEGAL, lexicon
from tidegate.screening.name_pack import Pack
from tidegate.screening.name_shapes import REFUSED, Class, brand_record, shape_record, word_class, word_record
from tidegate.screening.name_token import Token
from tidegate.screening.native import load_native

_native = load_native("_names")  # None: Python does the same

NATIVE = _native is not None and kernel.NATIVE
_MOST_WORDS = 300_000  # then the table is made anew, so that a service that runs for months does not grow
_MOST_CLASSES = 60_000
_SAMPLE = 1_000
_DONE, _UNKNOWN = 0, 2
_TURNS = 5  # words, then shapes, then words that shapes join; what is still missing then waits for the next batch


@dataclass(frozen=True, slots=True)
class Prepared:
    """places: which of the names are ready, in order. pack, rows, doors: theirs; door_owner: whose each key is."""

    places: npt.NDArray[np.int32]
    pack: Pack
    rows: Rows
    doors: list[str]
    door_owner: npt.NDArray[np.int32]


def prepare(names: Sequence[str]) -> list[Prepared]:
    """Return what of `names` could be made ready, in one or more parts."""
    if not NATIVE or not names:
        return []
    with _lock:
        return _words().prepare(names)


def share_ready(names: Sequence[str]) -> float:
    """Return about which share of `names` can be made ready natively, by a sample of them."""
    sample = names[:: max(1, len(names) // _SAMPLE)]
    return sum(len(ready.places) for ready in prepare(sample)) / max(1, len(sample))


class _Words:
    """What was learned of words and shapes."""

    def __init__(self) -> None:
        table = lexicon()
        legal = [key for key, phrase in table.phrases.items() if phrase.kind == LEGAL and " " not in key]
        sets = (table.address_words, table.branch_words, legal, plain_marks())
        self.table = _native.table(*("\n".join(sorted(one)).encode() for one in sets))
        self.classes: dict[Class, int] = {}
        self.known: dict[str, tuple[str, Class, Token]] = {}
        self.seen: dict[bytes, str] = {}  # shape -> the first name that had it, "" once it is learned

    def prepare(self, names: Sequence[str]) -> list[Prepared]:
        found: list[Prepared] = []
        left = np.arange(len(names), dtype=np.int32)
        for _ in range(_TURNS):
            asked = names if len(left) == len(names) else [names[at] for at in left.tolist()]
            missing, shapes, *told, status = _native.prepare(self.table, asked)
            told_of = np.frombuffer(status, np.uint8)
            done = left[told_of == _DONE]
            if len(done):
                found.append(_prepared(done, told))
            self._learn_words(missing)
            learned = self._learn_shapes(shapes, asked)
            left = left[told_of == _UNKNOWN]
            if not len(left) or not (missing or learned):
                break
        return found

    def _learn_words(self, keys: bytes) -> None:
        for key in dict.fromkeys(keys.split(b"\n")[:-1]):
            text = key[1:].decode("ascii")
            _native.learn(self.table, key, brand_record(text) if key[:1] == b"j" else self._word(text))

    def _word(self, source: str) -> bytes:
        told = word_class(source)
        if told is None:
            return REFUSED
        sort, token = told
        number = self.classes.setdefault(sort, len(self.classes) + 1)
        if number > _MOST_CLASSES:
            return REFUSED
        self.known[source] = (source, sort, token)
        return word_record(number, token)

    def _learn_shapes(self, shapes: bytes, names: Sequence[str]) -> bool:
        """Learn the shapes met for the second time, and tell whether there were any; a shape of one name is not worth it."""
        learned = False
        for place, key in _shapes(shapes):
            first = self.seen.setdefault(key, names[place])
            if first and first != names[place]:
                record = self._shape(names[place])
                _native.learn(self.table, key, record if record == self._shape(first) else REFUSED)
                self.seen[key] = ""
                learned = learned or bool(record)
        return learned

    def _shape(self, name: str) -> bytes:
        forms = analyse(name)
        words = [self.known.get(source) for source in RAW_ASCII.findall(name)]
        known = [word for word in words if word is not None]
        return shape_record(forms[0], known) if len(forms) == 1 and len(known) == len(words) else REFUSED


def _prepared(places: npt.NDArray[np.int32], told: Sequence[bytes]) -> Prepared:
    forms, tokens, letters, groups, starts, columns, doors, counts = told
    numbers = np.frombuffer(groups or bytes(4), np.int32)
    return Prepared(
        places,
        Pack(len(places), (forms, tokens, letters, numbers, np.zeros(1, np.int32))),
        Rows(np.frombuffer(starts, np.int64), np.frombuffer(columns, np.int32)),
        doors.decode("ascii").split("\n")[:-1],
        np.repeat(np.arange(len(places), dtype=np.int32), np.frombuffer(counts, np.int32)),
    )


def _shapes(told: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(told):
        place, size = struct.unpack_from("=2i", told, at)
        yield place, told[at + 8 : at + 8 + size]
        at += 8 + size


_lock = threading.Lock()
_held: list[_Words] = []


def _words() -> _Words:
    if _held and (len(_held[0].known) > _MOST_WORDS or len(_held[0].classes) > _MOST_CLASSES):
        _held.clear()
    if not _held:
        _held.append(_Words())
    return _held[0]
