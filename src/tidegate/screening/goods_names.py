"""Names in a goods text: every register name found, longest first, and how surely it names the item."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple

from tidegate.screening.goods_entries import SHORT, Entry
from tidegate.screening.goods_fold import Folded, fold_goods
from tidegate.screening.goods_index import GoodsIndex
from tidegate.screening.goods_machines import machine_is_meant, machine_standing, without_owner
from tidegate.screening.goods_seek import Candidate
from tidegate.screening.goods_short import has_other_place, is_explained_otherwise, is_other_code
from tidegate.screening.goods_slips import is_slip
from tidegate.screening.goods_text import Standing, about_things, ends_with_unit, exclusions, has_context, standing_of
from tidegate.screening.goods_things import may_be_part
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
    "part": 0.6,
    "machine": 1.0,
    "excluded": 0.4,
}
_COMMON = ("solvent", "reagent", "pre-precursor")  # roles of what everyday products hold
_LONG = 14  # characters of a key: whatever stands inside a longer name belongs to it
_WORD = re.compile(r"[a-z]+")
_NONE_OF = re.compile(r"(?<![\d.,])0 *%$")
_BLANKS = re.compile(" +")
_LOOSE_COMMA = re.compile(r",(?!\d)|(?<!\d),")
_LOOSE = re.compile(r",(?!\d)|(?<!\d),| [ -]")


class NameSeen(NamedTuple):
    """One name seen. how: named, salt, slip, code-supported, code, pinyin, ester, part, family or excluded (see `_SCORES`)."""

    item_id: str
    how: str
    score: float
    span: tuple[int, int]  # in the text as written
    written: str
    known_as: str
    key: str


def names_in(
    text: str, folded: Folded, candidates: Sequence[Candidate], index: GoodsIndex, *, chemical: bool = False,
    supported: Collection[str] = (),
) -> list[NameSeen]:  # fmt: skip
    """Return the register items that one text names, in order of place, out of the `candidates` seen in it.

    chemical: the row shows by number or tariff chapter that it is about chemicals, so that bare codes may count.
    supported: items that a number, key or tariff code on the row names too.
    """
    if not candidates:
        return []
    taken: list[tuple[int, int]] = []
    whole = [found for found in candidates if not found.slip]
    names = _judged(whole, folded, text, index, chemical, supported, taken) if whole else []
    if len(whole) < len(candidates):
        names.extend(_slips([found for found in candidates if found.slip], folded, text, index, taken))
    if names:
        names = _excluded(_without_things(names, folded), folded)
    if len(names) > 1:
        names.sort(key=lambda name: name.span)
        names = _without_shadow(without_owner(names, text))
    return names


def _without_things(names: list[NameSeen], folded: Folded) -> list[NameSeen]:
    """Drop the substances that only a thing about them names: "fentanyl test strips", "a book on iodine"."""
    things = [folded.written_span(one.start, one.end) for one in about_things(folded.text) if one.end > one.start]
    if not things:
        return names
    return [
        name
        for name in names
        if name.item_id.startswith("eq-") or not any(s <= name.span[0] and name.span[1] <= e for s, e in things)
    ]


def plain_name(text: str, found: Candidate, index: GoodsIndex) -> NameSeen:
    """Return the name of a row that the scan found plain: what `names_in` would answer the long way."""
    name = index.entries[found.number][0]
    return NameSeen(
        name.item_id, "named", 1.0, (found.start, found.end), text[found.start : found.end], name.name, index.keys[found.number]
    )  # fmt: skip


def _excluded(names: list[NameSeen], folded: Folded) -> list[NameSeen]:
    """Return `names` with those that stand in a clause of exclusion told as such: they stay, and weigh little.

    A clause with an amount describes a consignment, whatever word leads it, so it excludes nothing.
    """
    clauses = [folded.written_span(one.start, one.end) for one in exclusions(folded.text) if not one.amount]
    if not clauses:
        return names
    return [
        name._replace(how="excluded", score=_SCORES["excluded"])
        if any(start <= name.span[0] and name.span[1] <= end for start, end in clauses)
        else name
        for name in names
    ]


def _judged(
    candidates: list[Candidate], folded: Folded, text: str, index: GoodsIndex, chemical: bool, supported: Collection[str],
    taken: list[tuple[int, int]],
) -> list[NameSeen]:  # fmt: skip
    """Return the names among the raw matches, the longest judged first; `taken` gets the spans that were settled."""
    if len(candidates) > 1:
        candidates = sorted(
            candidates, key=lambda found: (_is_tail(found, candidates, index), -found.length, found.start)
        )
    plain = _plainly(candidates, folded, text, index)
    if plain is not None:
        taken.append((candidates[0].start, candidates[0].end))
        return [plain]
    held: list[tuple[int, int, bool]] = []
    seen: list[NameSeen] = []
    waiting: list[tuple[Entry, Candidate]] = []
    context: bool | None = True if chemical else None
    for found in candidates:
        _, begin, upto, _, _ = found
        # A name that is no more than the tail of a longer one, wrongly cut, leaves the longer one its place.
        if held and any(begin < end and start < upto and (sure or start <= begin) for start, end, sure in held):
            continue
        entries = index.entries[found.number]
        if not _holds_together(folded.text, found, entries):
            continue
        if entries[0].form == "turned" and not _opens_a_clause(folded.text, begin, upto):
            continue
        verdict = _verdict(folded.text, found, entries, candidates, index)
        if verdict == "none":
            continue
        if verdict == "free" and any(clause.holds(begin, upto) for clause in exclusions(folded.text)):
            verdict = "named"  # "other than X" hides no X: `_excluded` says what it weighs
        if context is None and any(entry.weak for entry in entries):
            context = has_context(folded.text)
        hows = [
            _how(entry, verdict, found, folded.text, bool(context), supported, candidates, index) for entry in entries
        ]
        if entries[0].kind == "equipment" and not any(hows):
            continue  # a common word that is no machine here leaves its place to one that may be
        taken.append((begin, upto))
        held.append((begin, upto, verdict not in ("other", "thing", "stem")))
        for entry, how in zip(entries, hows, strict=True):
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


def _plainly(candidates: list[Candidate], folded: Folded, text: str, index: GoodsIndex) -> NameSeen | None:
    """Return the one name of a row where nothing stands near it that could change what it says, else None.

    Only a shorter way to what `standing_of` would answer: most goods texts are this plain.
    """
    number, start, end, length, _ = candidates[0]  # the longest, unless it is the tail of another
    entry = index.entries[number][0]
    if not index.plain[number] or (length <= _LONG and _LOOSE.search(folded.text, start, end)):
        return None
    row = folded.text
    if start:
        left = row[:start].rstrip()
        mark = left[-1:]
        if mark not in ("|", ";") and may_be_part(left):
            return None
        if mark in ("/", ",", "&"):  # a list: what was said before it might reach the name
            if _says_absent(left) or (mark == "," and not left.isascii() and not _ends_its_part(left[:-1].rstrip(" "))):
                return None
        elif mark.isdigit():
            if row[start - 1] != " " or not left.rsplit(None, 1)[-1].isdigit():
                return None
        elif mark.isascii() and mark.isalpha():  # "80 drums acetone"
            if row[start - 1] != " " or not _is_counted(left):
                return None
        elif (mark and mark not in ";:|(%") or (mark == "(" and left[-2:-1] not in ("", " ")) or _NONE_OF.search(left):
            return None
    if not words().plain_after.match(row, end) or any(other.start < start or end < other.end for other in candidates):
        return None
    return _seen(entry, "named", start, end, folded, text, index.keys[number])


def _is_counted(left: str) -> bool:
    """Tell whether a text ends with a unit or packing, and says nowhere that something is absent."""
    last = re.search(r"(?:^|[ \d])([a-z]+)$", left)
    return last is not None and last.group(1) in words().units and not _says_absent(left)


def _says_absent(left: str) -> bool:
    """Tell whether a text may say that what a list behind it names is absent."""
    lexicon = words()
    if left.isascii():
        return not lexicon.free_words.isdisjoint(left.replace("-", " ").split())
    return (
        "%" in left
        or not lexicon.free_words.isdisjoint(_WORD.findall(left))
        or any(word in left for word in lexicon.han_listed)
    )


def _ends_its_part(left: str) -> bool:
    """Tell whether what ends at a comma is Chinese, a unit or a packing: no mark of an isotope, which would go on behind it."""
    return not left[-1:].isascii() or ends_with_unit(left)


def _is_tail(found: Candidate, candidates: Sequence[Candidate], index: GoodsIndex) -> bool:
    """Tell whether a sure name begins before this one and ends in it: in "N-phenethyl-4-piperidone HCl" that one counts."""
    return any(
        other.start < found.start < other.end < found.end
        and other.length > SHORT
        and (entry := index.entries[other.number][0]).kind == "substance"
        and not entry.weak
        and entry.form != "turned"
        for other in candidates
    )


def _opens_a_clause(folded: str, start: int, end: int) -> bool:
    """Tell whether a name with its last word first can stand here; in "maleic anhydride, acetic acid" none does."""
    left, right = folded[:start].rstrip(" -"), folded[end : end + 8].lstrip(" ")
    return not left[-1:].isalpha() and (not right or not right[0].isalpha())


def _holds_together(folded: str, found: Candidate, entries: tuple[Entry, ...]) -> bool:
    """Tell whether what stands inside the match can belong to one name: not the end of one word and the start of another."""
    inside = folded[found.start : found.end]
    joints = len(inside) - found.length
    if joints == 0 or found.length > _LONG:
        return True
    if any(entry.short for entry in entries) and joints > max(entry.joints for entry in entries) * 3:
        return False
    if joints and all(entry.short and entry.joints == 0 for entry in entries):
        return False
    if "  " in inside.replace(" - ", "-"):
        plain = _BLANKS.sub(" ", inside)
        if not any(fold_goods(entry.name).text == plain for entry in entries):
            return False
    return "," not in inside or len(_LOOSE_COMMA.findall(inside)) <= max(entry.commas for entry in entries)


def _verdict(
    folded: str, found: Candidate, entries: tuple[Entry, ...], candidates: list[Candidate], index: GoodsIndex
) -> Standing | Literal["stem"]:
    entry = entries[0]
    others = [
        (other.start, other.end)
        for other in candidates
        if (other.start >= found.end or other.end <= found.start) and not index.entries[other.number][0].weak
    ]
    if entry.kind in ("equipment", "alike"):
        return machine_standing(folded, found.start, found.end, entry)
    if entry.kind == "family":
        return _stem_standing(folded, found, others)
    verdict = standing_of(folded, found.start, found.end, short=all(e.short for e in entries), others=others)
    if verdict in ("none", "other") and any(e.kind == "family" for e in entries):
        return "stem" if _stem_standing(folded, found, others) == "named" else verdict
    return verdict


def _stem_standing(folded: str, found: Candidate, others: list[tuple[int, int]]) -> Standing:
    """Judge a stem of a class: any letters may be joined before it, but it must end the word."""
    start = found.start
    while start > 0 and folded[start - 1].isascii() and folded[start - 1].isalpha():
        start -= 1
    verdict = standing_of(folded, start, found.end, short=False, others=others)
    return verdict if verdict in ("free", "label", "thing", "none") else "named"


def _how(
    entry: Entry, verdict: Standing | Literal["stem"], found: Candidate, folded: str, loose: bool, supported: Collection[str],
    candidates: list[Candidate], index: GoodsIndex,
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
        return "named" if machine_is_meant(entry, folded, found.start, found.end) else ""
    if entry.kind == "family":
        return "family"
    if verdict in ("other", "stem"):
        return ""
    if verdict == "ester":
        return "ester"
    part = verdict == "part" and index.register.substances[entry.item_id].role in _COMMON
    if not entry.weak and entry.short and is_other_code(folded, found.start, found.end):
        return ""
    if not entry.weak:
        return verdict if part or verdict != "part" else "named"
    if is_other_code(folded, found.start, found.end):
        return ""
    if not entry.short and has_other_place(folded, found.start, index.keys[found.number]):
        return ""
    if entry.item_id in supported:
        return "code-supported"
    if entry.short and is_explained_otherwise(folded, found.start, found.end, _sure_places(candidates, index)):
        return ""
    if entry.language == "pinyin":
        return "pinyin" if found.length >= 9 or loose else ""
    return "code" if loose else "needs-context"


def _sure_places(candidates: Sequence[Candidate], index: GoodsIndex) -> list[tuple[int, int]]:
    return [
        (other.start, other.end)
        for other in candidates
        if (entry := index.entries[other.number][0]).kind in ("substance", "family") and not entry.weak
    ]


def _seen(entry: Entry, how: str, start: int, end: int, folded: Folded, text: str, key: str) -> NameSeen:
    span = folded.written_span(start, end)
    return NameSeen(entry.item_id, how, _SCORES[how], span, text[span[0] : span[1]], entry.name, key)


def _slips(
    candidates: Sequence[Candidate], folded: Folded, text: str, index: GoodsIndex, taken: list[tuple[int, int]]
) -> Iterable[NameSeen]:
    """Yield long names written with one slip, as whole words, where no name stands that is written right."""
    for found in dict.fromkeys(candidates):
        key = index.keys[found.number]
        start, end = found.start, found.end
        if any(start < e and s < end for s, e in taken) or not is_slip(folded.text[start:end], key):
            continue
        entries = index.entries[found.number]
        if not _holds_together(folded.text, found, entries):
            continue
        if standing_of(folded.text, start, end, short=False, others=()) in ("named", "salt"):
            taken.append((start, end))
            yield _seen(entries[0], "slip", start, end, folded, text, key)


def _without_shadow(seen: list[NameSeen]) -> list[NameSeen]:
    """Drop a family note where the same place names a member for certain."""
    sure = [name.span for name in seen if name.how != "family"]
    return [
        name
        for name in seen
        if name.how != "family" or not any(s <= name.span[0] and name.span[1] <= e for s, e in sure)
    ]
