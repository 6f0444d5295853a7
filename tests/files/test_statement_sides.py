"""Bank statements: who paid and who was paid, whichever way a bank writes money out and in."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.files.reading import read_records
from tidegate.files.records import TableRead

OWN = "Farol Azul SA de CV"
SHEETS = {
    "zh": (
        "账户名称：,Farol Azul SA de CV\n交易日期,摘要,对方户名,借方金额,贷方金额,余额\n"
        '2024-01-05,货款,Paper Cloud Ltd,"1,200.50",,88\n2024-01-06,收款,Luna Clara SA,0.00,300,93\n'
    ),
    "zh-short": (
        "账户名称：,Farol Azul SA de CV\n日期,借方,贷方,对方单位,用途\n"
        "2024-01-05,1200.50,,Paper Cloud Ltd,货款\n2024-01-06,,300,Luna Clara SA,收款\n"
    ),
    "zh-flow": (
        "账户名称：,Farol Azul SA de CV\n交易时间,交易对方,收/支,金额(元),备注\n"
        "2024-01-05 10:00:00,Paper Cloud Ltd,支出,¥1200.50,/\n2024-01-06 11:00:00,Luna Clara SA,收入,¥300.00,/\n"
    ),
    "es": (
        "Titular: Farol Azul SA de CV\nFecha;Concepto;Beneficiario/Ordenante;Debe;Haber;Saldo\n"
        "05/01/2024;Pago;Paper Cloud Ltd;1.200,50;;10\n16/01/2024;Cobro;Luna Clara SA;;300,00;13\n"
    ),
    "en": (
        "Account holder: Farol Azul SA de CV\nDate,Payee,Memo,Withdrawals (USD),Deposits (USD)\n"
        '2024-01-05,Paper Cloud Ltd,x,"$1,200.50",\n2024-01-06,Luna Clara SA,y,,$300.00\n'
    ),
    "marks": (
        "Account holder: Farol Azul SA de CV\nDate,Description,Counterparty,Amount\n"
        '2024-01-05,x,Paper Cloud Ltd,"1,200.50 DR"\n2024-01-06,y,Luna Clara SA,300.00 CR\n'
    ),
    "signs": (
        "Account holder: Farol Azul SA de CV\nDate,Description,Counterparty,Amount\n"
        "2024-01-05,x,Paper Cloud Ltd,-1200.50\n2024-01-06,y,Luna Clara SA,300.00\n"
    ),
    "payer-alone": (
        "Date,Payer,Debit,Credit,Account name\n"
        "2024-01-05,Paper Cloud Ltd,1200.50,,\n2024-01-06,Luna Clara SA,,300.00,\n"
    ),
}  # fmt: skip


def read(tmp_path: Path, text: str) -> TableRead:
    (tmp_path / "statement.csv").write_text(text, encoding="utf-8")
    return read_records(tmp_path / "statement.csv").tables[0]


@pytest.mark.parametrize("name", SHEETS)
def test_money_in_comes_from_the_other_side(tmp_path: Path, name: str) -> None:
    table = read(tmp_path, SHEETS[name])
    rows = [(row["payer"], row["payee"], float(row["amount"])) for row in table.batch.to_pylist()]
    own = None if name == "payer-alone" else OWN
    assert rows == [(own, "Paper Cloud Ltd", 1200.5), ("Luna Clara SA", own, 300.0)]
    assert "files.sides-settled" in [note.code for note in table.notes]
    assert table.unreadable == []


def test_columns_that_say_payer_and_payee_are_not_turned(tmp_path: Path) -> None:
    table = read(
        tmp_path, f"Date,Payer,Payee,D/C,Amount\n2024-01-05,{OWN},Luna Clara SA,C,3\n2024-01-06,{OWN},B Ltd,D,4\n"
    )
    assert [(row["payer"], row["payee"]) for row in table.batch.to_pylist()] == [(OWN, "Luna Clara SA"), (OWN, "B Ltd")]


def test_a_sum_on_both_sides_is_named_and_none_is_chosen(tmp_path: Path) -> None:
    table = read(tmp_path, "Date,Counterparty,Debit,Credit\n2024-01-05,Paper Cloud Ltd,10,3\n2024-01-06,B Ltd,4,\n")
    assert [(one.row, one.column, one.code) for one in table.unreadable] == [("2", "C (Debit)", "files.both-sides")]
    assert table.batch.column("amount").to_pylist() == [None, "4"]


def test_a_reversed_debit_is_money_in_and_a_bank_that_writes_every_debit_with_a_minus_is_read_too(
    tmp_path: Path,
) -> None:
    head = "Date,Counterparty,Debit,Credit\n"
    mixed = read(tmp_path, f"{head}2024-01-05,A Ltd,10,\n2024-01-06,B Ltd,-4,\n")
    assert [(row["payer"], row["payee"], row["amount"]) for row in mixed.batch.to_pylist()] == [
        (None, "A Ltd", "10"),
        ("B Ltd", None, "4"),
    ]
    every = read(tmp_path, f"{head}2024-01-05,A Ltd,-10,\n2024-01-06,B Ltd,-4,\n2024-01-07,C Ltd,,5\n")
    assert [row["payer"] for row in every.batch.to_pylist()] == [None, None, "C Ltd"]


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 10**9)), min_size=1, max_size=20))
def test_every_sum_keeps_its_row_and_its_side(
    tmp_path_factory: pytest.TempPathFactory, sums: list[tuple[bool, int]]
) -> None:
    lines = [
        f"2024-01-05,Firm {at},{'' if inward else cents},{cents if inward else ''}"
        for at, (inward, cents) in enumerate(sums)
    ]
    table = read(tmp_path_factory.mktemp("sides"), "Date,Counterparty,Debit,Credit\n" + "\n".join(lines) + "\n")
    told = [(row["payer"] is not None, row["payer"] or row["payee"], row["amount"]) for row in table.batch.to_pylist()]
    assert told == [(inward, f"Firm {at}", str(cents)) for at, (inward, cents) in enumerate(sums)]
