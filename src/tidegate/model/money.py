"""Money: an amount with its currency, as written on invoices, e.g. "US$ 1,200.50", "1.200,50 EUR", "￥12000", "(350.00)"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from tidegate.model.chinese_numerals import NUMERALS, parse_chinese_number
from tidegate.model.quantity import DecimalSign, QuantityUnreadable, fold_digits, parse_number

# ISO 4217 codes in use in 2024, with the funds codes left out.
_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL"
)
CURRENCIES = frozenset(_CODES.split())
# A bare "$" or "¥" belongs to several currencies, so it gives none.
_SIGNS = {
    "us$": "USD", "usd$": "USD", "u$s": "USD", "mx$": "MXN", "mex$": "MXN", "hk$": "HKD", "nt$": "TWD", "a$": "AUD",
    "c$": "CAD", "ca$": "CAD", "s$": "SGD", "r$": "BRL", "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₽": "RUB",
    "rmb": "CNY", "cn¥": "CNY", "rmb¥": "CNY", "cny¥": "CNY", "jp¥": "JPY", "元": "CNY", "人民币": "CNY", "人民幣": "CNY",
    "美元": "USD", "美金": "USD", "欧元": "EUR", "歐元": "EUR", "港币": "HKD", "港幣": "HKD", "港元": "HKD",
    "日元": "JPY", "円": "JPY", "英镑": "GBP", "人民币元": "CNY", "元人民币": "CNY", "比索": None, "墨西哥比索": "MXN", "新台币": "TWD", "新台幣": "TWD", "euro": "EUR", "euros": "EUR",
    "usdollars": "USD", "usdollar": "USD", "dls": "USD", "dlls": "USD", "dólaresamericanos": "USD", "mn": "MXN",
    # Spanish papers say "dólares canadienses" and the like for every other dollar.
    "dólar": "USD", "dólares": "USD", "dolar": "USD", "dolares": "USD", "dólaresusa": "USD", "dólareseua": "USD", "dólareseeuu": "USD",
    "dólaresestadounidenses": "USD", "dólarescanadienses": "CAD", "canadiandollars": "CAD", "hongkongdollars": "HKD",
    "yuan": "CNY", "yuanes": "CNY", "renminbi": "CNY", "yuanrenminbi": "CNY", "chineseyuan": "CNY", "cnh": "CNY", "圆": "CNY",
    "poundsterling": "GBP", "poundssterling": "GBP", "libraesterlina": "GBP", "librasesterlinas": "GBP", "yen": "JPY", "yenes": "JPY",
    "swissfrancs": "CHF", "mexicanpesos": "MXN", "加元": "CAD", "澳元": "AUD", "新加坡元": "SGD", "韩元": "KRW", "泰铢": "THB", "卢布": "RUB",
    "瑞士法郎": "CHF", "越南盾": "VND",
    "pesosmexicanos": "MXN", "fr": "CHF", "sfr": "CHF", "руб": "RUB", "฿": "THB", "₫": "VND", "₱": "PHP", "₦": "NGN",
    "₺": "TRY", "₪": "ILS", "₴": "UAH", "zł": "PLN", "kč": "CZK", "rs": None, "kr": None,
    "$": None, "¥": None, "pesos": None, "dollars": None, "usdt": "USDT", "usdc": "USDC", "btc": "BTC",
    "eth": "ETH",
}  # fmt: skip
_WORDS = frozenset({*_SIGNS, "dollar", "peso"})
# Minor units by ISO 4217: with these, or a coin, three digits behind a sign may be decimals. Elsewhere they are thousands.
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND", "USDT", "USDC", "BTC", "ETH"})
# "1.200,-" and "1200.--" write an amount without minor units; CR and DR tell the side of a ledger, not the sign.
_TAIL = re.compile(r"[.,](?:-{1,2}|–|—)(?=\s*[^\d]*$)|\s+(?:CR|DR)\.?$|整$")
_ABBREVIATION_DOT = re.compile(r"(?<=[^\W\d])\.(?=\s|[^\W\d]|$)")
# A bare M is a thousand to some and a million to others, so it is not read.
_MULTIPLE = re.compile(
    r"(?<=\d)\s*(?:(万|萬)|(亿|億)|(百万)|(k|thousand|mil)\b|(mio|mill(?:i|)on(?:es)?|millón)\b(?:\s+de\b)?|(bn|billion)\b)",
    re.IGNORECASE,
)
_MULTIPLES = (10**4, 10**8, 10**6, 10**3, 10**6, 10**9)
_PARTS = re.compile(
    r"^([^\d.,\-+()]*)\s*([\-+]?)\s*([\d.,](?:[\d.,' ]*\d)?(?:[eE][+\-]?\d{1,3})?)\s*(-?)\s*([^\d.,\-+()]*)$"
)
_IN_NUMERALS = re.compile(rf"^([^\d{(n := ''.join(sorted(NUMERALS)))}]*)([{n}]+)([^\d{n}]*)$")
_ACCOUNTING = re.compile(r"^([^\d()]*)\((.*)\)([^\d()]*)$")
_THREE_DIGITS = re.compile(r"^\d{1,3}[.,]\d{3}$")
_LONGEST = 80


class MoneyUnreadable(QuantityUnreadable):
    """No amount can be read. Write one amount and its currency code, e.g. 1200.50 USD."""

    code = "money.unreadable"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, and the currency's code where the text settles it: ISO 4217, or a coin such as USDT."""

    amount: Decimal
    currency: str | None


