"""Money: an amount with its currency, as written on invoices, e.g. "US$ 1,200.50", "1.200,50 EUR", "￥12000", "(350.00)"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

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
    "日元": "JPY", "英镑": "GBP", "新台币": "TWD", "新台幣": "TWD", "euro": "EUR", "euros": "EUR",
    "$": None, "¥": None, "pesos": None, "dollars": None, "dólares": None, "usdt": "USDT", "usdc": "USDC", "btc": "BTC",
    "eth": "ETH",
}  # fmt: skip
# Minor units by ISO 4217: with these, or a coin, three digits behind a sign may be decimals. Elsewhere they are thousands.
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND", "USDT", "USDC", "BTC", "ETH"})
_PARTS = re.compile(
    r"^([^\d.,\-+()]*)\s*([\-+]?)\s*([\d.,](?:[\d.,' ]*\d)?(?:[eE][+\-]?\d{1,3})?)\s*(-?)\s*([^\d.,\-+()]*)$"
)
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


def parse_money(text: str, *, decimal: DecimalSign | None = None) -> Money:
    """Return the amount and currency in `text`; brackets and a trailing minus make it negative.

    "1,234 USD" is thousands, because that currency has two decimals. Raises MoneyUnreadable for no amount or an unknown
    currency, QuantityAmbiguous for "1,234" with neither `decimal` nor currency known.
    """
    cleaned = fold_digits(text)
    if not cleaned or len(cleaned) > _LONGEST:
        raise _unreadable(text)
    negative = False
    accounting = _ACCOUNTING.match(cleaned)
    if accounting:
        negative, cleaned = True, f"{accounting[1]}{accounting[2]}{accounting[3]}"
    parts = _PARTS.match(cleaned)
    if not parts or (
        parts[1].strip() and parts[5].strip() and _code(parts[5], text) not in {None, _code(parts[1], text)}
    ):
        raise _unreadable(text)
    currency = _code(parts[1], text) or _code(parts[5], text)
    if decimal is None and currency and currency not in _THREE_DECIMALS and _THREE_DIGITS.match(parts[3]):
        decimal = "." if "," in parts[3] else ","
    amount = parse_number(parts[3], decimal=decimal)
    if parts[2] == "-" or parts[4] == "-":
        negative = not negative
    return Money(-amount if negative else amount, currency)


def parse_currency(text: str) -> str | None:
    """Return the currency code that a currency cell names ("人民币", "US$", "eur"), or None if it settles none."""
    try:
        return _code(fold_digits(text), text)
    except MoneyUnreadable:
        return None


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
    for sign in ("$", "¥", "€", "£"):
        bare = folded.replace(sign, "")
        if sign in folded and bare.upper() in CURRENCIES:
            return bare.upper()
    raise _unreadable(text)


def _unreadable(text: str) -> MoneyUnreadable:
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return MoneyUnreadable(f"{shown!r} holds no amount; expected one amount, e.g. 1200.50 USD", value=shown)
