"""EDIFACT: release signs, other service signs, broken text; and the consignments of four kinds of message."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.errors import InputUnreadable
from tidegate.files.edifact import read_interchange
from tidegate.files.edifact_messages import read_edifact
from tidegate.files.reading import read_records

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "edifact"
CUSCAR = (
    "UNB+UNOC:3+A+B+240105:1200+1'UNH+1+CUSCAR:D:95B:UN'BGM+85+DOC9+9'DTM+137:202401051200:203'"
    "EQD+CN+CSQU3054383+22G1'MEA+AAE+G+KGM:9000'CNI+1+CN-1'RFF+BM:BL-1'LOC+9+CNNGB'LOC+11+MXZLO'"
    "NAD+CZ+++LANTERN QUAY+1 QUAY ROAD+NINGBO+++CN'NAD+CN+X+VEGA S.A. DE C.V., CALLE UNO, MANZANILLO'NAD+NI+77'"
    "GID+1+20:DR'FTX+AAA+++GLASS BEADS'PIA+5+701810:HS'MEA+AAE+AAL+TNE:1.234'SGP+CSQU3054383'"
    "GID+2+5:CT'FTX+AAA+++EMPTY DRUMS'CNI+2+CN-2'NAD+CN+++COBRE Y NUBE'UNT+23+1'UNZ+1+1'"
)


def test_cargo_report_gives_one_record_for_each_goods_item() -> None:
    records = read_edifact("x.edi", CUSCAR.encode("latin-1"))[0].records
    assert [record.path for record in records] == [
        "UNH[1]/CNI[1]/GID[1]", "UNH[1]/CNI[1]/GID[2]", "UNH[1]/CNI[2]",
    ]  # fmt: skip
    first = records[0].values
    expected = {
        "consignment_id": "CN-1", "document_number": "BL-1", "date": "2024-01-05", "consignor": "LANTERN QUAY",
        "consignor_address": "1 QUAY ROAD, NINGBO", "consignor_country": "CN", "consignee": "VEGA S.A. DE C.V.",
        "consignee_address": "CALLE UNO, MANZANILLO", "notify_party": "77", "goods_description": "GLASS BEADS",
        "hs_code": "701810", "net_mass_kg": "1234", "packages": "20", "container": "CSQU3054383",
        "port_of_loading": "CNNGB", "port_of_discharge": "MXZLO",
    }  # fmt: skip
    assert {name: first[name] for name in expected} == expected
    assert records[1].values["goods_description"] == "EMPTY DRUMS"
    assert records[2].values["consignee"] == "COBRE Y NUBE"
    assert not records[2].values["goods_description"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder ../shared/data/edifact is not beside the repository")
def test_net_and_gross_of_one_item_are_told_apart_by_their_attribute() -> None:
    weights = "MEA+WT+AAB+KGM:1230'MEA+WT+AAA+KGM:1200,5'MEA+WT+T+KGM:29.5'"
    goods = CUSCAR.replace("MEA+AAE+AAL+TNE:1.234'", weights)
    first = read_edifact("x.edi", goods.encode("latin-1"))[0].records[0].values
    assert (first["gross_mass_kg"], first["net_mass_kg"]) == ("1230", "1200.5")


def test_an_interchange_without_its_end_is_told() -> None:
    open_ended = read_edifact("x.edi", CUSCAR.removesuffix("UNZ+1+1'").encode("latin-1"))[0]
    whole = read_edifact("x.edi", CUSCAR.encode("latin-1"))[0]
    assert {note.code for note in open_ended.notes} - {note.code for note in whole.notes} == {"files.interchange-open"}


def test_public_samples_are_read_to_the_values_read_by_hand() -> None:
    baplie = read_records(SHARED / "baplie_d95b.edi").tables[0].batch
    assert baplie["container"].to_pylist() == ["OOLU4293959", "MOEU0710945", "OOLU8757889"]
    assert baplie["gross_mass_kg"].to_pylist() == ["3833", "3983", "26000"]
    coarri = read_records(SHARED / "coarri_d95b.edi")
    assert [table.rows for table in coarri.tables] == [2, 19]
    assert "IMCO 8; UN 2735 class 8" in coarri.tables[1].batch["goods_description"].to_pylist()
    assert not [problem for table in coarri.tables for problem in table.unreadable]
    cuscar = read_records(SHARED / "cuscar_d95b_lot10.edi").tables[0]
    assert [note.code for note in cuscar.notes] == ["files.segments-differ", "files.party-left-out"]
    row = cuscar.batch.to_pylist()[0]
    assert (row["consignor"], row["consignee"]) == ("ANOTHER DIFFERENT PERSON", "ANOTHER PERSON")
    assert (row["gross_mass_kg"], row["packages"]) == ("55814", "2880")
    iftmin = read_records(SHARED / "iftmin_d96a_eancom.edi").tables[0].batch.to_pylist()[0]
    assert (iftmin["consignee"], iftmin["value"], iftmin["currency"]) == ("5411234444402", "45000", "EUR")


def test_release_sign_keeps_the_sign_behind_it() -> None:
    message = read_interchange("x", b"UNA:+.? 'UNB+UNOA:1+A+B+1+1'UNH+1+IFTMIN:D:96A:UN'FTX+A+1?+1?:2??:x?''UNT+3+1'")[
        0
    ]
    assert message.segments[0].elements == (("A",), ("1+1:2?", "x'"))


plain = st.text(st.characters(codec="latin-1", exclude_categories=("Cc",)), max_size=8)


@given(st.lists(st.lists(plain, min_size=1, max_size=3), min_size=1, max_size=4))
@settings(max_examples=80)
def test_written_elements_come_back(elements: list[list[str]]) -> None:
    def release(text: str) -> str:
        return "".join(f"?{sign}" if sign in "?:+'" else sign for sign in text)

    body = "+".join(":".join(release(part) for part in element) for element in elements)
    data = f"UNB+UNOC:3+A+B+1+1'UNH+1+X:D:1'FTX+{body}'UNT+3+1'".encode("latin-1")
    assert [list(element) for element in read_interchange("x", data)[0].segments[0].elements] == elements


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes_are_messages_or_refused(tail: bytes) -> None:
    for head in (b"UNB+UNOA:1+", b"UNA:+.? 'UNB+", CUSCAR.encode("latin-1")[:300]):
        try:
            read_edifact("x.edi", head + tail)
        except InputUnreadable:
            continue
