"""The kernel of the name screen: pruned character 3-grams, tf-idf, best k by cosine, over whole batches.

Natively in `tidegate._kernel` (C, stable ABI) where the wheel has it, else with numpy: same arguments, same answer.
Ties at the k-th place are kept by lower document number in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tidegate.screening.native import load_native

_native = load_native("_kernel")  # None: Python does the same

NATIVE = _native is not None
GRAMS = 64_000  # 40 letters to the power of 3
MAX_SHARE = 0.03  # grams found in more names than this cost most and tell least
_CODES = np.full(256, 39, np.int32)
_CODES[ord("a") : ord("z") + 1] = np.arange(1, 27)
_CODES[ord("0") : ord("9") + 1] = np.arange(27, 37)
_CODES[ord(" ")], _CODES[ord("^")], _CODES[ord("$")] = 0, 37, 38

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse rows: the features of row i are columns[starts[i]:starts[i+1]], sorted, each once."""

    starts: npt.NDArray[np.int64]
    columns: Ints


@dataclass(frozen=True, slots=True)
class GramIndex:
    """Postings by feature: documents[starts[g]:starts[g+1]] hold feature g with these weights (unit length rows)."""

    size: int
    idf: Floats
    starts: npt.NDArray[np.int64]
    documents: Ints
    weights: Floats

    def search(self, rows: Rows, *, k: int = 20, least: float = 0.15) -> tuple[Ints, Ints, Floats]:
        """Return (row, document, cosine) of the best `k` documents of each row with a cosine of at least `least`."""
        if self.size == 0 or len(rows.starts) < 2:
            empty = np.zeros(0, np.int32)
            return empty, empty, np.zeros(0, np.float32)
        if _native is not None:
            return _search_native(self, rows, k, least)
        return _search_numpy(self, rows, k, least)


def gram_rows(texts: Sequence[str], extra: Sequence[Sequence[int]] | None = None) -> Rows:
    """Return the 3-gram features of each text (ASCII), and its `extra` features (numbers from GRAMS up)."""
    n = len(texts)
    joined = " ".join(texts).encode("ascii", "replace")
    codes = _CODES[np.frombuffer(joined, np.uint8)]
    lengths = np.fromiter((len(text) for text in texts), np.int64, n)
    begin = np.zeros(n, np.int64)
    np.cumsum(lengths[:-1] + 1, out=begin[1:]) if n else None
    counts = np.maximum(lengths - 2, 0)
    owner = np.repeat(np.arange(n, dtype=np.int64), counts)
    within = np.arange(counts.sum(), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    at = np.repeat(begin, counts) + within
    grams = codes[at].astype(np.int64) * 1600 + codes[at + 1] * 40 + codes[at + 2] if len(at) else np.zeros(0, np.int64)
    span = GRAMS
    if extra is not None:
        more = np.fromiter((item for row in extra for item in row), np.int64)
        if len(more):
            span = max(span, int(more.max()) + 1)
            owner = np.concatenate([owner, np.repeat(np.arange(n), np.fromiter(map(len, extra), np.int64, n))])
            grams = np.concatenate([grams, more])
    keys = np.sort(owner * span + grams)
    keys = keys[np.append(True, keys[1:] != keys[:-1])] if len(keys) else keys
    owner, grams = keys // span, keys % span
    starts = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=n), out=starts[1:])
    return Rows(starts, grams.astype(np.int32))


def build_gram_index(rows: Rows, width: int) -> GramIndex:
    """Return the postings of `rows` (one row a listed name), features found in over MAX_SHARE of them left out."""
    n = len(rows.starts) - 1
    counts = np.bincount(rows.columns, minlength=width)
    idf = (np.log((1 + n) / (1 + counts)) + 1).astype(np.float32)
    owner = np.repeat(np.arange(n, dtype=np.int64), np.diff(rows.starts))
    values = idf[rows.columns]
    norms = np.sqrt(np.bincount(owner, weights=values.astype(np.float64) ** 2, minlength=n))
    values = (values / np.maximum(norms, 1e-9)[owner]).astype(np.float32)
    limit = np.full(width, max(MAX_SHARE * n, 60))
    limit[GRAMS:] = max(0.10 * n, 60)  # readings of syllables are few and must stay
    kept = counts[rows.columns] <= limit[rows.columns]
    columns, owner, values = rows.columns[kept], owner[kept], values[kept]
    order = np.argsort(columns, kind="stable")
    starts = np.zeros(width + 1, np.int64)
    np.cumsum(np.bincount(columns, minlength=width), out=starts[1:])
    return GramIndex(n, idf, starts, owner[order].astype(np.int32), np.ascontiguousarray(values[order]))


def _row_values(index: GramIndex, rows: Rows) -> Floats:
    known = rows.columns < len(index.idf)
    values = np.where(known, index.idf[np.minimum(rows.columns, len(index.idf) - 1)], 0).astype(np.float32)
    owner = np.repeat(np.arange(len(rows.starts) - 1), np.diff(rows.starts))
    norms = np.sqrt(np.bincount(owner, weights=values.astype(np.float64) ** 2, minlength=len(rows.starts) - 1))
    return (values / np.maximum(norms, 1e-9)[owner]).astype(np.float32)


def _search_numpy(index: GramIndex, rows: Rows, k: int, least: float) -> tuple[Ints, Ints, Floats]:
    values = _row_values(index, rows)
    found: list[tuple[Ints, Ints, Floats]] = []
    for row in range(len(rows.starts) - 1):
        total = np.zeros(index.size, np.float32)
        for at in range(rows.starts[row], rows.starts[row + 1]):
            gram = rows.columns[at]
            if gram < len(index.idf):
                low, high = index.starts[gram], index.starts[gram + 1]
                total[index.documents[low:high]] += values[at] * index.weights[low:high]
        hits = np.flatnonzero(total >= least)
        best = hits[np.argsort(-total[hits], kind="stable")[:k]].astype(np.int32)
        found.append((np.full(len(best), row, np.int32), best, total[best]))
    if not found:
        empty = np.zeros(0, np.int32)
        return empty, empty, np.zeros(0, np.float32)
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))  # type: ignore[return-value]


def _search_native(index: GramIndex, rows: Rows, k: int, least: float) -> tuple[Ints, Ints, Floats]:
    n = len(rows.starts) - 1
    out_row, out_document = np.empty(n * k, np.int32), np.empty(n * k, np.int32)
    out_score = np.empty(n * k, np.float32)
    count = _native.search(
        rows.starts, rows.columns, _row_values(index, rows), index.starts, index.documents, index.weights, index.size,
        len(index.idf), k, float(least), out_row, out_document, out_score,
    )  # fmt: skip
    return out_row[:count].copy(), out_document[:count].copy(), out_score[:count].copy()
