"""Reasons in words: the sentence of a reason with its substances, papers and groups called what the reader calls them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from tidegate.registers.substances import load_register
from tidegate.screening.finding import Reason
from tidegate.wording.sentences import knows, say

# Values of these names are codes; each says the prefix of its wording.
_CODED = {"papers": "duty.", "cas_status": "cas-status.", "answer": "answer."}
_ITEMS = frozenset({"name", "item", "items", "names", "first", "second", "family", "named", "numbered"})
_BETWEEN = re.compile(r"(; |, )")


def reason_text(reason: Reason, lang: str) -> str:
    """Return the sentence of a reason in `lang`; a code without a sentence stays as it is."""
    if not knows(reason.code):
        return reason.code
    if reason.code == "level.two-groups":
        return say(reason.code, lang, **{name: say(f"group.{group}", lang) for name, group in reason.params.items()})
    return say(reason.code, lang, **{name: _value(name, str(told), lang) for name, told in reason.params.items()})


def item_words(name: str, lang: str) -> str:
    """Return the register's name of an item in `lang`, with the English one behind it where it is a substance or a machine.

    name: one item or several, joined by "; " or ", "; another text stays as it is.
    """
    if lang == "en":
        return name
    local = _local_names(lang)
    return _each(name, lambda one: local.get(one, one), local)


def _value(name: str, told: str, lang: str) -> str:
    if name in _ITEMS:
        return item_words(told, lang)
    if name == "shared" and " " in told:
        return "; ".join(map(partial(_column_and_value, lang=lang), told.split(" ¦ ")))
    prefix = _CODED.get(name)
    if prefix is None:
        return told
    return _each(told, lambda one: say(f"{prefix}{one.lower()}", lang) if knows(f"{prefix}{one.lower()}") else one, {})


def _column_and_value(told: str, lang: str) -> str:
    """Return "电话 +86 27 …" for "phone +86 27 …"."""
    column, _, value = told.partition(" ")
    return f"{say(f'column.{column}', lang)} {value}" if knows(f"column.{column}") else told


def _each(told: str, make: Callable[[str], str], whole: Mapping[str, str]) -> str:
    """Return `told` with `make` applied to it, or to each of its parts where it is a list."""
    if told in whole:
        return make(told)
    return "".join(part if _BETWEEN.fullmatch(part) else make(part) for part in _BETWEEN.split(told))


@lru_cache(maxsize=4)
def _local_names(lang: str) -> Mapping[str, str]:
    register = load_register()
    told = {}
    for one in (*register.substances, *register.equipment, *register.families):
        name, local = register.item_name(one), register.item_name(one, lang)
        if local.casefold() != name.casefold():
            told[name] = local if one in register.families else f"{local} ({name})"
    return told
