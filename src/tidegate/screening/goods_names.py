"""Names in a goods text: every register name found, longest first, and how surely it names the item."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Literal, NamedTuple

import numpy as np
from rapidfuzz.distance import OSA

from tidegate.screening.goods_fold import SEPARATORS, Folded, fold_goods, is_han, kept_places, squash
from tidegate.screening.goods_index import SLIP_LENGTH, Entry, GoodsIndex, machine_words
from tidegate.screening.goods_text import Standing, has_context, is_about, is_other_code, standing_of
from tidegate.screening.goods_words import words

_SCORES = {
    "named": 1.0,
    "salt": 0.97,
    "slip": 0.8,
    "code-supported": 0.9,
    "code": 0.5,
    "pinyin": 0.5,
    "ester": 0.6,
    "family": 0.6,
    "machine": 1.0,
}
_KEPT = np.array([chr(code) not in SEPARATORS for code in range(256)])  # the last one stands for all that come after it
_PLAIN_AFTER = re.compile(r"[ ,;.)]*$|[;|]| cas[ :#]| ?[1-9]\d*(?:\.\d+)? ?%")
# A changed letter in these places makes another chemical, not a slip.
_MEANING = re.compile(
    r"(?:yl|oyl|ine|ane|ene|yne|one|ol|al|ide|ate|ite|ic|ous|ino|eno|ano|ona|ina|ido|ato|ito|ico|oso)$"
)


class NameSeen(NamedTuple):
    """One name seen. how: named, salt, slip, code-supported, code, pinyin, ester or family (see `_SCORES`)."""

    item_id: str
    how: str
    score: float
    span: tuple[int, int]  # in the text as written
    written: str
    known_as: str
    key: str


class _Candidate(NamedTuple):
    number: int  # of the key
    start: int  # in the folded text
    end: int
    length: int  # of the key


def names_in(
    text: str, index: GoodsIndex, *, chemical: bool = False, supported: Collection[str] = ()
) -> list[NameSeen]:
    """Return the register items that one `text` names, see `names_in_rows`."""
    return names_in_rows([text], index, [chemical], [supported])[0]


def names_in_rows(
    texts: Sequence[str], index: GoodsIndex, chemical: Sequence[bool], supported: Sequence[Collection[str]]
) -> list[list[NameSeen]]:
    """Return for each text the register items that it names, in order of place.

    chemical: the row shows by number or tariff chapter that it is about chemicals, so that bare codes may count.
    supported: items that a number, key or tariff code on the row names too.
    """
    folded = [fold_goods(text) for text in texts]
    candidates, halves = _sought(index, folded)
    seen: list[list[NameSeen]] = [[] for _ in texts]
    for row in sorted({*candidates, *halves}):
        taken: list[tuple[int, int]] = []
        names = (
            _judged(candidates[row], folded[row], texts[row], index, chemical[row], supported[row], taken)
            if row in candidates
            else []
        )
        if row in halves:
            names.extend(_slips(folded[row], texts[row], index, taken))
        if names and is_about(folded[row].text):
            names = [name for name in names if name.item_id.startswith("eq-")]
        if len(names) > 1:
            names.sort(key=lambda name: name.span)
            names = _without_shadow(_without_owner(names, texts[row]))
        seen[row] = names
    return seen


def _sought(index: GoodsIndex, folded: Sequence[Folded]) -> tuple[dict[int, list[_Candidate]], set[int]]:
    """Return row -> raw matches, placed in the row's folded text, and the rows where half of a long name stands alone."""
    joined = "\n".join(row.text for row in folded)  # a folded text holds no line break
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)
    places = np.flatnonzero(_KEPT[np.minimum(codes, len(_KEPT) - 1)])
    squashed = codes[places].tobytes().decode("utf-32-le")
    raw = index.fine.find_matches_as_indexes(squashed, overlapping=True)
    parts = index.halves.find_matches_as_indexes(squashed, overlapping=True)
    edges = np.cumsum([0, *(len(row.text) + 1 for row in folded)])
    found: dict[int, list[_Candidate]] = {}
    if raw:
        number, begin, end = np.fromiter(chain.from_iterable(raw), dtype=np.int64, count=3 * len(raw)).reshape(-1, 3).T
        first, last = places[begin], places[end - 1] + 1
        rows = np.searchsorted(edges, first, side="right") - 1
        first, last = first - edges[rows], last - edges[rows]
        columns = (rows.tolist(), number.tolist(), first.tolist(), last.tolist(), (end - begin).tolist())
        for row, key, start, upto, length in zip(*columns, strict=True):
            found.setdefault(row, []).append(_Candidate(key, start, upto, length))
    alone: set[int] = set()
    if parts:
        _, begin, end = np.fromiter(chain.from_iterable(parts), dtype=np.int64, count=3 * len(parts)).reshape(-1, 3).T
        first, last = places[begin], places[end - 1] + 1
        rows = np.searchsorted(edges, first, side="right") - 1
        first, last = first - edges[rows], last - edges[rows]
        for row, start, upto in zip(*map(np.ndarray.tolist, (rows, first, last)), strict=True):
            if row not in alone and not any(held[1] <= start and upto <= held[2] for held in found.get(row, ())):
                alone.add(row)
    return found, alone


