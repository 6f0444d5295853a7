"""A name of a told kind, read from what it is of an untold one: most names are the same either way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter

from tidegate.screening.name_keys import CAMEL, RAW_ASCII, NameForm, ascii_word, legal_end
from tidegate.screening.name_lexicon import lexicon
from tidegate.screening.name_syllables import split_pinyin

_FIELDS = [field.name for field in fields(NameForm)]
_KIND = _FIELDS.index("kind")
_values = attrgetter(*_FIELDS)


def as_kind(untold: Sequence[NameForm], kind: str) -> tuple[NameForm, ...]:
    """Return what analyse gives for `kind`, from the forms for an untold one; () where a word of theirs hangs on it."""
    if any(_hangs_on_kind(form, kind) for form in untold):
        return ()
    told = []
    for form in untold:
        values = list(_values(form))
        values[_KIND] = kind
        told.append(NameForm(*values))
    return tuple(told)


def _hangs_on_kind(form: NameForm, kind: str) -> bool:
    """Tell whether a name may be read otherwise where its kind is told: rather too often than not."""
    if form.kind or not form.text.isascii() or (form.syllables and kind != "person"):
        return True
    table = lexicon()
    words = [ascii_word(source) if source != "&" else "and" for source in RAW_ASCII.findall(CAMEL.sub(" ", form.text))]
    if kind == "person":  # no phrase is sought in a person's name, and one letter is an initial
        return any(
            len(word) < 2 or not word.isalpha() or word in table.longest or word in table.short_words
            or word in table.numbers or legal_end(word, table)
            for word in words
        )  # fmt: skip
    if kind == "vessel":  # its titles are those of ships, and two words of pinyin are no person
        return any(word in table.longest or word in table.honorifics or word in table.vessel_prefixes for word in words)
    letters, pinyin = sum(len(word) == 1 for word in words), sum(bool(split_pinyin(word)) for word in words)
    return letters > 1 or pinyin > 1  # a firm's are joined
