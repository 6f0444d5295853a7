"""Statement sides: money out and in of a bank statement, in columns of their own, by a word or by a sign beside the sum.

A statement names its own account once and the other side in each line. Debit is money out and credit is money in, as
the bank of an account holder writes it; for money in, the other side is the payer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tidegate.files.cleaning import Cleaned, Doubt
from tidegate.files.grid import shorten
from tidegate.files.headers import HeaderFound
from tidegate.files.records import Note

if TYPE_CHECKING:
    import pyarrow as pa

_OUT = frozenset(
    ["d", "dr", "db", "dbit", "debit", "debited", "out", "outgoing", "withdrawal", "paid", "sent", "-", "s", "soll", "cargo",
     "debe", "débito", "debito", "egreso", "salida", "retiro", "pago", "enviado", "借", "借方", "支", "支出", "付", "付款", "转出",
     "轉出", "出", "出账", "往"]
)  # fmt: skip
_IN = frozenset(
    ["c", "cr", "crdt", "credit", "credited", "in", "incoming", "deposit", "received", "receipt", "+", "h", "haben", "abono",
     "haber", "crédito", "credito", "ingreso", "entrada", "depósito", "deposito", "recibido", "贷", "貸", "贷方", "貸方", "收",
     "收入", "收款", "转入", "轉入", "进", "入", "入账", "来"]
)  # fmt: skip
_NEITHER = frozenset(["", "不计收支", "中性交易", "/", "其他"])
_MARKED = r"^(.*\d)\s*\(?(CR|DR|Cr|Dr|cr|dr|DB|C|D|S|H|借|贷|貸)\.?\)?$"
_NOTHING = r"^[-+]?0*(?:\.0*)?$"
_SUM = re.compile(r"^[\s¥￥$€£+(-]*\d[\d.,' \u00a0\u202f]*\)?-?$")
_PAIRS = ("", "_account", "_country", "_bank", "_bank_bic", "_registration_number", "_birth_date")
# Headers that name one's own account, and those that name the other side whichever way the money goes.
_OWN = re.compile(r"(?i)holder|own|titular|本方|户名$|戶名$|account name|customer name|nuestr")
_OTHER = re.compile(r"(?i)counter|other party|contraparte|对方|對方|交易对手|对手方|merchant|商户")


@dataclass(frozen=True, slots=True)
class Sides:
    """What was settled: notes to say, and doubts by canonical column."""

    notes: tuple[Note, ...] = ()
    doubts: Mapping[str, Sequence[Doubt]] | None = None


def name_sums(found: HeaderFound, texts: Sequence[Cleaned]) -> HeaderFound:
    """Return `found` with 借方 and 贷方 as sums where numbers stand below them; the words name parties as well."""
    meant = {"借方": "debit", "贷方": "credit", "貸方": "credit"}
    held = {match.canonical for match in found.matches}
    sums = {
        one.place: replace(one, canonical=meant[one.header.strip()])
        for one in (*found.matches, *found.duplicates)
        if meant.get(one.header.strip(), "payee") not in {"payee", *held} and _mostly_sums(texts[one.place].column)
    }
    if not sums:
        return found
    # A name that stood second behind such a word comes first now.
    left = {one.canonical for one in found.matches if one.place not in sums}
    freed = {
        one.canonical: one for one in reversed(found.duplicates) if one.place not in sums and one.canonical not in left
    }
    kept = [one for one in found.matches if one.place not in sums]
    matches = sorted([*kept, *freed.values(), *sums.values()], key=lambda one: one.place)
    taken = {one.place for one in matches}
    duplicates = tuple(one for one in found.duplicates if one.place not in taken)
    return replace(found, matches=tuple(matches), duplicates=duplicates)


def take_marks(found: HeaderFound, texts: list[Cleaned]) -> pa.ChunkedArray | None:
    """Cut "CR" and "DR" off the sums of payments, in `texts`, and return them; None where no sum has one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    place = next((match.place for match in found.matches if match.canonical == "amount"), None)
    if found.kind != "payments" or place is None:
        return None
    column = texts[place].column
    marked = pc.fill_null(pc.match_substring_regex(column, _MARKED), False)
    if not pc.any(marked).as_py():
        return None
    marks = pc.if_else(marked, pc.replace_substring_regex(column, _MARKED, r"\2"), pa.scalar(None, pa.string()))
    texts[place] = replace(texts[place], column=pc.replace_substring_regex(column, _MARKED, r"\1"))
    return marks


