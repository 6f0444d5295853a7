"""Worth: amounts in US dollars, roughly, and the reporting threshold of a currency. For comparing with a rule's limits only.

The rates are round figures kept with the rules (rules/currencies.toml); no finding shows them as an exchange rate.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import numpy as np

from tidegate.errors import InputUnreadable
from tidegate.model.money import CURRENCIES, parse_money
from tidegate.screening.normalize import Floats, Ints, RecordView, fold_identifier

_PLAIN = re.compile(r"[\d.,\s]*")


@lru_cache(maxsize=1)
def _tables() -> tuple[Mapping[str, float], Mapping[str, float]]:
    text = resources.files("tidegate.screening").joinpath("rules/currencies.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    return told["dollars"], told["thresholds"]


def currencies(view: RecordView, amount: str = "amount", currency: str = "currency") -> tuple[list[str], Ints]:
    """Return the currency codes that occur and, for each row, the place of its own; "" where none is told.

    The column of currencies counts first, then a sign or code beside the amount.
    """
    values, index = view.distinct(currency)
    codes = ["", *(currency_code(value) for value in values)]
    places = index + 1 if len(values) else np.zeros(view.rows, dtype=np.int64)
    untold = np.array([not code for code in codes], dtype=bool)[places]
    if untold.any():
        cells, cell_index = view.distinct(amount)
        beside = [currency_code(cell) if cell and not _PLAIN.fullmatch(cell) else "" for cell in cells]
        if any(beside):
            places = np.where(untold, len(codes) + cell_index, places)
            codes += beside
    return codes, places


@lru_cache(maxsize=10_000)
def currency_code(text: str | None) -> str:
    """Return the code of the currency that `text` names ("MXN", "人民币", "US$ 900"), "" where it names none."""
    if not text:
        return ""
    folded = fold_identifier(text)
    if folded in CURRENCIES:
        return folded
    for written in (text, f"1.00 {text}"):
        try:
            code = parse_money(written).currency
        except InputUnreadable:
            continue
        if code:
            return code
    return ""


def dollars(view: RecordView, amount: str = "amount", currency: str = "currency") -> Floats:
    """Return the amounts in dollars, NaN where the amount is blank or its currency unknown.

    An amount with no currency at all is taken as it stands.
    """
    rates = _tables()[0]
    codes, places = currencies(view, amount, currency)
    factors = np.array([rates.get(code, np.nan) if code else 1.0 for code in codes], dtype=np.float64)
    return view.amounts(amount) * factors[places]


def thresholds(view: RecordView, usual: float, amount: str = "amount", currency: str = "currency") -> Floats:
    """Return each row's reporting threshold in its own currency; what `usual` dollars are where no law is held for it."""
    rates, limits = _tables()
    codes, places = currencies(view, amount, currency)
    by_code = [
        usual if not code else limits.get(code, usual / rates[code] if code in rates else np.nan) for code in codes
    ]
    return np.array(by_code, dtype=np.float64)[places]


def code_of(view: RecordView, row: int, amount: str = "amount", currency: str = "currency") -> str:
    """Return the currency code of one row, "" where none is told."""
    return currency_code(view.text(currency, row)) or currency_code(view.text(amount, row))
