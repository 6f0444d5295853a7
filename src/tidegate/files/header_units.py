"""Header units: the mass unit, the currency and the scale that a header states, e.g. "净重(吨)", "Value (USD thousands)"."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tidegate.model.money import CURRENCIES, parse_currency
from tidegate.model.quantity import fold_unit, is_mass_unit

BRACKETS = re.compile(r"[(\[（【{]\s*([^()\[\]（）【】{}]*)\s*[)\]）】}]")
_SCALE = re.compile(
    r"百万|百萬|千(?=元|美元|吨|[（(]|$)|万(?=元|美元|吨|$)|萬(?=元|美元|噸|$)|\b(?:in\s+)?thousands?\b|\bmiles(?:\s+de)?\b|\b(?:in\s+)?millions?\b|"
    r"\bmillones(?:\s+de)?\b|['’]000s?\b|\b000s\b",
    re.IGNORECASE,
)
_SCALE_AT_END = re.compile(
    r"\s(?:['’]?000s?|(?:in\s+)?thousands?(?:\s+of)?|(?:en\s+)?miles(?:\s+de)?|millones(?:\s+de)?)\s*$", re.I
)
_SIGN = re.compile(r"[$€£¥]")
_SCALES = (("百万", 1_000_000), ("百萬", 1_000_000), ("mill", 1_000_000), ("千", 1000), ("thousand", 1000), ("miles", 1000),
           ("000", 1000), ("万", 10_000), ("萬", 10_000))  # fmt: skip


@lru_cache(maxsize=20_000)
def take_unit(header: str) -> tuple[str, str, str]:
    """Return the header without its unit or currency, the mass unit and the currency code ("" if none)."""
    unit = currency = ""
    text = unicodedata.normalize("NFKC", header)
    for inside in BRACKETS.findall(text):
        # Only the brackets lose it: the t of "Net weight (t)" stands in its words too.
        if is_mass_unit(inside):
            unit = fold_unit(inside)
            text = BRACKETS.sub(lambda found, told=inside: "" if found[1] == told else found[0], text)  # type: ignore[misc]
        elif code := parse_currency(_SCALE.sub("", inside)):
            currency = code
            text = BRACKETS.sub(lambda found, told=inside: "" if found[1] == told else found[0], text)  # type: ignore[misc]
    text = _SCALE_AT_END.sub("", text)
    tail = re.split(r"[\s/,:\-_]+", text.strip())
    if not unit and len(tail) > 1 and is_mass_unit(tail[-1]):
        unit = fold_unit(tail[-1])
        text = text.strip().removesuffix(tail[-1])
    if not currency and len(tail) > 1 and tail[-1].upper() in CURRENCIES:
        currency = tail[-1].upper()
        text = text.strip().removesuffix(tail[-1])
    elif not currency and len(tail) > 1 and (code := _SIGN.search(tail[-1]) and parse_currency(tail[-1])):
        currency = code
        text = text.strip().removesuffix(tail[-1])
    text = _SCALE_AT_END.sub("", text)
    if unit or currency:
        text = re.sub(r"\s(?:in|en)\s*$", "", text, flags=re.IGNORECASE)
    if not unit:
        han = re.search(
            r"(公斤|千克|吨|噸|克|斤|磅|(?<=[\u4e00-\u9fff])(?:kgs?|lbs?|mt|t|g))$", text.strip(), re.IGNORECASE
        )
        unit = fold_unit(han[1]) if han else ""
    return text, unit, currency


def header_scale(header: str) -> int:
    """Return by what the numbers below a header are to be multiplied: 10000 for "金额(万元)", 1000 for "USD thousands"."""
    found = _SCALE.search(unicodedata.normalize("NFKC", header))
    return next((scale for word, scale in _SCALES if found and word in found[0].casefold()), 1)
