"""What a table of papers holds, told by its headers alone: licences, pre-export notices, closed firms, refused orders, wallets, adverts.

The words are data in `data/papers.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

from tidegate.registers.places import country_code

Kind = Literal["licences", "notices", "closures", "refusals", "wallets", "adverts"]
_HEAD_ROWS = 30
_BRACKETS = re.compile(r"[()\[\]（）【】/|\n]")
_NUMBER_SIGN = re.compile(r"\bn\s*[.]?\s*[º°]|№|#")
_NOTICE = re.compile(r"\bpens?\b|notice|notif|通知")
_REGIMES = frozenset({"EU", "UN"})
_WALLET = re.compile(r"\bwallets?\b|\bcrypto\b|\bblockchain\b|钱包|錢包|monedero|billetera")
_ODD = re.compile(r"[^0-9a-z\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class PaperColumns:
    """The header of one table of papers: its row from 0, and the places from 0 that each canonical column has.

    Several columns may say one thing: a substance by its name and by its CAS number.
    """

    kind: Kind
    row: int
    places: Mapping[str, tuple[int, ...]]
    headers: Sequence[str]

    def written(self) -> dict[str, str]:
        """Return canonical column -> header as written, several of one meaning joined by "; "."""
        return {name: "; ".join(self.headers[place] for place in places) for name, places in self.places.items()}


def find_paper_columns(rows: Sequence[Sequence[str]]) -> PaperColumns | None:
    """Return the header of the papers in `rows`, the best among the first 30; None where the table holds no papers."""
    best: PaperColumns | None = None
    for number, row in enumerate(rows[:_HEAD_ROWS]):
        for kind in ("adverts", "wallets", "notices", "closures", "refusals", "licences"):
            places = _places(row, kind)
            if _is_header(kind, set(places), row) and (best is None or _said(places) > _said(best.places)):
                best = PaperColumns(kind, number, places, row)
    return best


def find_statuses(rows: Sequence[Sequence[str]]) -> PaperColumns | None:
    """Return the header of earlier consignments that say of each what became of it; None where none does."""
    for number, row in enumerate(rows[:_HEAD_ROWS]):
        places = _places(row, "refusals")
        if {"customer", "item", "status"} <= set(places) and _is_goods_sheet(row):
            return PaperColumns("refusals", number, places, row)
    return None


def read_answer(cell: str) -> str:
    """Return what an authority answered: no-objection, objection, hold, partial, "" for none yet; else the words given."""
    folded = _fold(cell)
    if not folded:
        return ""
    words = _answers()
    if folded in words:
        return words[folded]
    for phrase, answer in words.items():  # longest first, so that "no objection" is found before "objection"
        if re.search(rf"(?<![a-z]){re.escape(phrase)}(?![a-z])", folded):
            return answer
    return cell.strip()


def read_wallet_kind(cell: str) -> str:
    """Return what a label says a wallet is: listed, mixer, chemical-seller, "" for anything else."""
    folded = _fold(cell)
    for kind, words in _data()["wallet_kinds"].items():
        if any(re.search(rf"(?<![a-z]){re.escape(_fold(word))}(?![a-z])", folded) for word in words):
            return kind
    return ""


def says_closed(status: str) -> bool:
    """Tell whether a company's status says that it was closed or may no longer trade: not "cleared", nor "not closed"."""
    folded = _fold(status)
    if re.search(r"(?<![a-z])(?:not|no|never|cleared|reopened|lifted)(?![a-z])|未|解除|恢复", folded):
        return False
    return any(
        re.search(rf"(?<![a-z]){re.escape(_fold(word))}(?![a-z])", folded) for word in _data()["statuses"]["closed"]
    )


def read_issuer(cell: str) -> str:
    """Return the country whose law gave a paper: as written, or that of the authority named; "" where neither is known."""
    if not cell or country_code(cell) is not None or cell.strip().upper() in _REGIMES:
        return cell.strip()
    folded = _fold(cell)
    for country, names in _data()["authorities"].items():
        if any(re.search(rf"(?<![a-z]){re.escape(_fold(name))}(?![a-z])", folded) for name in names):
            return country
    return next((one for part in re.split(r"[,，(（)）/]", cell) if (one := country_code(part.strip()))), "")


