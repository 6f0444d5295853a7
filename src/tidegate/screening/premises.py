"""Premises: what kind of place a party's address is, by its own words or by what a file of addresses says of it."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.screening.firms import customers_of
from tidegate.screening.scene import Scene, first_word, says, term_pattern

# list of words -> a second one that counts only where the kind of the address is told apart ("house", "home")
_ALSO = {"dwelling": "dwelling_kind"}


def rows_at(scene: Scene, party: str, address: str, words: str) -> Iterator[tuple[int, str, str]]:
    """Give each row whose `address` is of the kind that the list `words` names: row, the place as written, the word.

    An address tells it itself ("Apt 4B"), or the party's line in the customer file does ("residential").
    """
    told = set(scene.view.rows_matching(address, term_pattern(words)).tolist())
    for row in sorted(told):
        where = scene.view.text(address, row)
        yield row, where, first_word(words, where)
    for row, _, kind in kinds_told(scene, party):
        if row not in told and (word := _word_of(words, kind)):
            where = scene.view.text(address, row)
            yield row, f"{where} ({kind})" if where else kind, word


def kinds_told(scene: Scene, party: str) -> Iterator[tuple[int, str, str]]:
    """Give each row whose party's address a file tells the kind of: row, party, the kind as written."""
    if scene.view.kind == "parties":
        for row in scene.view.rows_where("address_kind", lambda kind: True).tolist():
            yield row, scene.view.text(party, row), scene.view.text("address_kind", row)
        return
    customers = customers_of(scene)
    if customers is None or "address_kind" not in customers.view.present():
        return
    kinds = {
        name: kind for name in scene.view.distinct(party)[0]
        if name and (place := customers.row_of(name)) is not None and (kind := customers.view.text("address_kind", place))
    }  # fmt: skip
    for row in scene.view.rows_where(party, kinds.__contains__).tolist() if kinds else ():
        yield row, scene.view.text(party, row), kinds[scene.view.text(party, row)]


def _word_of(words: str, kind: str) -> str:
    also = _ALSO.get(words, "")
    return first_word(words, kind) or (first_word(also, kind) if also and says(also, kind) else "")