def _judged(
    candidates: list[_Candidate], folded: Folded, text: str, index: GoodsIndex, chemical: bool, supported: Collection[str],
    taken: list[tuple[int, int]],
) -> list[NameSeen]:  # fmt: skip
    """Return the names among the raw matches, the longest judged first; `taken` gets the spans that were settled."""
    if len(candidates) > 1:
        candidates.sort(key=_longest_first)
    plain = _plainly(candidates, folded, text, index)
    if plain is not None:
        taken.append((candidates[0].start, candidates[0].end))
        return [plain]
    held: list[tuple[int, int, bool]] = []
    seen: list[NameSeen] = []
    waiting: list[tuple[Entry, _Candidate]] = []
    context: bool | None = True if chemical else None
    for found in candidates:
        _, begin, upto, _ = found
        # A name that is no more than the tail of a longer one, wrongly cut, leaves the longer one its place.
        if held and any(begin < end and start < upto and (sure or start <= begin) for start, end, sure in held):
            continue
        entries = index.entries[found.number]
        if not _holds_together(folded.text, found, entries):
            continue
        verdict = _verdict(folded.text, found, entries, candidates)
        if verdict == "none":
            continue
        taken.append((begin, upto))
        held.append((begin, upto, verdict not in ("other", "thing", "stem")))
        for entry in entries:
            if entry.weak and context is None:
                context = has_context(folded.text)
            how = _how(entry, verdict, found, folded.text, bool(context), supported, candidates, index)
            if how == "needs-context":
                waiting.append((entry, found))
            elif how:
                seen.append(_seen(entry, how, begin, upto, folded, text, index.keys[found.number]))
    if waiting and any(name.how in ("named", "salt") for name in seen):  # a chemical beside it is context enough
        seen.extend(
            _seen(entry, "code", found.start, found.end, folded, text, index.keys[found.number])
            for entry, found in waiting
        )
    return seen


def _plainly(candidates: list[_Candidate], folded: Folded, text: str, index: GoodsIndex) -> NameSeen | None:
    """Return the one name of a row where nothing stands near it that could change what it says, else None.

    Only a shorter way to what `standing_of` would answer: most goods texts are this plain.
    """
    number, start, end, length = candidates[0]
    entries = index.entries[number]
    entry = entries[0]
    if (
        len(entries) > 1
        or entry.kind != "substance"
        or entry.weak
        or entry.short
        or (end - start != length and length <= 14)
    ):
        return None
    row = folded.text
    if start:
        left = row[:start].rstrip()
        mark = left[-1:]
        if mark in ("/", ",", "&"):  # a list: what was said before it might reach the name
            if not row.isascii() or not words().free_words.isdisjoint(left.replace("-", " ").split()):
                return None
        elif mark.isdigit():
            if row[start - 1] != " " or not left.rsplit(None, 1)[-1].isdigit():
                return None
        elif mark and mark not in ";:|(%":
            return None
    if not _PLAIN_AFTER.match(row, end) or any(other.start < start or end < other.end for other in candidates):
        return None
    return _seen(entry, "named", start, end, folded, text, index.keys[number])


