"""Firms: one firm under several spellings, the customer file by firm, and what a firm's name or sector says of its trade.

A firm's key leaves out case, accents, punctuation and legal forms, so that "Farol, S.A. de C.V." on a licence is
"FAROL SA DE CV" on a consignment. It joins papers to records; it is never a finding by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tidegate.model.columns import COLUMNS
from tidegate.registers.places import country_code
from tidegate.screening.normalize import Ints, RecordView, fold_identifier, fold_text
from tidegate.screening.scene import is_person, says

if TYPE_CHECKING:
    from tidegate.screening.scene import Scene

_LEGAL = frozenset(
    [
        "ltd",
        "limited",
        "inc",
        "incorporated",
        "llc",
        "llp",
        "corp",
        "corporation",
        "company",
        "co",
        "gmbh",
        "ag",
        "bv",
        "nv",
        "plc",
        "sa",
        "sas",
        "spa",
        "srl",
        "rl",
        "cv",
        "de",
        "s",
        "rl",
        "sapi",
        "sab",
        "ltda",
        "eirl",
        "ab",
        "oy",
        "aps",
        "as",
        "pte",
        "pvt",
        "private",
        "pty",
        "kk",
        "fze",
        "fzco",
        "fzc",
        "dmcc",
        "ooo",
    ]
)
_HAN_LEGAL = re.compile(r"(?:股份|责任|責任)?有限(?:责任|責任)?公司$|(?:集团|集團)?公司$")
_WORD = re.compile(r"[^\W_]+")
_LOOSE_DOT = re.compile(r"\.(?=\w{2})")
_COMMON_MAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "hotmail.com",
        "outlook.com",
        "live.com",
        "yahoo.com",
        "qq.com",
        "163.com",
        "126.com",
        "foxmail.com",
        "sina.com",
        "sina.cn",
        "sohu.com",
        "aliyun.com",
        "icloud.com",
        "protonmail.com",
        "proton.me",
        "gmx.com",
        "mail.ru",
        "yandex.ru",
        "yahoo.com.mx",
        "hotmail.es",
        "prodigy.net.mx",
    ]
)
_ADDRESS_WORD = re.compile(r"[0-9a-zÀ-ɏ]+|[^\W\d_a-z]+")
_FLOOR = re.compile(
    r"\b(?:\d{1,3}\s*/\s*f|\d{1,3}f|(?:\d{1,3}(?:st|nd|rd|th)\s+)?fl(?:oo)?r\.?\s*\d{0,3})(?![a-z0-9])|\d{1,3}[层楼樓]"
)
_HAN_PLACES = re.compile("中国|省|市|(?<=[\u4e00-\u9fff])区")
_STREET_WORDS = {
    "rd": "road", "st": "street", "str": "street", "ave": "avenue", "av": "avenue", "blvd": "boulevard", "ln": "lane", "dr": "drive", "ct": "court",
    "sq": "square", "bldg": "", "building": "", "rm": "", "room": "", "suite": "", "ste": "", "unit": "", "no": "", "num": "", "number": "", "apt": "",
    "the": "", "of": "", "calle": "", "c": "", "col": "", "colonia": "", "室": "", "号": "", "號": "",
}  # fmt: skip
_TRADES = ("chemical_firm", "care_firm", "press_trade", "trading_firm", "freight_firm", "laboratory", "chemical_user")


@lru_cache(maxsize=200_000)
def firm_key(name: str) -> str:
    """Return the key under which one firm's spellings meet, "" for a blank."""
    if name.isascii():
        words = _WORD.findall(_LOOSE_DOT.sub(" ", name.lower()).replace(".", "") if "." in name else name.lower())
        return "".join([word for word in words if word not in _LEGAL] or words)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign))
    words = _WORD.findall(_LOOSE_DOT.sub(" ", bare).replace(".", ""))
    kept = [word for word in words if word not in _LEGAL] or words
    joined = unicodedata.normalize("NFC", "".join(kept))
    return _HAN_LEGAL.sub("", joined) or joined


@lru_cache(maxsize=100_000)
def address_key(text: str) -> str:
    """Return the key under which one address's spellings meet: "Rm 1203, 12/F, 88 Ferry Rd" is "1203 room, 88 Ferry Road".

    Abbreviations, the order of parts, floors, the country, and the words for city and province are left out of account.
    """
    folded = _FLOOR.sub(" ", fold_text(text))
    parts = [part for part in re.split(r"[,，;；\n]", folded) if part.strip() and country_code(part.strip()) is None]
    words = [
        _STREET_WORDS.get(word, word) for part in parts for word in _ADDRESS_WORD.findall(_HAN_PLACES.sub("", part))
    ]
    return " ".join(sorted({word for word in words if len(word) > 2 or not word.isascii() or word.isdigit()}))


def same_firm(one: str, other: str) -> bool:
    """Tell whether two cells name one firm: by key, or by a name comparison that crosses scripts."""
    if not one or not other:
        return False
    return firm_key(one) == firm_key(other) or _alike(*sorted((one, other)))


@lru_cache(maxsize=50_000)
def _alike(one: str, other: str) -> bool:
    from tidegate.screening.names import compare_names

    return compare_names(one, other).score >= _SAME


