"""The words that head columns: the table of `data/headers.toml`, folded, and what a header means by it."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from tidegate.model.columns import COLUMNS

PARTY_COLUMNS = {
    "consignments": ("consignor", "consignee", "notify_party", "forwarder"),
    "payments": ("payer", "payee"),
    "parties": (),
}
# Here a word for "number" beside the term changes nothing.
_NUMBERED_COLUMNS = frozenset(
    {"consignment_id", "hs_code", "cas", "container", "document_number", "licence", "payment_id", "payer_account",
     "payee_account", "party_id", "registration_number", "phone"}
)  # fmt: skip
_FUZZY_FROM = 7  # letters; below that one slip makes another word
_NEARLY_SCORE = 0.75
WEAK_SCORE = 0.7
_JOINTS = frozenset({"of", "the", "and", "de", "del", "la", "el", "los", "las", "y", "en"})
_WORD = re.compile(r"[0-9a-z]+|[^\W\d_a-z]+")


# What may stand behind or before a term that is a number, and between a party and a part of it.
_NUMBER_BEHIND = ("no", "nos", "nr", "number", "num", "ref", "号", "号码", "编号")
_NUMBER_BEFORE = ("no", "num", "numero", "numerode", "node", "nde")
_BETWEEN = ("of", "de", "del", "dela", "的", "s")


@dataclass(frozen=True, slots=True)
class HeaderWords:
    """The words of one kind, folded: term to canonical column, the same without joints, and part words in their order.

    places: of each term that is a party or a number, its place in the order of the table; the later word wins.
    """

    kind: str
    terms: dict[str, str]
    short: dict[str, str]
    parts: dict[str, str]
    places: dict[str, int]
    part_places: dict[str, int]

    def meaning(self, folded: str) -> str | None:
        """Return the canonical column of a term, or of a party joined to a part or a number to its sign, in either order."""
        if (own := self.terms.get(folded)) is not None:
            return own
        joined = max(self._joined(folded), default=None)
        return joined[-1] if joined is not None else self.short.get(folded)

    def _joined(self, folded: str) -> Iterator[tuple[int, int, int, str]]:
        for cut in range(1, len(folded)):
            first, second = folded[:cut], folded[cut:]
            if first in self.places:
                if second in _NUMBER_BEHIND and self.terms[first] in _NUMBERED_COLUMNS:
                    yield self.places[first], -1, 0, self.terms[first]
                yield from self._column(first, second, 0)
                for turn, joint in enumerate(_BETWEEN, 1):
                    if second.startswith(joint):
                        yield from self._column(first, second[len(joint) :], turn)
            if second in self.places:
                if first in _NUMBER_BEFORE and self.terms[second] in _NUMBERED_COLUMNS:
                    yield self.places[second], -1, 0, self.terms[second]
                yield from self._column(second, first, 0)
                for turn, joint in enumerate(_BETWEEN, 1):
                    if first.endswith(joint):
                        yield from self._column(second, first[: -len(joint)], turn)

    def _column(self, term: str, part: str, turn: int) -> Iterator[tuple[int, int, int, str]]:
        """Give the column of the part of a party, with the places that say which word wins."""
        canonical = self.terms[term]
        if part in self.parts and canonical in PARTY_COLUMNS[self.kind]:
            column = canonical if self.parts[part] == "name" else f"{canonical}_{self.parts[part]}"
            if column in COLUMNS[self.kind]:
                yield self.places[term], self.part_places[part], turn, column

    def every_term(self) -> dict[str, str]:
        """Return every term, joined ones too: what a slip of the pen is sought among."""
        combined: dict[str, str] = {}
        for term in self.places:
            canonical = self.terms[term]
            if canonical in _NUMBERED_COLUMNS:
                combined.update({term + word: canonical for word in _NUMBER_BEHIND})
                combined.update({word + term: canonical for word in _NUMBER_BEFORE})
            for word, part in self.parts.items() if canonical in PARTY_COLUMNS[self.kind] else ():
                column = canonical if part == "name" else f"{canonical}_{part}"
                if column in COLUMNS[self.kind]:
                    combined[term + word] = combined[word + term] = column
                    for joint in _BETWEEN:
                        combined[word + joint + term] = column
                        combined[term + joint + word] = column
        return {**self.short, **combined, **self.terms}


def header_words(kind: str) -> list[str]:
    """Return the words that head columns of `kind`, in small letters as they are written, part words of parties left out."""
    return [word.lower() for words in header_data()[kind].values() for each in words.values() for word in each]


def look_up(text: str, kind: str, party: str) -> tuple[float, str] | None:
    """Return how surely `text` is a header of `kind` (0 to 1) and its canonical column, None where no word of the table is it."""
    words = words_of(kind)
    folded = fold_header(text)
    if not folded or folded.isdigit():
        return None
    if (meant := words.meaning(folded)) is not None:
        return (WEAK_SCORE if folded in _weak() else 1.0), meant
    if party and folded in words.parts and words.parts[folded] != "name":
        canonical = f"{party}_{words.parts[folded]}"
        if canonical in COLUMNS[kind]:
            return 0.9, canonical
    plain = without_fillers(text)
    if plain and plain != folded and (meant := words.meaning(plain)) is not None:
        return 0.96, meant
    numbered = plain.rstrip("0123456789")
    if numbered != plain and (meant := words.meaning(numbered)) is not None:
        return 0.9, meant
    return None


def without_fillers(text: str) -> str:
    """Return `text` folded, without the words that may stand beside any term."""
    fillers = _fillers()
    return "".join(token for token in _tokens(text) if token not in fillers)


def nearly_known(folded: str, words: HeaderWords) -> tuple[float, str] | None:
    """Return the term one slip of the pen away, for longer words only."""
    if len(folded) < _FUZZY_FROM or not folded.isascii():
        return None
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    terms = _long_terms(words.kind)
    near = process.extract(folded, terms.keys(), scorer=OSA.distance, score_cutoff=1, limit=5)
    meant = {terms[term] for term, _, _ in near}
    return (_NEARLY_SCORE, meant.pop()) if len(meant) == 1 else None


@lru_cache(maxsize=4)
def _long_terms(kind: str) -> dict[str, str]:
    every = words_of(kind).every_term()
    return {term: meant for term, meant in every.items() if term.isascii() and len(term) >= _FUZZY_FROM}


def _tokens(text: str) -> list[str]:
    if text.isascii():
        return _WORD.findall(text.lower())
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))


@lru_cache(maxsize=20_000)
def fold_header(text: str) -> str:
    """Return `text` without case, accents, blanks and punctuation: what two headers are compared by."""
    return "".join(_tokens(text))


@lru_cache(maxsize=1)
def header_data() -> dict[str, Any]:
    """Return the table of words as it is written."""
    file = resources.files("tidegate.files").joinpath("data/headers.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _fillers() -> frozenset[str]:
    words: object = header_data()["fillers"]
    assert isinstance(words, list)
    return frozenset(fold_header(str(word)) for word in words)


@lru_cache(maxsize=1)
def day_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words that make a header a day of the record, and those that make it another day."""
    days = header_data()["days"]
    return tuple(days["day"]), tuple(days["other"])


@lru_cache(maxsize=1)
def _weak() -> frozenset[str]:
    words: object = header_data()["weak"]
    assert isinstance(words, list)
    return frozenset(fold_header(str(word)) for word in words)


@lru_cache(maxsize=4)
def words_of(kind: str) -> HeaderWords:
    """Return the folded words of `kind`; every party term may be joined to every part word, in both orders."""
    data = header_data()
    parts = {fold_header(word): part for part, words in data["parts"].items() for word in words}
    terms: dict[str, str] = {}
    short: dict[str, str] = {}
    for canonical in COLUMNS[kind]:
        terms[fold_header(canonical)] = canonical
        for words in data[kind].get(canonical, {}).values():
            terms.update({fold_header(word): canonical for word in words})
            for word in words:
                short.setdefault("".join(token for token in _tokens(word) if token not in _JOINTS), canonical)
    joining = _NUMBERED_COLUMNS.union(PARTY_COLUMNS[kind])
    places = {term: place for place, (term, canonical) in enumerate(terms.items()) if canonical in joining}
    return HeaderWords(kind, terms, short, parts, places, {part: place for place, part in enumerate(parts)})
