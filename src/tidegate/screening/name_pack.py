"""Names packed in flat buffers for the native kernel, and the score of many pairs at once.

The layout must equal the structs Token and Form in `_kernel.c`. Without the native kernel the reference in name_score
is called pair by pair: same scores, slower.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tidegate.screening.kernel import Ints
from tidegate.screening.name_keys import NameForm
from tidegate.screening.name_lexicon import PARTICLE, lexicon
from tidegate.screening.name_rarity import rarity_of
from tidegate.screening.name_score import FEATURES, compare_forms, weights
from tidegate.screening.name_token import Token

_TOKEN = struct.Struct("12id")
_FORM = struct.Struct("14i")
_PINYIN, _ABJAD, _LOCAL, SKIPPED, _KIN, _EVERYDAY = 1, 2, 4, 8, 16, 32
_GROUP_CLASS = {"n": 1, "j": 2, "k": 2, "h": 3}
_group_ids: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class Pack:
    """Forms in order, packed: records of forms and tokens, letters, group numbers, Han code points."""

    size: int
    buffers: tuple[bytes, bytes, bytes, npt.NDArray[np.int32], npt.NDArray[np.int32]]


def pack_forms(forms: Iterable[NameForm]) -> Pack:
    """Return `forms` packed, one behind the other."""
    records: list[bytes] = []
    tokens: list[bytes] = []
    letters: list[str] = []
    groups: list[int] = []
    han: list[int] = []
    at = 0
    known: dict[
        int, tuple[str, int, int, int, list[int], tuple[float, ...]]
    ] = {}  # what a token gives, wherever it stands
    forms = list(forms)  # held, so that a token is known by where it lies in memory
    for form in forms:
        starts = []
        for row in (form.tokens, form.syllables):
            starts += [len(tokens), len(row)]
            for token in row:
                told = known.get(id(token))
                if told is None:
                    told = known[id(token)] = _token_values(token)
                its_letters, n, m, k, numbers, rest = told
                letters.append(its_letters)
                tokens.append(_TOKEN.pack(at, n, at + n, m, at + n + m, k, len(groups), len(numbers), *rest))
                at += n + m + k
                groups += numbers
        han_at = len(han)
        if form.han:
            han += map(ord, form.han)
            han += sorted(map(ord, form.han))
        run, ranked = len(form.run), len(form.ranked)
        letters += (form.run, form.ranked)
        records.append(
            _FORM.pack(
                *starts, han_at, len(form.han), han_at + len(form.han), form.kind == "firm", at, run, at + run, ranked,
                form.legal_classes, 0,
            )
        )  # fmt: skip
        at += run + ranked
    joined = "".join(letters).encode("ascii", "replace")
    return Pack(
        len(records),
        (
            b"".join(records),
            b"".join(tokens),
            joined,
            np.array(groups or [0], np.int32),
            np.array(han or [0], np.int32),
        ),
    )


def _token_values(token: Token) -> tuple[str, int, int, int, list[int], tuple[float, ...]]:
    """Return the letters of a token, how many its text, sound and consonants have, its groups, and its other numbers."""
    text, sound, frame = token.text, token.fold, token.bones
    numbers = [_group_ids.get(group) or group_number(group) for group in token.groups]
    rest = (token.kind, token_flags(token), token_initial(token), rarity_of(token), token.weight)
    return text + sound + frame, len(text), len(sound), len(frame), numbers, rest


_FORM_WIDTH, _TOKEN_WIDTH = _FORM.size // 4, _TOKEN.size // 4  # in numbers; the weight takes the last two of a token


def join_packs(packs: Sequence[Pack], chosen: Sequence[int]) -> Pack:
    """Return the `chosen` forms of all `packs` together, as pack_forms packs them. chosen: numbers over all packs."""
    if not packs:
        return pack_forms(())
    if len(packs) == 1 and len(chosen) == packs[0].size and chosen == list(range(len(chosen))):
        return packs[0]
    forms = np.concatenate([_numbers(pack.buffers[0], _FORM_WIDTH) for pack in packs])
    tokens = np.concatenate([_numbers(pack.buffers[1], _TOKEN_WIDTH) for pack in packs])
    letters = np.concatenate([np.frombuffer(pack.buffers[2], np.uint8) for pack in packs])
    groups, han = (np.concatenate([pack.buffers[at] for pack in packs]) for at in (3, 4))
    sizes = [(len(pack.buffers[1]) // _TOKEN.size, *map(len, pack.buffers[2:])) for pack in packs]
    before = np.cumsum([(0, 0, 0, 0), *sizes], axis=0)[:-1].astype(np.int32)  # of tokens, letters, groups, han
    of_form = np.repeat(before, [pack.size for pack in packs], axis=0)
    of_token = np.repeat(before, [size[0] for size in sizes], axis=0)
    forms[:, [0, 2]] += of_form[:, :1]
    forms[:, [8, 10]] += of_form[:, 1:2]
    forms[:, [4, 6]] += of_form[:, 3:]
    tokens[:, [0, 2, 4]] += of_token[:, 1:2]
    tokens[:, [6]] += of_token[:, 2:3]
    # Everything of a form stands in one row: its tokens and syllables, their letters and its own, groups, Han.
    forms = forms[np.array(chosen, np.int64)]
    count = forms[:, 1] + forms[:, 3]
    taken, first = _rows(forms[:, 0], count)
    tokens = tokens[taken]
    last = first + count - 1
    begin = tokens[first, 0], tokens[first, 6], forms[:, 4]
    length = forms[:, 10] + forms[:, 11] - begin[0], tokens[last, 6] + tokens[last, 7] - begin[1], 2 * forms[:, 5]
    (of_letters, letters_at), (of_groups, groups_at), (of_han, han_at) = map(_rows, begin, length)
    forms[:, [2]] += (first - forms[:, 0])[:, None]
    forms[:, 0] = first
    forms[:, [8, 10]] += (letters_at - begin[0])[:, None]
    forms[:, [4, 6]] += (han_at - begin[2])[:, None]
    tokens[:, [0, 2, 4]] += np.repeat(letters_at - begin[0], count)[:, None]
    tokens[:, 6] += np.repeat(groups_at - begin[1], count)
    return Pack(
        len(chosen),
        (
            forms.tobytes(), tokens.tobytes(), letters[of_letters].tobytes(), _or_nought(groups[of_groups]),
            _or_nought(han[of_han]),
        ),
    )  # fmt: skip


def _numbers(records: bytes, width: int) -> npt.NDArray[np.int32]:
    return np.frombuffer(records, np.int32).reshape(-1, width)


def _rows(begin: npt.NDArray[np.int32], length: npt.NDArray[np.int32]) -> tuple[npt.NDArray[np.int64], Ints]:
    """Return the places begin[n] to begin[n] + length[n] of all n after another, and where those of each n begin."""
    end = np.cumsum(length, dtype=np.int64)
    start = end - length
    places = np.arange(end[-1] if len(end) else 0) + np.repeat(begin - start, length)
    return places, start.astype(np.int32)


def _or_nought(values: Ints) -> Ints:
    return values if len(values) else np.zeros(1, np.int32)


def group_number(group: str) -> int:
    """Return the number of a group: the same in every process, since packs are kept; its class in the last two bits."""
    number = (zlib.crc32(group.encode()) & 0x1FFF_FFFF) << 2 | _GROUP_CLASS.get(group[0], 0)
    return _group_ids.setdefault(group, number)


def token_flags(token: Token) -> int:
    """Return the flags of a packed token."""
    flags = (token.pinyin and _PINYIN) | (token.abjad and _ABJAD) | (token.everyday and _EVERYDAY)
    if not token.written.isascii():
        flags |= _LOCAL
    if token.kind == PARTICLE:
        if token.written.lower() in lexicon().skip_initials:
            flags |= SKIPPED
        if token.text in lexicon().kinship:
            flags |= _KIN
    return flags


def token_initial(token: Token) -> int:
    """Return the first letter of a token as written, 255 where it is none of ASCII."""
    first = (token.written[:1] or token.text[:1]).lower()
    return ord(first) if len(first) == 1 and first.isascii() else 255


def score_pairs(
    left: Sequence[NameForm], right: Sequence[NameForm], left_pack: Pack | None, right_pack: Pack | None,
    pairs_left: npt.NDArray[np.int32], pairs_right: npt.NDArray[np.int32],
) -> npt.NDArray[np.float64]:  # fmt: skip
    """Return the score of each pair (left[pairs_left[n]], right[pairs_right[n]]), natively where both are packed."""
    if left_pack is None or right_pack is None:
        return np.fromiter(
            (
                compare_forms(left[i], right[j])[0]
                for i, j in zip(pairs_left.tolist(), pairs_right.tolist(), strict=True)
            ),
            np.float64,
            len(pairs_left),
        )
    return native_scores(left_pack, right_pack, pairs_left, pairs_right)[0]


def native_scores(
    left: Pack,
    right: Pack,
    pairs_left: npt.NDArray[np.int32],
    pairs_right: npt.NDArray[np.int32],
    *,
    features: bool = False,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return (scores, feature rows or an empty array) from the native kernel."""
    from tidegate import _kernel  # type: ignore[attr-defined, unused-ignore]

    table = weights()
    scores = np.empty(len(pairs_left), np.float64)
    rows = np.empty((len(pairs_left) if features else 0, len(FEATURES)), np.float64)
    _kernel.score_pairs(
        left.buffers, right.buffers, np.ascontiguousarray(pairs_left, np.int32), np.ascontiguousarray(pairs_right, np.int32),
        np.array([*table.values, table.intercept]), scores, rows,
    )  # fmt: skip
    return scores, rows


def native_pairs(
    left: Pack, right: Pack, pairs_left: npt.NDArray[np.int32], pairs_right: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int32], bytes]:
    """Return (feature rows, how many words of each pair were taken for the same, records of those) from the kernel."""
    from tidegate import _kernel  # type: ignore[attr-defined, unused-ignore]

    rows = np.empty((len(pairs_left), len(FEATURES)), np.float64)
    counts = np.empty(len(pairs_left), np.int32)
    told: bytes = _kernel.align_pairs(
        left.buffers, right.buffers, np.ascontiguousarray(pairs_left, np.int32), np.ascontiguousarray(pairs_right, np.int32),
        counts, rows,
    )  # fmt: skip
    return rows, counts, told