def of_one_house(one: str, other: str) -> bool:
    """Tell whether two names show their link themselves: two firms of one group by their first words, two people by surname.

    "Amber Owl Foods" and "Amber Owl Imports"; 北极兔化工 and 北极兔贸易; two Penhallows. A hint that excuses, never one that accuses.
    """
    first, second = (_WORD.findall(fold_text(name)) for name in (one, other))
    if not first or not second:
        return False
    if is_person(one) and is_person(other):
        return len(first) > 1 and len(second) > 1 and first[-1] == second[-1]
    if not first[0].isascii() or not second[0].isascii():
        return len(first[0]) >= 4 and first[0][:3] == second[0][:3]
    return len(first) > 2 and len(second) > 2 and first[:2] == second[:2]


_SAME = 0.9  # below this two names may be two firms of one group or one town


class Customers:
    """The customer file given beside the sheet, by firm. A firm stands under each name and local name it has."""

    def __init__(self, view: RecordView) -> None:
        self.view = view
        self._rows: dict[str, int] = {}
        for row in range(view.rows):
            for name in _names_of(view, row):
                self._rows.setdefault(firm_key(name), row)
        self._rows.pop("", None)

    def row_of(self, name: str) -> int | None:
        """Return the row of the customer called `name`, None where the file does not hold it."""
        return self._rows.get(firm_key(name)) if name else None

    def sector_of(self, name: str) -> str:
        """Return the sector on file, "" where there is none."""
        row = self.row_of(name)
        return self.view.text("sector", row) if row is not None else ""

    def __len__(self) -> int:
        return self.view.rows


def customers_of(scene: Scene) -> Customers | None:
    """Return the customer file, or None where none was given. Built once a scene."""
    view = scene.view_of("parties")
    if view is None:
        return None
    held = scene.cache.get("customers")
    if not isinstance(held, Customers):
        held = scene.cache["customers"] = Customers(view)
    return held


def sector_of(scene: Scene, name: str) -> str:
    """Return the sector on file for the firm `name`, "" where none is known."""
    customers = customers_of(scene)
    return customers.sector_of(name) if customers is not None else ""


def in_trade(name: str, sector: str = "") -> bool:
    """Tell whether name or sector show a trade that buys chemicals or machines: chemistry, medicine, trade, freight, laboratory."""
    return any(says(words, f"{name} {sector}") for words in _TRADES)


def out_of_trade(name: str, sector: str) -> bool:
    """Tell whether a known sector, or the name itself, shows a trade that has nothing to do with chemistry or medicine.

    A sector that is on file counts; with none, a word of an unrelated trade in the name (textiles, nails, travel).
    """
    if in_trade(name, sector):
        return False
    return bool(sector.strip()) or says("unrelated_trade", name)


def contacts(view: RecordView, row: int) -> list[str]:
    """Return phone, e-mail or own mail domain, and website of one party, folded; common mail hosts are no link."""
    found = []
    phone, email = fold_identifier(view.text("phone", row)), fold_text(view.text("email", row))
    if len(phone) >= 8:
        found.append(phone[-9:])
    if "@" in email:
        domain = email.rpartition("@")[2]
        found.append(email if domain in _COMMON_MAIL else domain)
    site = site_of(view.text("website", row))
    if site and site not in found:
        found.append(site)
    return found


def as_written(view: RecordView, row: int, contact: str) -> str:
    """Return the cell of a party that holds a folded contact, as it was written; the contact itself where none does."""
    for name in ("phone", "email", "website"):
        text = view.text(name, row)
        folded = {"phone": fold_identifier(text)[-9:], "website": site_of(text)}.get(name, fold_text(text))
        if text and (folded == contact or folded.rpartition("@")[2] == contact):
            return text
    return contact


def site_of(text: str) -> str:
    """Return the host of a web address without "www.", "" where there is none."""
    host = re.sub(r"^[a-z]+://", "", fold_text(text)).split("/")[0].removeprefix("www.")
    return host if "." in host else ""


def by_day(view: RecordView) -> Ints:
    """Return all rows in the order of their days; on one day, and where no day is told, in row order."""
    if view.kind == "parties" or not view.has("date"):
        return np.arange(view.rows, dtype=np.int64)
    return np.argsort(view.days("date"), kind="stable")


def in_time(view: RecordView, rows: Ints) -> list[int]:
    """Return `rows` in the order of their days, and on one day by what stands in them, wherever the sheet has them."""
    days = view.days("date") if view.has("date") else np.zeros(view.rows, dtype=np.int64)
    cells = [name for name in COLUMNS[view.kind] if view.has(name)]
    return sorted(rows.tolist(), key=lambda row: (int(days[row]), *(view.text(name, row) for name in cells)))


def first_rows(view: RecordView, column: str) -> Iterator[tuple[int, str]]:
    """Give the row of the earliest day of each distinct value of `column`, in row order."""
    values, index = view.distinct(column)
    order = by_day(view)
    _, firsts = np.unique(index[order], return_index=True)
    for row in np.sort(order[firsts]).tolist():
        value = values[index[row]]
        if value:
            yield row, value


def last_rows(view: RecordView, column: str) -> Iterator[tuple[int, str]]:
    """Give the row of the latest day of each distinct value of `column`, in row order."""
    values, index = view.distinct(column)
    order = by_day(view)[::-1]
    _, lasts = np.unique(index[order], return_index=True)
    for row in np.sort(order[lasts]).tolist():
        value = values[index[row]]
        if value:
            yield row, value


def _names_of(view: RecordView, row: int) -> list[str]:
    names = [view.text("name", row), view.text("name_local", row)]
    return [name for name in (*names, *re.split(r"[;|；]", view.text("other_names", row))) if name.strip()]