def settle_sides(columns: dict[str, Cleaned], headers: Mapping[str, str], marks: pa.ChunkedArray | None) -> Sides:
    """Turn payer and payee round, in `columns`, where money came in; make the amount of two columns of sums.

    headers: canonical column to header as written. marks: what `take_marks` found behind the sums.
    """
    import pyarrow.compute as pc

    doubts: dict[str, Sequence[Doubt]] = {}
    split = "amount" not in columns and ("debit" in columns or "credit" in columns)
    if split:
        incoming, doubts["debit"] = _join_sums(columns)
    else:
        told = _told_direction(columns, marks)
        incoming = told if told is not None else _by_sign(columns, headers)
    if incoming is None:
        return Sides()
    count = pc.sum(incoming).as_py() or 0
    if (
        "payer" in headers
        and "payee" in headers
        and not _OWN.search(headers["payer"])
        and not _OTHER.search(headers["payee"])
    ):
        return Sides((), doubts)  # each column says itself who pays and who is paid
    if "payer" in headers and "payee" not in headers and not _OWN.search(headers["payer"]):
        _turn(columns, None)
    _turn(columns, incoming)
    return Sides((Note("files.sides-settled", {"count": str(count)}),), doubts)


def _join_sums(columns: dict[str, Cleaned]) -> tuple[pa.ChunkedArray, list[Doubt]]:
    """Make the amount of debit and credit; return the rows of money in, and the rows that have both."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = len(next(iter(columns.values())).column)
    nothing = pa.chunked_array([pa.nulls(rows, pa.string())])
    debit, credit = (
        _without_zeros(columns[side].column) if side in columns else nothing for side in ("debit", "credit")
    )
    both = pc.and_(pc.is_valid(debit), pc.is_valid(credit))
    doubts = [
        Doubt(row, shorten(f"{debit[row].as_py()} / {credit[row].as_py()}"), "files.both-sides")
        for row in pc.indices_nonzero(both).to_pylist()
    ]
    less, more = (pc.fill_null(pc.starts_with(side, "-"), False) for side in (debit, credit))
    # Some banks write every debit with a minus; where only some have one, those are turned back.
    if pc.sum(less).as_py() == len(debit) - debit.null_count:
        less = pc.and_(less, False)
    incoming = pc.or_(pc.and_(pc.is_valid(credit), pc.invert(more)), pc.and_(pc.is_valid(debit), less))
    amount = pc.replace_substring_regex(pc.coalesce(debit, credit), r"^-", "")
    amount = pc.if_else(both, pa.scalar(None, pa.string()), amount)
    extras = [extra for side in ("debit", "credit") if side in columns and (extra := columns[side].extra) is not None]
    columns["amount"] = Cleaned(amount, [], pc.coalesce(*extras) if extras else None)
    return pc.and_(pc.fill_null(incoming, False), pc.invert(both)), doubts


def _told_direction(columns: Mapping[str, Cleaned], marks: pa.ChunkedArray | None) -> pa.ChunkedArray | None:
    """Return the rows of money in as a word beside the sum, or behind it, tells; None where no word tells it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for column in (marks, *(columns[name].column for name in ("direction", "channel") if name in columns)):
        if column is None:
            continue
        words = {word: (word or "").strip().casefold() for word in pc.unique(column).to_pylist()}
        if any(word in _IN | _OUT for word in words.values()) and all(
            word in _IN | _OUT | _NEITHER for word in words.values()
        ):
            inward = [told for told, word in words.items() if word in _IN and told is not None]
            return pc.is_in(column, value_set=pa.array(inward, pa.string()))
    return None


def _by_sign(columns: dict[str, Cleaned], headers: Mapping[str, str]) -> pa.ChunkedArray | None:
    """Return the rows of money in by the sign of the sum, where one column of sums has both and the other side is named."""
    import pyarrow.compute as pc

    if "amount" not in columns or not _OTHER.search(headers.get("payee", "")):
        return None
    amount = columns["amount"].column
    below = pc.fill_null(pc.starts_with(amount, "-"), False)
    count = pc.sum(below).as_py() or 0
    if not count or count == len(amount) - amount.null_count:
        return None
    columns["amount"] = replace(columns["amount"], column=pc.replace_substring_regex(amount, r"^-", ""))
    return pc.and_(pc.is_valid(amount), pc.invert(below))


def _turn(columns: dict[str, Cleaned], rows: pa.ChunkedArray | None) -> None:
    """Let payer and payee change places in `rows`, in all of them for None."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for part in _PAIRS:
        ends = (f"payer{part}", f"payee{part}")
        if not any(end in columns for end in ends):
            continue
        blank = pa.chunked_array([pa.nulls(len(next(iter(columns.values())).column), pa.string())])
        payer, payee = (columns[end].column if end in columns else blank for end in ends)
        made = (payee, payer) if rows is None else (pc.if_else(rows, payee, payer), pc.if_else(rows, payer, payee))
        for end, column in zip(ends, made, strict=True):
            columns[end] = Cleaned(column, [])


def _without_zeros(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    empty = pc.match_substring_regex(column, _NOTHING)
    return pc.if_else(pc.fill_null(empty, False), pa.scalar(None, pa.string()), column)


def _mostly_sums(column: pa.ChunkedArray) -> bool:
    values = [value for value in column.slice(0, 2_000).to_pylist() if value]
    return bool(values) and sum(1 for value in values if _SUM.match(value)) * 5 >= len(values) * 4
