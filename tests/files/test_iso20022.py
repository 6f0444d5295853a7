"""ISO 20022 messages give the parties, amounts and ids that stand in them; expected values were read by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidegate.errors import InputUnreadable
from tidegate.files.reading import read_records
from tidegate.files.records import TableRead

from .samples import COVER, PAIN, RETURN, STATEMENT, document

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "iso20022"
COLUMNS = ("payment_id", "payer", "payer_account", "payee", "payee_account", "amount", "currency")
# Read by hand from each file: id, payer, its account, payee, its account, amount, currency; then the day.
BY_HAND: dict[str, list[tuple[str | None, ...]]] = {
    "camt.053.001.07.xml": [],
    "camt.053_fi.xml": [
        ("091029ACCTSTMTARCH01", "BANK ACCOUNT OWNER", "FI7433010001222090", None, None, "1000.12", "EUR", "2009-10-29"),
        ("091029ACCTSTMTARCH02", "BANK ACCOUNT OWNER", "FI7433010001222090", None, None, "4000.00", "EUR", "2009-10-29"),
        ("TITOT1106ID01", "BANK ACCOUNT OWNER", "FI7433010001222090", "Creditor Company", "29501800020582", "2000.02", "EUR",
         "2009-10-29"),
        ("TITOT1106ID02", "BANK ACCOUNT OWNER", "FI7433010001222090", "Creditor Company", "29501800020582", "1000.01", "EUR",
         "2009-10-29"),
        ("TITOT1106ID03", "BANK ACCOUNT OWNER", "FI7433010001222090", "Creditor Company", "29501800020574", "1230.02", "EUR",
         "2009-10-29"),
        ("091029ACCTSTMTARCH04", None, None, "BANK ACCOUNT OWNER", "FI7433010001222090", "2000.00", "EUR", "2009-10-29"),
        ("091029ACCTSTMTARCH21", None, None, "BANK ACCOUNT OWNER", "FI7433010001222090", "500.00", "EUR", "2009-10-29"),
        ("091029ACCTSTMTARCH05", None, None, "BANK ACCOUNT OWNER", "FI7433010001222090", "3000.00", "EUR", "2009-10-29"),
        ("ISSRBKREF12345678", "DEBTOR NAME", None, "BANK ACCOUNT OWNER", "FI7433010001222090", "2120.00", "EUR", "2009-10-29"),
        ("BKREFDBT0101010", "PAYERS NAME2", None, "BANK ACCOUNT OWNER", "FI7433010001222090", "5455.00", "EUR", "2009-10-29"),
        ("EndToEndIdSCT01", "DEBTOR", None, "BANK ACCOUNT OWNER", "FI7433010001222090", "10000.00", "EUR", "2009-10-29"),
        ("091029ARCH09001", "SEB Merchant Banking Finland", None, None, None, "100.00", "EUR", "2009-10-29"),
        ("091029ARCH09001", "SEB Merchant Banking Finland", None, None, None, "100.00", "EUR", "2009-10-29"),
    ],
    "camt053.v2.minimal.xml": [
        (None, "NAME NAME", "NL56AGDH9619008421", "Company Name", "NL56AGDH9619008421", "8.85", "EUR", "2014-12-31")],
    "camt053.v2.with-party-ids.xml": [
        (None, "NAME NAME", "NL56AGDH9619008421", "Company Name", "NL56AGDH9619008421", "8.85", "EUR", "2014-12-31")],
    "camt053.v8.xml": [
        ("MUELL/FINP/RA12345", "NAME NAME", "NL56AGDH9619008421", "Company Name", "NL56AGDH9619008421", "8.85", "EUR",
         "2014-12-31")],
    "camt054.v2.xml": [
        ("AAAASESS-FP-ACCR001", "FINPETROL", "CH2801234000123456789", None, None, "200000", "SEK", "2007-10-18"),
        *[("MUELL/FINP/RA12345", "MUELLER", None, None, None, None, None, "2007-10-18")] * 3,
    ],
    "cbpr/y2025_camt.054.min.xml": [("EXNtryRef", None, None, None, "GB02456756789067890123", "1000.00", "EUR", None)],
    "cbpr/y2025_pacs.004.min.xml": [
        ("EXOrgnlEndToEndId", "EXAMPLE PARTY NV", None, "EXAMPLE PARTY NV", None, "1000.00", "EUR", "2026-01-01")],
    "cbpr/y2025_pacs.008.min.xml": [
        ("EXEndToEndId", "EXAMPLE PARTY NV", None, "EXAMPLE PARTY NV", None, "1000.00", "EUR", "2026-01-01")],
    "cbpr/y2025_pacs.009.min.xml": [("EXEndToEndId", None, None, None, None, "1000.00", "EUR", "2026-01-01")],
    "cbpr/y2025_pacs.009_cov.min.xml": [
        ("EXEndToEndId", None, None, None, None, "1000.00", "EUR", "2026-01-01"),
        ("EXEndToEndId", "EXAMPLE PARTY NV", None, "EXAMPLE PARTY NV", None, "1000.00", "EUR", "2026-01-01"),
    ],
    "cbpr/y2025_pain.001.min.xml": [
        ("EXEndToEndId", None, "GB98567801234512345678", None, None, "1000.00", "EUR", "2026-01-01")],
    "cbpr/y2026_pacs.008.max.xml": [("EXEndToEndId", "EXNm", "EXId", "EXNm", "EXId", "1000.00", "EUR", "2026-01-01")],
    "cbpr/y2026_pacs.009_cov.max.xml": [
        ("EXEndToEndId", "EXNm", "EXId", "EXNm", "EXId", "1000.00", "EUR", "2026-01-01")] * 2,
    "pacs.008.001.07.xml": [("223423423", "JOHN DOE", None, "Mike Smith", None, "5000", "USD", "2018-07-31")],
    "pacs.008.001.08_mbanq.xml": [
        ("Scenario01EtoEId001", "Corporation A", "5647772655", "Corporation B", "567876543", "743.22", "USD", "2025-01-29")],
    "pacs.009.001.07.xml": [("ASDFASDF2342", "SDFGS SDFGD", None, "SDFG SDFGSDFG", None, "22423", "USD", "2018-04-30")],
    "pain.001.001.03.xml": [
        (f"PaymentID{number}", "Acme Corp", "DE75512108001245126162", payee, account, amount, "EUR", "2023-03-12")
        for number, payee, account, amount in (
            ("6789", "Global Tech", "DE68210501700024690959", "150"),
            ("4321", "Green Energy", "DE89370400440532013008", "300"),
            ("1357", "Beta Chemicals", "DE44500105175407123457", "250"),
            ("8642", "Theta Solutions", "DE75512108001245123456", "200"),
        )
    ],
    "pain.001.001.09.xml": [
        (f"PaymentID{number}", "Acme Corp", "DE75512108001245126162", payee, account, amount, "EUR", "2023-03-12")
        for number, payee, account, amount in (
            ("6789", "Global Tech", "DE68210501700024690959", "150.00"),
            ("4321", "Green Energy", "DE89370400440532013008", "300.00"),
            ("1357", "Beta Chemicals", "DE44500105175407123457", "250.00"),
            ("2468", "Gamma Logistics", "DE53500105176502098765", "175.00"),
            ("4815", "Eco Innovations", "DE18500105175001478962", "225.00"),
        )
    ],
}  # fmt: skip


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder ../shared/data/iso20022 is not beside the repository")
@pytest.mark.parametrize("name", BY_HAND)
def test_public_sample_is_read_to_the_values_read_by_hand(name: str) -> None:
    table = read_records(SHARED / name).tables[0]
    rows = [tuple(row[column] for column in (*COLUMNS, "date")) for row in table.batch.to_pylist()]
    assert rows == BY_HAND[name]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder ../shared/data/iso20022 is not beside the repository")
def test_every_public_sample_has_values_read_by_hand() -> None:
    assert {path.relative_to(SHARED).as_posix() for path in SHARED.rglob("*.xml")} == set(BY_HAND)


def read(tmp_path: Path, data: bytes) -> TableRead:
    path = tmp_path / "message.xml"
    path.write_bytes(data)
    return read_records(path).tables[0]


def rows_of(table: TableRead, *columns: str) -> list[tuple[str | None, ...]]:
    return [tuple(row[column] for column in columns) for row in table.batch.to_pylist()]


def test_initiation_takes_the_debtor_of_its_block(tmp_path: Path) -> None:
    table = read(tmp_path, PAIN)
    assert rows_of(table, "source_row", "payment_id", "payer_account", "payee", "payee_country", "amount", "memo", "ultimate_payee") == [
        ("CstmrCdtTrfInitn/PmtInf[1]/CdtTrfTxInf[1]", "E-1", "DE89370400440532013000", "Vega Púrpura", "MX", "1.2340", "invoice 7", None),
        ("CstmrCdtTrfInitn/PmtInf[1]/CdtTrfTxInf[2]", "u-2", "DE89370400440532013000", None, None, "55.00", None,
         "Cobre y Nube"),
    ]  # fmt: skip
    assert [(problem.index, problem.code) for problem in table.unreadable] == [(1, "files.party-missing")]


def test_cover_payment_gives_banks_and_the_customers_behind_them(tmp_path: Path) -> None:
    table = read(tmp_path, COVER)
    assert rows_of(table, "payer", "payer_country", "payee", "amount") == [
        ("LQTRCNSHXXX", "CN", "Banco Ficticio", "900.10"),
        ("Lantern Quay Trading", None, "Vega Púrpura", "900.10"),
    ]
    assert [problem.code for problem in table.unreadable] == ["files.bic-wrong"]
    assert not table.notes


def test_return_turns_the_parties_of_the_original_round(tmp_path: Path) -> None:
    table = read(tmp_path, RETURN)
    assert rows_of(table, "payment_id", "payer", "payee", "amount") == [
        ("E-1", "Vega Púrpura", "Lantern Quay Trading", "10.00")
    ]


def test_statement_owner_is_the_side_the_entry_does_not_name(tmp_path: Path) -> None:
    table = read(tmp_path, STATEMENT)
    owner = "Lantern Quay Trading"
    assert rows_of(table, "payment_id", "date", "payer", "payee", "amount") == [
        ("E-9", "2024-01-05", "Vega Púrpura", owner, "5.00"),
        ("N-2", "2024-01-06", owner, "Cobre y Nube", "10.00"),
        ("N-2", "2024-01-06", owner, None, "20.00"),
        ("N-3", None, owner, None, "7.00"),
    ]


def test_count_that_does_not_agree_is_told(tmp_path: Path) -> None:
    table = read(tmp_path, PAIN.replace(b"<NbOfTxs>2", b"<NbOfTxs>3"))
    assert [(note.code, note.params["told"], note.params["found"]) for note in table.notes] == [
        ("files.payments-differ", "3", "2")
    ]


def test_message_of_another_kind_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "message.xml"
    path.write_bytes(document("camt.056.001.08", "<FIToFIPmtCxlReq/>"))
    with pytest.raises(InputUnreadable, match=r"found: camt\.056\.001\.08"):
        read_records(path)
    path.write_bytes(PAIN)
    with pytest.raises(InputUnreadable) as refused:
        read_records(path, kind="consignments")
    assert refused.value.code == "files.kind-not-held"


ROLES = document(
    "pacs.008.001.08",
    "<FIToFICstmrCdtTrf><GrpHdr><InstgAgt><FinInstnId><BICFI>LQTRCNSHXXX</BICFI></FinInstnId></InstgAgt></GrpHdr>"
    "<CdtTrfTxInf><PmtId><EndToEndId>E-1</EndToEndId></PmtId><IntrBkSttlmAmt Ccy='EUR'>5.00</IntrBkSttlmAmt>"
    "<UltmtDbtr><Nm>Luna Escondida</Nm></UltmtDbtr><InitgPty><Nm>Vela Clara</Nm></InitgPty>"
    "<Dbtr><Nm>Lantern Quay Trading</Nm><Id><OrgId><LEI>5493001KJTIIGC8Y1R12</LEI></OrgId></Id></Dbtr>"
    "<DbtrAgt><FinInstnId><Nm>Banco Puente</Nm><BICFI>BPUEMXMMXXX</BICFI></FinInstnId></DbtrAgt>"
    "<IntrmyAgt1><FinInstnId><BICFI>WRONG</BICFI><Nm>Banco Ficticio</Nm></FinInstnId></IntrmyAgt1>"
    "<CdtrAgt><FinInstnId><BICFI>FARODEFF</BICFI></FinInstnId></CdtrAgt><Cdtr><Nm>Vega Púrpura</Nm>"
    "<Id><PrvtId><DtAndPlcOfBirth><BirthDt>1979-02-28</BirthDt></DtAndPlcOfBirth></PrvtId></Id></Cdtr>"
    "<UltmtCdtr><Nm>Cobre y Nube</Nm></UltmtCdtr></CdtTrfTxInf></FIToFICstmrCdtTrf>",
)


def test_ultimate_parties_the_initiator_and_the_banks_stand_in_columns_of_their_own(tmp_path: Path) -> None:
    table = read(tmp_path, ROLES)
    assert rows_of(
        table, "ultimate_payer", "ultimate_payee", "initiating_party", "payer_bank", "payer_bank_bic", "payee_bank_bic",
        "intermediary_banks", "intermediary_bics", "payer_registration_number", "payee_birth_date",
    ) == [
        ("Luna Escondida", "Cobre y Nube", "Vela Clara", "Banco Puente", "BPUEMXMMXXX", "FARODEFF",
         "LQTRCNSHXXX; Banco Ficticio", "LQTRCNSHXXX; WRONG", "5493001KJTIIGC8Y1R12", "1979-02-28")
    ]  # fmt: skip
    assert [(one.column, one.value, one.code) for one in table.unreadable] == [
        ("IntrmyAgt, PrvsInstgAgt, InstgAgt", "WRONG", "files.bic-wrong")
    ]


def test_direct_debits_and_account_reports_are_read_too(tmp_path: Path) -> None:
    collection = document(
        "pain.008.001.08",
        "<CstmrDrctDbtInitn><PmtInf><ReqdColltnDt>2024-01-05</ReqdColltnDt><Cdtr><Nm>Vega Púrpura</Nm></Cdtr>"
        "<DrctDbtTxInf><InstdAmt Ccy='EUR'>7.00</InstdAmt><Dbtr><Nm>Farol Azul SA</Nm></Dbtr></DrctDbtTxInf></PmtInf>"
        "</CstmrDrctDbtInitn>",
    )
    assert rows_of(read(tmp_path, collection), "date", "payer", "payee", "amount") == [
        ("2024-01-05", "Farol Azul SA", "Vega Púrpura", "7.00")
    ]
    report = (
        STATEMENT.replace(b"camt.053", b"camt.052")
        .replace(b"BkToCstmrStmt", b"BkToCstmrAcctRpt")
        .replace(b"Stmt>", b"Rpt>")
    )
    assert len(read(tmp_path, report).batch) == 4
