"""Parts of ISO 20022 messages: party, account, amount and remittance text, read by local name.

A party may be a customer (Nm, PstlAdr), wrapped in Pty or Agt (version 8 of camt and later), or a bank (FinInstnId).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tidegate.errors import TidegateError
from tidegate.model.identifiers.bic import bic_country, parse_bic
from tidegate.model.identifiers.iban import fold_iban, looks_like_iban, parse_iban
from tidegate.model.quantity import canonical_decimal, format_number, parse_number

if TYPE_CHECKING:
    from lxml.etree import _Element


@dataclass(frozen=True, slots=True)
class Party:
    """Who pays or is paid: name, account as written, country. A bank without a name goes by its BIC.

    numbers: what else identifies it: BIC, LEI, tax or registration numbers, a passport.
    """

    name: str = ""
    account: str = ""
    country: str = ""
    wrong_bic: str = ""
    numbers: tuple[str, ...] = ()
    birth_date: str = ""
    bic: str = ""

    def or_else(self, other: Party) -> Party:
        """Return this party, with what it lacks altogether taken from `other`."""
        if not self.name and not self.account:
            return other
        if not self.name and other.name and self.account == other.account:
            return other
        return self


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as a plain decimal, and its currency code. readable is False where the text was no number."""

    value: str
    currency: str
    readable: bool = True


def child(element: _Element | None, path: str) -> _Element | None:
    """Return the first descendant along `path` of local names, or None."""
    for name in path.split("/"):
        if element is None:
            return None
        element = next(element.iterchildren(f"{{*}}{name}"), None)
    return element


def children(element: _Element | None, name: str) -> Iterator[_Element]:
    """Return the children with the local name `name`."""
    return iter(()) if element is None else element.iterchildren(f"{{*}}{name}")


def text(element: _Element | None, path: str) -> str:
    """Return the text at `path`, blanks and line breaks inside made single; "" if absent."""
    found = child(element, path)
    return " ".join((found.text or "").split()) if found is not None else ""


def amount(element: _Element | None, path: str) -> Amount | None:
    """Return the amount at `path`, or None if it is absent."""
    found = child(element, path)
    if found is None:
        return None
    written = " ".join((found.text or "").split())
    currency = (found.get("Ccy") or "").strip().upper()
    try:
        # The schema knows one decimal sign, so 1.234 is not in doubt here.
        number = parse_number(written, decimal=".")
        plain = written if re.fullmatch(r"\d+(?:\.\d+)?", written) else format_number(number)
        return Amount(canonical_decimal(plain), currency)
    except TidegateError:
        return Amount(written, currency, readable=False)


def party(element: _Element | None, account_element: _Element | None = None) -> Party:
    """Return who `element` (Dbtr, Cdtr, Ownr) names, with the account beside it."""
    number = account(account_element)
    if element is None:
        return Party(account=number)
    inner = child(element, "Pty")
    if inner is None:
        inner = element
    bank = child(element, "FinInstnId")
    if bank is None:
        bank = child(element, "Agt/FinInstnId")
    if bank is not None:
        return _bank(bank, number)
    name = text(inner, "Nm")
    country = text(inner, "PstlAdr/Ctry") or text(inner, "CtryOfRes")
    told = [text(inner, f"Id/OrgId/{place}") for place in ("AnyBIC", "BICOrBEI", "LEI")]
    for kind in ("OrgId", "PrvtId"):
        told += [text(other, "Id") for other in children(child(inner, f"Id/{kind}"), "Othr")]
    code = next((each for each in told[:4] if each and child(inner, "Id/OrgId") is not None), "")
    numbers = tuple(dict.fromkeys(each for each in told if each))
    return Party(name or code, number, country, "", numbers, text(inner, "Id/PrvtId/DtAndPlcOfBirth/BirthDt")[:10])


def account(element: _Element | None) -> str:
    """Return the account number: the IBAN without blanks, or the other identification as written."""
    iban = text(element, "Id/IBAN")
    if iban:
        return fold_iban(iban)
    other = text(element, "Id/Othr/Id")
    return (parse_iban(other) or other) if other else text(element, "Prxy/Id")


def memo(*elements: _Element) -> str:
    """Return what the elements say about the purpose: free and structured remittance, purpose."""
    return join_words([word for element in elements for word in memo_words(element)])


def join_words(words: list[str]) -> str:
    """Return the words of one payment as one text, each said once."""
    return "; ".join(dict.fromkeys(word for word in words if word))


def memo_words(element: _Element) -> list[str]:
    """Return what one element says about the purpose, in order."""
    words: list[str] = []
    for info in children(element, "RmtInf"):
        words += [" ".join((each.text or "").split()) for each in children(info, "Ustrd")]
    for info in children(element, "RmtInf"):
        for block in children(info, "Strd"):
            words += [text(each, "Nb") for each in children(block, "RfrdDocInf")]
            words += [text(block, "CdtrRefInf/Ref")]
            words += [" ".join((each.text or "").split()) for each in children(block, "AddtlRmtInf")]
    words += [text(element, place) for place in ("Purp/Cd", "Purp/Prtry", "AddtlTxInf", "AddtlNtryInf")]
    words += [text(each, "InstrInf") for each in children(element, "InstrForCdtrAgt")]
    words += [text(each, "AddtlInf") for each in children(element, "RtrRsnInf")]
    return words


def doubts_of(
    payer: Party, payee: Party, money: Amount | None, beside: Mapping[str, str], *, complete: bool
) -> list[tuple[str, str, str]]:
    """Return what is missing or wrong, as column, value and wording code. complete: both parties must be named.

    beside: the other roles by canonical column (see `iso20022_roles`).
    """
    doubts = []
    if money is None:
        doubts.append(("amount", "", "files.amount-missing"))
    elif not money.readable:
        doubts.append(("amount", money.value[:80], "money.unreadable"))
    for column, codes in beside.items():
        if column.endswith(("_bic", "_bics")):
            doubts += [(column, code, "files.bic-wrong") for code in codes.split("; ") if not parse_bic(code)]
    for column, side in (("payer", payer), ("payee", payee)):
        if complete and not side.name:
            doubts.append((column, "", "files.party-missing"))
        if side.account and looks_like_iban(side.account) and not parse_iban(side.account):
            doubts.append((f"{column}_account", side.account, "files.iban-wrong"))
        if side.wrong_bic:
            doubts.append((column, side.wrong_bic, "files.bic-wrong"))
    return doubts


def _bank(bank: _Element, number: str) -> Party:
    name = text(bank, "Nm") or text(bank, "CmbndId/Nm")
    code = text(bank, "BICFI") or text(bank, "BIC") or text(bank, "BICOrBEI")
    bic = parse_bic(code) if code else None
    member = text(bank, "ClrSysMmbId/MmbId")
    country = text(bank, "PstlAdr/Ctry") or (bic_country(bic) if bic else "")
    lei = text(bank, "LEI")
    numbers = tuple(each for each in (code, lei) if each)
    return Party(name or code or member or lei, number, country, code if code and not bic else "", numbers, bic=code)