def _is_header(kind: str, held: set[str], row: Sequence[str]) -> bool:
    if kind == "notices":
        # "ID, date, shipper, consignee, goods" heads earlier consignments as well: a notice must call itself one there.
        named = any(_NOTICE.search(_fold(cell)) for cell in row if cell)
        paper = bool(held & {"reply_due_on", "answered_on"}) or (
            bool(held & {"answer", "filed_on"}) and (named or ("answer" in held and not _is_goods_sheet(row)))
        )
        return {"importer", "item"} <= held and paper and bool(held & {"number", "exporter"})
    if kind == "refusals":
        return {"customer", "item"} <= held and bool(held & {"refused_on", "refused_by"})
    if kind == "adverts":
        return {"seller", "text"} <= held
    if kind == "wallets":
        named = "chain" in held or any(_WALLET.search(_fold(cell)) for cell in row if cell)
        return {"address", "category"} <= held and named and not _is_payments_sheet(row)
    if kind == "closures":
        # "Name, status, date" may head a list of customers as well: it must say by whom, or call itself one of closures.
        told = {"status", "date"} <= held and bool(held & {"authority", "ground"})
        return "name" in held and ("closed_on" in held or told)
    whose = held & {"holder", "importer", "exporter"}
    lasts = held & {"valid_from", "valid_until"}
    return "number" in held and bool((whose and ("item" in held or lasts)) or ("item" in held and lasts))


def _said(places: Mapping[str, Sequence[int]]) -> int:
    return len(places)


def _places(row: Sequence[str], kind: Kind) -> dict[str, tuple[int, ...]]:
    words = _terms()[kind]
    places: dict[str, tuple[int, ...]] = {}
    for place, cell in enumerate(row):
        name = _named(cell, words) if cell and len(cell) <= 60 else None
        if name == "item":
            places[name] = (*places.get(name, ()), place)
        elif name is not None:
            places.setdefault(name, (place,))
    if kind == "licences" and _is_goods_sheet(row):
        return {}
    return places


def _named(cell: str, words: Mapping[str, str]) -> str | None:
    """Return what a header says; a unit or a second language in brackets counts only where the rest says nothing."""
    for text in (cell, *_BRACKETS.split(cell)):
        if name := words.get(_fold(text)):
            return name
    return None


def _is_goods_sheet(row: Sequence[str]) -> bool:
    """Tell whether a header is that of consignments, which may well have a column for the licence of each."""
    from tidegate.files.headers import read_header

    known = {match.canonical for match in read_header([cell or "" for cell in row], "consignments", 0, 0).matches}
    return {"consignor", "consignee"} <= known and bool(
        known & {"net_mass_kg", "gross_mass_kg", "hs_code", "packages", "value"}
    )


def _is_payments_sheet(row: Sequence[str]) -> bool:
    """Tell whether a header is that of payments, which may well have a column for the wallet and its kind."""
    from tidegate.files.headers import read_header

    known = {match.canonical for match in read_header([cell or "" for cell in row], "payments", 0, 0).matches}
    return bool(known & {"amount", "debit", "credit"})


def _fold(text: str) -> str:
    text = _NUMBER_SIGN.sub(" no ", text.casefold())
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(word for word in _ODD.sub(" ", plain).split() if word not in _fillers())


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Mapping[str, Sequence[str]]]:
    file = resources.files("tidegate.files").joinpath("data/papers.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _fillers() -> frozenset[str]:
    return frozenset(_data()["fillers"])


@lru_cache(maxsize=1)
def _terms() -> Mapping[str, Mapping[str, str]]:
    kinds = ("licences", "notices", "closures", "refusals", "wallets", "adverts")
    return {kind: {_fold(word): name for name, words in _data()[kind].items() for word in words} for kind in kinds}


@lru_cache(maxsize=1)
def _answers() -> Mapping[str, str]:
    words = {_fold(word): answer for answer, told in _data()["answers"].items() for word in told}
    words = {word: "" if answer == "none" else answer for word, answer in words.items()}
    return dict(sorted(words.items(), key=lambda pair: -len(pair[0])))
