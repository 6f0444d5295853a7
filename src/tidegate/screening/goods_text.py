"""Goods text: what the words round a register name say about the goods: the substance, a form of it, another thing, nothing.

The words of the trade are data: `registers/data/goods_words.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from tidegate.screening.goods_fold import is_han
from tidegate.screening.goods_things import is_for_thing, is_part_of_product, what_follows, what_follows_in_han
from tidegate.screening.goods_words import words

# named: the substance itself. salt, ester: a form of it. other: another substance that holds its name.
# label: an isotope-labelled standard. free: the text says it is absent. thing: an object named after it.
# part: a product holds some of it. none: the letters belong to another word.
Standing = Literal["named", "salt", "ester", "other", "label", "free", "thing", "part", "none"]
_LONG_NUMBER = re.compile(r"\d{3,}")
_AROUND = 56  # characters looked at on either side
_WORD = re.compile(r"[a-z]+")
_COMES_WITH = re.compile(
    r"(?:(?<![a-z])(?:(?:with|incl|including|con)\b|w/|附带?|及其?|带有?)\.? ?(?:[a-z]+ (?:and|y|&) |[a-z]+ )?)$"
)
_CLAUSE_END = re.compile(
    r"[;|]|(?<![\w.,-])\(?\d{1,2}(?:\)|\.(?!\d))"
    # What a data sheet gives as its product is the goods: "Safety data sheet - Product name: acetone, 12 drums".
    r"|\b(?:product|trade|chemical|substance|goods) ?(?:name|identifier|identification|description)?s?(?=:)"
    r"|\b(?:nombre|identificador|denominacion) (?:del? )?(?:producto|comercial|quimico|la sustancia|la mercancia)(?=:)|(?:产品|化学品|品|货物?)(?:中文)?名称?(?=:)"
)
_JOINED_ON = re.compile(r"-(?!\d\d(?:\.\d+)? ?%)[a-z0-9]")
# "Toluene and xylene free": what ends a list of chemicals counts for all of it.
_LIST_FREE = re.compile(
    r"(?:, ?[a-z-]+){0,2} ?(?:/|&|\band\b|\bor\b|\by\b|\bo\b) ?[a-z-]*(?:ene|one|ol|ide|ate|ine|ane|acid|ether|ona|eno|ina|ano) (?:free|libre)(?! (?:of|from|de)\b)(?![a-z])"
)
_ITEM = re.compile(r"(?:^|[ ;])\d{1,2}\.$")  # the number of a list, as in "1.4-piperidone"
_RUN = re.compile(r"[a-z]+$")
_NO_GROUP = frozenset(("non", "semi", "pre", "anti", "multi", "high", "low", "ultra"))
_GROUP = re.compile(r"yl[)\]]*-?(?:\d[\d,']*-)?$|(?:ole|ene|ane|ine|one|ide|ane|ate|ol|phenone)-\d[\d,']*-$")
_LONGEST_UNIT = 12
# "Piperidine, 4-phenyl-": what a chemical index writes behind its name stands in front of it.
_INDEX_NAME = re.compile(r", ?([a-z0-9,.'()\[\]-]*[a-z][)\]]*-)(?!\w| (?:or|and|y|o|u|e)\b)")


def standing_of(folded: str, start: int, end: int, *, short: bool, others: Collection[tuple[int, int]]) -> Standing:
    """Return what the name at [start, end) of `folded` says about the goods, by what stands round it.

    short: a bare code, believed only as a whole word. others: spans of the other register names found, which are
    never read as a prefix or suffix of this one.
    """
    followed = preceded = False
    if others:
        followed = any(end <= at <= end + 3 and not folded[end:at].strip(" -,/;+&") for at, _ in others)
        preceded = any(start - 3 <= upto <= start and not folded[upto:start].strip(" -,/;+&") for _, upto in others)
    # No rule reads more than two figures of a number, so longer ones are made alike: then most texts were judged before.
    left = _LONG_NUMBER.sub("000", folded[max(0, start - _AROUND) : start])
    right = _LONG_NUMBER.sub("000", folded[end : end + _AROUND])
    return _standing(left, folded[start:end], right, short, preceded, followed)


@lru_cache(maxsize=65_536)
def _standing(left: str, name: str, right: str, short: bool, preceded: bool, followed: bool) -> Standing:
    before = _before_han(left, preceded) if is_han(name[0]) else _before_latin(left, right, name[0], short, preceded)
    if before in ("none", "label", "free", "thing"):
        return before
    after = _after_han(left, name, right, followed) if is_han(name[-1]) else _after_latin(right, short, followed)
    if before == "other":  # "3-chloroaniline test kit" is a kit
        return after if after in ("label", "free", "thing") else before
    if after in ("named", "salt", "ester") and is_part_of_product(left, right):
        return "part"
    return before if after == "named" else after


def has_context(folded: str) -> bool:
    """Tell whether a folded text holds a word that belongs to chemicals."""
    lexicon = words()
    return lexicon.context.search(folded) is not None and (
        lexicon.context.search(lexicon.not_context.sub(" ", folded)) is not None
    )


class Clause(NamedTuple):
    """A part of a folded text: one that says what the goods are not, or one about a thing that only bears a name.

    amount: it also tells how much, as a consignment does.
    """

    start: int
    end: int
    amount: bool

    def holds(self, start: int, end: int) -> bool:
        """Tell whether [start, end) stands in the clause."""
        return self.start <= start and end <= self.end


def about_things(folded: str) -> Sequence[Clause]:
    """Return the clauses that are about a thing which only bears a substance's name: a test kit, a book, a sign.

    A clause ends where the text begins another of its goods: at a semicolon or bar, or at a number of a list. A part
    between commas that tells an amount of its own is goods of its own too ("posters, phenylacetic acid 25 kg").
    """
    lexicon = words()
    if folded.isascii() and lexicon.thing_words.isdisjoint(_WORD.findall(folded)):
        return ()
    found = []
    for thing in lexicon.whole_thing.finditer(folded):
        if _COMES_WITH.search(folded, 0, thing.start()):
            continue
        ends = [*_CLAUSE_END.finditer(folded)]
        first = max((end.end() for end in ends if end.end() <= thing.start()), default=0)
        last = min((end.start() for end in ends if end.start() >= thing.end()), default=len(folded))
        found += [
            Clause(at, at + len(part), False)
            for at, part in _parts(folded, first, last)
            if at <= thing.start() < at + len(part) or lexicon.amount_after.search(part) is None
        ]
    return found


def _parts(folded: str, first: int, last: int) -> Iterable[tuple[int, str]]:
    at = first
    for part in folded[first:last].split(","):
        yield at, part
        at += len(part) + 1


@lru_cache(maxsize=4096)
def exclusions(folded: str) -> tuple[Clause, ...]:
    """Return the clauses of a folded text that name what the goods are not ("other than ephedrine and its salts")."""
    lexicon = words()
    if not any(map(folded.__contains__, lexicon.exclusion_words)) and ("除" not in folded and "不包括" not in folded):
        return ()
    spans = (found.span() for found in lexicon.exclusion.finditer(folded))
    return tuple(Clause(start, end, lexicon.amount_after.search(folded, start) is not None) for start, end in spans)


def ends_with_unit(left: str) -> bool:
    """Tell whether `left` ends with a whole word that is a unit or a packing, as in "25kgacetone"."""
    run = _RUN.search(left)
    return run is not None and len(run.group()) < _LONGEST_UNIT and run.group() in words().units


def _before_latin(left: str, right: str, first: str, short: bool, preceded: bool) -> Standing:
    lexicon = words()
    prev = left[-1:]
    if not prev:
        return "named"
    if prev.isalnum() and not is_han(prev):
        if prev.isdigit():
            return "none" if short or first.isdigit() else "named"
        glued = _RUN.search(left)
        if glued is not None and not short and lexicon.morphemes.fullmatch(glued.group()):
            return "other"
        return "named" if ends_with_unit(left) else "none"
    if prev in ".," and first.isdigit() and left[-2:-1].isdigit() and not _ITEM.search(left):
        return "none"
    # "1-chloro-4-(chloromethyl)benzene", "bis(methylamine)": what opens a bracket may be joined to what stands before it.
    joined = prev in "-)]'+([" and left[-2:-1] not in ("", " ")
    if joined or prev in ")]'+":
        verdict = _prefix(left, short)
        if verdict != "named":
            return verdict
    if is_han(prev) and left.endswith(("聚", "非", "不含", "无")):
        return "other" if left.endswith("聚") else "free"
    return _before_word(left, right, preceded)


def _before_word(left: str, right: str, preceded: bool) -> Standing:
    """Judge the words in front. The patterns are costly, so each runs only where what it seeks can stand."""
    lexicon = words()
    joined = left.rstrip(" -,)]")[-4:]
    if any(char.isalpha() for char in joined) and lexicon.isotope_before.search(left[-20:]):
        return "label"
    if not lexicon.free_words.isdisjoint(left.replace("-", " ").split()) and lexicon.free_before.search(left):
        return "free"
    if not left.isascii() and lexicon.han_free_before.search(left):
        return "free"
    if not left[-3:].rstrip(" -)\"'")[-1:].isalpha():
        return "named"
    if not preceded and (lexicon.before_thing.search(left[-36:]) or is_for_thing(left, right)):
        return "thing"
    if not preceded and (lexicon.before.search(left[-36:]) or lexicon.morpheme_word_before.search(left[-30:])):
        return "other"
    return "salt" if lexicon.salts_before.search(left[-24:]) else "named"


def _prefix(left: str, short: bool) -> Standing:
    """Judge what is joined to the name by a hyphen or a bracket, e.g. 'd8-', '3-chloro-', '(S)-', 'lab-'."""
    lexicon = words()
    joined = re.search(r"[a-z0-9,'()\[\]+.\-\u4e00-\u9fff]+$", left)
    token = joined.group() if joined is not None else ""
    if is_han(token[-2:-1]) or (token and any(is_han(char) for char in token)):
        bare = token.rstrip("-)]'")
        return "other" if bare.endswith(lexicon.han_before) and not bare.endswith(lexicon.han_same) else "named"
    if lexicon.isotope_before.search(left):
        return "label"
    parts = re.findall(r"[a-z]+", token)
    if not parts:  # only digits and brackets: a number in a list, or a position
        return "none" if short and token not in ("(", "[") and token[-1:] == "-" else "named"
    if parts[-1] in ("non", "no", "not", "sin"):
        return "free"
    if all(part in lexicon.stereo for part in parts):
        return "named"
    if short:
        return "none" if token.endswith("-") else "named"
    alter = [lexicon.morphemes.fullmatch(part) is not None for part in parts]
    changed = all(yes or part in lexicon.stereo for yes, part in zip(alter, parts, strict=True))
    if not changed and ("(" in token or "[" in token):  # one strange part among known ones: "bis(perhydroxyl)"
        changed = sum(alter) >= 2
    # "1-(1H-indol-3-yl)-2-propanone": whatever its ring is called, a group in front makes another substance.
    return "other" if changed or (token.endswith(("-", ")")) and _GROUP.search(token)) else "named"


def _after_latin(right: str, short: bool, followed: bool) -> Standing:
    lexicon = words()
    right = right.lstrip("\"'")
    head = right[:1]
    if not head:
        return "named"
    if head.isalpha() and not is_han(head):
        run = re.match(r"[a-z]+", right)
        tail = run.group() if run is not None else head
        if (tail in ("s", "es") or tail in lexicon.grades) and not short:
            right = right[len(tail) :]
        elif not short and lexicon.salts.fullmatch(tail):
            return "salt"
        elif not short and lexicon.free_after.fullmatch(tail) and tail != "less":
            return "free"
        else:
            return "none"
    elif head.isdigit() and short and not lexicon.amount_after.match(right):
        return "none"
    if short and _JOINED_ON.match(right) and not lexicon.free_after.match(right):
        return "none"
    near = right[:4].lstrip(" -,([:")[:1]
    if not near or (near.isdigit() and not re.match(r"[ (:,\[-]*(?:0 ?%|\d[\d,']*-[a-z(\[]|[123][0-9]?[hcno])", right)):
        return "named"
    if lexicon.free_after.match(right) or _LIST_FREE.match(right):
        return "free"
    if lexicon.isotope_after.match(right):
        return "label"
    if lexicon.salts.match(right):
        return "salt"
    if lexicon.esters.match(right):
        return "ester"
    if not followed and lexicon.after_chemical.match(right):
        return "other"
    turned = _INDEX_NAME.match(right) if head == "," else None
    if turned is not None and any(len(part) > 2 and part not in _NO_GROUP for part in _WORD.findall(turned.group(1))):
        return "other"
    if lexicon.after_thing.match(right) or right.lstrip(" -").startswith(lexicon.han_after_thing):
        return "thing"
    behind = what_follows(right) if not followed else ""
    return behind or "named"


def _before_han(left: str, preceded: bool) -> Standing:
    lexicon = words()
    bare = left.rstrip(" ")
    if not bare:
        return "named"
    if lexicon.han_free_before.search(bare) or lexicon.free_before.search(left):
        return "free"
    if lexicon.isotope_before.search(left):
        return "label"
    tail = bare[-1]
    if tail in "-)" and len(bare) > 1 and not preceded:
        verdict = _prefix(bare, short=False)
        if verdict != "named":
            return verdict
    if not is_han(tail) or preceded:
        if tail.isalpha() and not is_han(tail):
            run = re.search(r"[a-z]+$", bare)
            if run is not None and run.group() in ("n", "o", "m", "p", "d", "l", "dl"):
                return "named"
            return "other" if run is not None and lexicon.morphemes.fullmatch(run.group()) else "named"
        return "named"
    if bare.endswith(lexicon.han_salt_before):
        return "salt"
    if bare.endswith(lexicon.han_same):
        return "named"
    return "other" if bare.endswith(lexicon.han_before) else "named"


def _after_han(left: str, name: str, right: str, followed: bool) -> Standing:
    behind = what_follows_in_han(left, right)
    if behind == "thing":
        return "thing"
    verdict = _after_han_name(name, right, followed)
    return "part" if behind == "part" and verdict in ("named", "salt") else verdict


def _after_han_name(name: str, right: str, followed: bool) -> Standing:
    lexicon = words()
    bare = right.lstrip(" -(")
    if bare.startswith(lexicon.han_free_after) or lexicon.free_after.match(right):
        return "free"
    if lexicon.isotope_after.match(right):
        return "label"
    if name in lexicon.acid_names and is_han(right[:1]):
        return "named" if right.startswith(lexicon.acid_after) else "other"
    if not right[:1] or right[0] == "(":
        return "salt" if bare.startswith(lexicon.han_after_salt) else "named"
    if bare.startswith(lexicon.han_after_salt) or (right[0] in " -" and lexicon.salts.match(right)):
        return "salt"
    if bare.startswith(lexicon.han_after_thing) and not bare.startswith(("罐装", "管制")):
        return "thing"
    if not is_han(right[0]):
        return "other" if not followed and re.match(r"-\d[\d,]*-[\u4e00-\u9fff]", right) else "named"
    if followed:
        return "named"
    return "other" if right.startswith(lexicon.han_after) else "named"