def _longest_first(found: _Candidate) -> tuple[int, int]:
    return (-found.length, found.start)


def _holds_together(folded: str, found: _Candidate, entries: tuple[Entry, ...]) -> bool:
    """Tell whether what stands inside the match can belong to one name: not the end of one word and the start of another."""
    inside = folded[found.start : found.end]
    joints = len(inside) - found.length
    if joints == 0 or found.length > 14:
        return True
    if any(entry.short for entry in entries) and joints > max(entry.joints for entry in entries) * 3:
        return False
    if joints and all(entry.short and entry.joints == 0 for entry in entries):
        return False
    loose_commas = len(re.findall(r",(?!\d)|(?<!\d),", inside))
    return loose_commas <= max(entry.commas for entry in entries) and "  " not in inside.replace(" - ", "-")


def _verdict(
    folded: str, found: _Candidate, entries: tuple[Entry, ...], candidates: list[_Candidate]
) -> Standing | Literal["stem"]:
    entry = entries[0]
    others = [(other.start, other.end) for other in candidates if other.start >= found.end or other.end <= found.start]
    if entry.kind in ("equipment", "alike"):
        return _machine_standing(folded, found, entry)
    if entry.kind == "family":
        return _stem_standing(folded, found, others)
    verdict = standing_of(folded, found.start, found.end, short=all(e.short for e in entries), others=others)
    if verdict in ("none", "other") and any(e.kind == "family" for e in entries):
        return "stem" if _stem_standing(folded, found, others) == "named" else verdict
    return verdict


def _stem_standing(folded: str, found: _Candidate, others: list[tuple[int, int]]) -> Standing:
    """Judge a stem of a class: any letters may be joined before it, but it must end the word."""
    start = found.start
    while start > 0 and folded[start - 1].isascii() and folded[start - 1].isalpha():
        start -= 1
    verdict = standing_of(folded, start, found.end, short=False, others=others)
    return verdict if verdict in ("free", "label", "thing", "none") else "named"


def _machine_standing(folded: str, found: _Candidate, entry: Entry) -> Standing:
    before, after = folded[found.start - 1 : found.start], folded[found.end : found.end + 40]
    if is_han(folded[found.start]):
        return "free" if words().han_free_before.search(folded[max(0, found.start - 12) : found.start]) else "named"
    if before.isalnum() and not is_han(before):
        return "none"
    rest = after
    plural = re.match(r"(?:es|s)(?![a-z0-9])", rest)
    if plural:
        rest = rest[plural.end() :]
    elif rest[:1].isalnum() and not is_han(rest[:1]):
        return "none"
    if entry.kind == "equipment":
        if words().free_before.search(folded[max(0, found.start - 40) : found.start]):
            return "free"
        if machine_words().after.match(after):
            return "thing"
    return "named"


