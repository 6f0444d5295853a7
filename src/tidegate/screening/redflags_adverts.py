"""Red flags in adverts that come beside the sheet, told on the rows of the firm that placed them: RF05, RF36, RF65."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tidegate.screening.companions import Advert
from tidegate.screening.firms import firm_key, same_firm, sector_of
from tidegate.screening.normalize import fold_text
from tidegate.screening.scene import Flag, Scene, first_word, says

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

_SELLERS = {"consignments": ("consignor",), "payments": ("payee",), "parties": ("name",)}
_SHOWN = 160  # signs of an advert that a person is shown


def items_offered(scene: Scene) -> Iterator[Flag]:
    """The advert of a row's seller offers a register item by name or number, and quotes no licence (RF05)."""
    for row, column, advert in _placed(scene):
        item = _item_in(scene, advert)
        if item and not advert.licence and not says("licence_word", advert.text):
            params = {**_told(advert), "item": scene.register.item_name(item)}
            yield Flag(
                row, column, scene.view.text(column, row), "seen.advert-offers", params, (item,), 0.7, fact="advert"
            )


def passage_in_adverts(scene: Scene) -> Iterator[Flag]:
    """The advert of a row's seller promises passage through customs and safe delivery or stealth packing (RF65)."""
    for row, column, advert in _placed(scene):
        if says("safe_passage", advert.text) and says("safe_delivery", advert.text):
            first, second = first_word("safe_passage", advert.text), first_word("safe_delivery", advert.text)
            params = {**_told(advert), "first": first, "second": second}
            evidence = (first, second)
            yield Flag(row, column, scene.view.text(column, row), "seen.advert-phrases", params, evidence, 0.75)


def coin_advert(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A seller of chemicals advertises payment in virtual currency (RF36)."""
    for row, column, advert in _placed(scene):
        if not says("coin_channel", advert.text):
            continue
        trade = f"{advert.seller} {sector_of(scene, advert.seller)}"
        if says("chemical_firm", trade) or says("chemical_matter", advert.text) or _item_in(scene, advert):
            word = first_word("coin_channel", advert.text)
            params = {**_told(advert), "word": word}
            yield Flag(row, column, scene.view.text(column, row), "seen.advert-coin", params, (fold_text(word),), 0.35)


def _placed(scene: Scene) -> Iterator[tuple[int, str, Advert]]:
    """Give each row, the column of its seller, and an advert of that seller."""
    by_seller: dict[str, list[Advert]] = defaultdict(list)
    for advert in scene.companions.adverts or ():
        by_seller[firm_key(advert.seller)].append(advert)
    for column in _SELLERS[scene.view.kind] if by_seller else ():
        for name in sorted({name for name in scene.view.distinct(column)[0] if name}):
            own = by_seller.get(firm_key(name)) or [
                advert for adverts in by_seller.values() for advert in adverts if same_firm(advert.seller, name)
            ]
            if own:
                for row in scene.view.rows_where(column, lambda text, name=name: text == name).tolist():  # type: ignore[misc]
                    yield from ((row, column, advert) for advert in own)


def _item_in(scene: Scene, advert: Advert) -> str:
    """Return the register item that an advert names outright, "" for none; excipients and the like do not count."""
    held = scene.cache.get("advert items")
    if not isinstance(held, dict):
        from tidegate.screening.goods import find_goods

        texts = sorted({one.text for one in scene.companions.adverts or ()})
        blank: list[str | None] = [None] * len(texts)
        found = find_goods(texts, blank, blank, scene.register)
        held = scene.cache["advert items"] = {
            text: next((hit.item_id for hit in hits if hit.named and hit.level != "look"), "")
            for text, hits in zip(texts, found, strict=True)
        }
    return str(held[advert.text])


def _told(advert: Advert) -> dict[str, str]:
    text = advert.text if len(advert.text) <= _SHOWN else f"{advert.text[:_SHOWN]}…"
    return {"seller": advert.seller, "day": advert.seen_on.isoformat() if advert.seen_on else "–", "advert": text}


KINDS: dict[str, Callable[[Rule, Scene], Iterator[Flag]]] = {"coin-advert": coin_advert}
