"""Roles in ISO 20022 messages beside payer and payee: ultimate parties, who started the payment, and the banks on its way.

Source: ISO 20022 message definition reports, message components "Credit Transfer Transaction", "Transaction Parties"
and "Transaction Agents".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tidegate.files.iso20022_parts import Party, child, party
from tidegate.files.safe_xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

# canonical column -> the elements that hold it, the surest first
_PARTIES = {
    "ultimate_payer": ("UltmtDbtr",),
    "ultimate_payee": ("UltmtCdtr",),
    "initiating_party": ("InitgPty", "TradgPty"),
}
_BANKS = {"payer_bank": "DbtrAgt", "payee_bank": "CdtrAgt"}
_BETWEEN = (
    "PrvsInstgAgt", "PrvsInstgAgt1", "PrvsInstgAgt2", "PrvsInstgAgt3", "InstgAgt", "InstgRmbrsmntAgt", "ThrdRmbrsmntAgt",
    "InstdRmbrsmntAgt", "IntrmyAgt1", "IntrmyAgt2", "IntrmyAgt3", "InstdAgt", "DlvrgAgt", "RcvgAgt", "IssgAgt",
)  # fmt: skip
_INSIDE = frozenset({"RltdPties", "RltdAgts", "SttlmInf"})
_WANTED = frozenset({name for names in _PARTIES.values() for name in names} | {*_BANKS.values(), *_BETWEEN})
_TURNED = {
    "ultimate_payer": "ultimate_payee", "ultimate_payee": "ultimate_payer", "payer_bank": "payee_bank",
    "payee_bank": "payer_bank", "payer_bank_bic": "payee_bank_bic", "payee_bank_bic": "payer_bank_bic",
}  # fmt: skip
ROLE_SOURCES = {
    "ultimate_payer": "UltmtDbtr", "ultimate_payee": "UltmtCdtr", "initiating_party": "InitgPty", "payer_bank": "DbtrAgt",
    "payer_bank_bic": "DbtrAgt/FinInstnId/BICFI", "payee_bank": "CdtrAgt", "payee_bank_bic": "CdtrAgt/FinInstnId/BICFI",
    "intermediary_banks": "IntrmyAgt, PrvsInstgAgt, InstgAgt", "intermediary_bics": "IntrmyAgt, PrvsInstgAgt, InstgAgt",
    "payer_registration_number": "Dbtr/Id", "payee_registration_number": "Cdtr/Id", "payer_birth_date": "Dbtr/Id/PrvtId",
    "payee_birth_date": "Cdtr/Id/PrvtId",
}  # fmt: skip


Seen = Mapping[str, Party]


def parties_in(element: _Element | None) -> Seen:
    """Return the parties and banks that stand in `element` itself, by the name of their role."""
    seen: dict[str, Party] = {}
    for one in () if element is None else element.iterchildren("{*}*"):
        name = local_name(one)
        if name in _WANTED:
            seen.setdefault(name, party(one))
        elif name in _INSIDE:
            seen = {**parties_in(one), **seen}
    return seen


def roles_of(*seen: Seen, turned: bool = False) -> dict[str, str]:
    """Return the roles by canonical column; of several elements the first that names a role counts.

    A bank between is named once, in the order of its way. turned: payer and payee change places, as in a return.
    """
    if not any(seen):
        return {}
    nobody = Party()

    def first(name: str) -> Party:
        return next((one[name] for one in seen if name in one and one[name].name), nobody)

    held = {
        column: next((told for name in names if (told := first(name).name)), "") for column, names in _PARTIES.items()
    }
    for column, name in _BANKS.items():
        held |= {column: first(name).name, f"{column}_bic": first(name).bic}
    between = [one[name] for name in _BETWEEN for one in seen if name in one]
    ends = {held["payer_bank"], held["payee_bank"], held["payer_bank_bic"], held["payee_bank_bic"], ""}
    for column, words in (("banks", [one.name for one in between]), ("bics", [one.bic for one in between])):
        held[f"intermediary_{column}"] = "; ".join(each for each in dict.fromkeys(words) if each not in ends)
    return {_TURNED.get(column, column) if turned else column: value for column, value in held.items() if value}


def account_bank(account: _Element | None) -> Party:
    """Return the bank that keeps an account (Acct/Svcr)."""
    return party(child(account, "Svcr"))


def bank_columns(column: str, bank: Party) -> dict[str, str]:
    """Return a bank under the canonical column of its side and that of its BIC."""
    return {name: value for name, value in ((column, bank.name), (f"{column}_bic", bank.bic)) if value}