def parse_money(text: str, *, decimal: DecimalSign | None = None, currency_known: bool = False) -> Money:
    """Return the amount and currency in `text`; brackets and a trailing minus make it negative.

    "1,234 USD" is thousands, because that currency has two decimals; currency_known: so does the column's. Raises MoneyUnreadable for no amount or an unknown
    currency, QuantityAmbiguous for "1,234" with neither `decimal` nor currency known.
    """
    cleaned = fold_digits(text)
    if not cleaned or len(cleaned) > _LONGEST:
        raise _unreadable(text)
    negative = False
    accounting = _ACCOUNTING.match(cleaned)
    if accounting:
        negative, cleaned = True, f"{accounting[1]}{accounting[2]}{accounting[3]}"
    spelled = _spelled(cleaned, text)
    if spelled is not None:
        return spelled
    cleaned, times = _multiple(_TAIL.sub("", _ABBREVIATION_DOT.sub("", cleaned)))
    parts = _PARTS.match(cleaned)
    if not parts or (
        parts[1].strip() and parts[5].strip() and len({_code(parts[5], text), _code(parts[1], text)} - {None}) > 1
    ):
        raise _unreadable(text)
    currency = _code(parts[1], text) or _code(parts[5], text)
    known = currency_known or (currency is not None and has_two_decimals(currency))
    if decimal is None and known and times == 1 and _THREE_DIGITS.match(parts[3]):
        decimal = "." if "," in parts[3] else ","
    amount = parse_number(parts[3], decimal=decimal)
    if parts[2] == "-" or parts[4] == "-":
        negative = not negative
    return Money((-amount if negative else amount) * times, currency)


def has_two_decimals(currency: str | None) -> bool:
    """Tell whether an amount in `currency` has two decimals at most, as most currencies have."""
    return currency not in _THREE_DECIMALS


def parse_currency(text: str) -> str | None:
    """Return the currency code that a currency cell names ("人民币", "US$", "eur"), or None if it settles none."""
    try:
        return _code(fold_digits(text), text)
    except MoneyUnreadable:
        return None


def _spelled(cleaned: str, text: str) -> Money | None:
    """Return "人民币壹万元整" as money; None where the text is not written in Chinese numerals."""
    if cleaned.isascii():
        return None
    found = _IN_NUMERALS.match(cleaned)
    number = parse_chinese_number(found[2]) if found else None
    if found is None or number is None:
        return None
    currency = parse_currency(found[1]) or parse_currency(found[3].removesuffix("整"))
    return Money(Decimal(number), currency)


def _multiple(cleaned: str) -> tuple[str, int]:
    """Return the text without "万", "k" or "million", and what they multiply by."""
    found = _MULTIPLE.search(cleaned)
    if not found:
        return cleaned, 1
    times = next(value for value, told in zip(_MULTIPLES, found.groups(), strict=True) if told)
    return f"{cleaned[: found.start()]} {cleaned[found.end() :]}".strip(), times


def _code(written: str, text: str) -> str | None:
    """Return the currency code of a sign, word or code; None for nothing or a sign of several currencies."""
    plain = re.sub(r"[\s:.]", "", written)
    if not plain:
        return None
    if plain.upper() in CURRENCIES:
        return plain.upper()
    folded = plain.casefold()
    if folded in _SIGNS:
        return _SIGNS[folded]
    if plain[:3].upper() in CURRENCIES and folded[3:] in _WORDS:  # "USD dollars"
        return plain[:3].upper()
    for sign in ("$", "¥", "€", "£"):
        bare = folded.replace(sign, "")
        if sign in folded and bare.upper() in CURRENCIES:
            return bare.upper()
    raise _unreadable(text)


def _unreadable(text: str) -> MoneyUnreadable:
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return MoneyUnreadable(f"{shown!r} holds no amount; expected one amount, e.g. 1200.50 USD", value=shown)
