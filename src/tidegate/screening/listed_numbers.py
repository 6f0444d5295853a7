"""Listed numbers: wallets, accounts, BICs and registration numbers of a record that a list gives for a party.

A wallet, an account, a BIC, an LEI, a social credit code or an IMO number names one party and no other. Passports and
tax numbers of different countries may be the same digits, so alone they only ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tidegate.screening.finding import Against, Finding, Level, Reason
from tidegate.screening.levels import Evidence
from tidegate.screening.normalize import RecordView, fold_identifier
from tidegate.screening.plan import ScreeningPlan

if TYPE_CHECKING:
    from tidegate.screening.watchlist import ListedParty

_ONE_PARTY = frozenset({"wallet", "account", "swift", "lei", "uscc", "imo"})
_NUMBERS = frozenset(
    {"passport", "national-id", "tax", "registration", "uscc", "lei", "imo", "id-card", "swift", "cedula", "rfc", "curp",
     "nit", "ruc", "ssn", "mmsi"}
)  # fmt: skip
# column -> the kinds of identifier that may stand in it
_COLUMNS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "payments": {
        "wallet": frozenset({"wallet"}), "payer_account": frozenset({"account"}), "payee_account": frozenset({"account"}),
        "payer_bank_bic": frozenset({"swift"}), "payee_bank_bic": frozenset({"swift"}),
        "intermediary_bics": frozenset({"swift"}), "payer_registration_number": _NUMBERS,
        "payee_registration_number": _NUMBERS,
    },
    "parties": {"registration_number": _NUMBERS},
    "consignments": {},
}  # fmt: skip
_PLAIN = re.compile(r"[^0-9A-Za-z]")
_SPLIT = re.compile(r"\s*[;；|\n]\s*")
_SHORTEST = 6  # signs; shorter numbers meet by chance
_INSTITUTION = 8  # signs of a BIC that name the bank; the rest is its branch


def number_findings(view: RecordView, plan: ScreeningPlan) -> list[tuple[Finding, Evidence]]:
    """Return a finding for each cell that holds an identifier which a list gives for a party (RF27 for wallets)."""
    columns = {column: kinds for column, kinds in _COLUMNS[view.kind].items() if view.has(column)}
    if plan.index is None or not columns:
        return []
    wanted = frozenset().union(*columns.values())
    listed: dict[tuple[str, str], tuple[str, ListedParty]] = {}
    for party in plan.index.parties:
        for kind, number in party.identifiers:
            if kind in wanted and (key := _key(kind, number)):
                listed.setdefault((kind, key), (kind, party))
    if not listed:
        return []
    return [
        _finding(view, row, column, number, listed)
        for column, kinds in columns.items()
        for row in view.rows_where(column, _holds_any(kinds, listed)).tolist()
        for number in _split(view.text(column, row))
        if _held(number, kinds, listed)
    ]


def _finding(
    view: RecordView, row: int, column: str, number: str, listed: Mapping[tuple[str, str], tuple[str, ListedParty]]
) -> tuple[Finding, Evidence]:
    kind, party = listed[_held(number, _COLUMNS[view.kind][column], listed)[0]]
    sure = kind in _ONE_PARTY
    level: Level = "hold" if sure else "ask"
    code = kind if kind in ("wallet", "account", "swift") else "number"
    finding = Finding(
        row=row,
        screen="party",
        rule=f"listed-{code}",
        level=level,
        score=1.0 if sure else 0.9,
        column=column,
        value=number,
        against=Against("listed-party", party.id, party.name, party.list_id, party.list_date),
        reasons=(Reason(f"party.{code}", {code: number, "name": party.name}),),
        benign=f"party.{code}-benign",
        evidence=(fold_identifier(number),),
    )
    return finding, Evidence("identity", column, level, alone=sure)


def _holds_any(kinds: frozenset[str], listed: Mapping[tuple[str, str], object]) -> Callable[[str], bool]:
    return lambda text: any(_held(number, kinds, listed) for number in _split(text))


def _held(number: str, kinds: frozenset[str], listed: Mapping[tuple[str, str], object]) -> list[tuple[str, str]]:
    """Return the listed identifiers that `number` is, the surest kind first."""
    keys = [(kind, _key(kind, number)) for kind in sorted(kinds, key=lambda kind: (kind not in _ONE_PARTY, kind))]
    return [key for key in keys if key[1] and key in listed]


def _split(text: str) -> list[str]:
    return [number for number in _SPLIT.split(text.strip()) if number]


def _key(kind: str, number: str) -> str:
    """Return the form in which numbers of one kind are compared, "" for one too short to say anything."""
    # Wallet addresses differ by case; other numbers are written with blanks, strokes or none.
    plain = number.strip() if kind == "wallet" else _PLAIN.sub("", number).upper()
    if kind == "swift":
        return plain[:_INSTITUTION] if len(plain) in (_INSTITUTION, 11) else ""
    return plain if kind == "wallet" or (len(plain) >= _SHORTEST and any(sign.isdigit() for sign in plain)) else ""