def _how(
    entry: Entry, verdict: Standing | Literal["stem"], found: _Candidate, folded: str, loose: bool, supported: Collection[str],
    candidates: list[_Candidate], index: GoodsIndex,
) -> str:  # fmt: skip
    """Return how the entry is named, "needs-context" for a bare code without any, or '' where it makes no hit."""
    if entry.kind == "alike" or verdict in ("free", "label", "thing", "none"):
        return ""
    if entry.kind == "equipment":
        if verdict != "named" or any(
            other.start < found.end and found.start < other.end and index.entries[other.number][0].kind == "alike"
            for other in candidates
        ):
            return ""
        around = folded[: found.start] + " " + folded[found.end :]
        return "named" if not entry.weak or machine_words().context.search(around) else ""
    if entry.kind == "family":
        return "family"
    if verdict in ("other", "stem"):
        return ""
    if verdict == "ester":
        return "ester"
    if not entry.weak:
        return verdict
    if is_other_code(folded, found.start, found.end):
        return ""
    if entry.item_id in supported:
        return "code-supported"
    if entry.language == "pinyin":
        return "pinyin" if found.length >= 9 or loose else ""
    return "code" if loose else "needs-context"


def _seen(entry: Entry, how: str, start: int, end: int, folded: Folded, text: str, key: str) -> NameSeen:
    span = folded.written_span(start, end)
    return NameSeen(entry.item_id, how, _SCORES[how], span, text[span[0] : span[1]], entry.name, key)


def _slips(folded: Folded, text: str, index: GoodsIndex, taken: list[tuple[int, int]]) -> Iterable[NameSeen]:
    """Yield long names written with one slip: one half must be right, the whole one letter away, as a whole word."""
    squashed = squash(folded.text)
    places = kept_places(folded.text)
    tried: set[tuple[int, int]] = set()
    for half, start, end in index.halves.find_matches_as_indexes(squashed, overlapping=True):
        for number, is_left in index.half_keys[half]:
            key = index.keys[number]
            for change in (0, -1, 1):
                begin, upto = (start, start + len(key) + change) if is_left else (end - len(key) - change, end)
                if begin < 0 or upto > len(squashed) or (begin, upto) in tried:
                    continue
                piece = squashed[begin:upto]
                if piece == key or OSA.distance(piece, key, score_cutoff=1) != 1 or not _is_slip(piece, key):
                    continue
                first, last = places[begin], places[upto - 1] + 1
                if any(first < e and s < last for s, e in taken):
                    continue
                entry = index.entries[number][0]
                found = _Candidate(number, first, last, upto - begin)
                if not _holds_together(folded.text, found, index.entries[number]):
                    continue
                if standing_of(folded.text, first, last, short=False, others=()) in ("named", "salt"):
                    tried.add((begin, upto))
                    taken.append((first, last))
                    yield _seen(entry, "slip", first, last, folded, text, key)


def _is_slip(piece: str, key: str) -> bool:
    """Tell whether `piece` is a mistyped `key` rather than another word or another chemical."""
    if len(piece) < SLIP_LENGTH - 1 or piece in words().real_words or not piece.isalpha():
        return False
    # eth and meth, benzyl and benzoyl, -ine and -one: the letters that tell chemicals apart.
    if len(piece) != len(key) and (
        piece.replace("met", "et") == key.replace("met", "et") or piece.replace("oyl", "yl") == key.replace("oyl", "yl")
    ):
        return False
    ours, theirs = _MEANING.search(piece), _MEANING.search(key)
    return not (ours and theirs and ours.group() != theirs.group() and piece[: ours.start()] == key[: theirs.start()])


def _without_owner(seen: list[NameSeen], text: str) -> list[NameSeen]:
    """Drop the machine that the goods are only parts or tools for: "punches for tablet press" are punches."""
    machines = [name for name in seen if name.item_id.startswith("eq-")]
    if len({name.item_id for name in machines}) < 2:
        return seen
    belongs = machine_words().belongs
    owners = [name for name in machines if belongs.search(fold_goods(text[: name.span[0]]).text)]
    return [name for name in seen if name not in owners] if len(owners) < len(machines) else seen


def _without_shadow(seen: list[NameSeen]) -> list[NameSeen]:
    """Drop a family note where the same place names a member for certain."""
    sure = [name.span for name in seen if name.how != "family"]
    return [
        name
        for name in seen
        if name.how != "family" or not any(s <= name.span[0] and name.span[1] <= e for s, e in sure)
    ]
