"""A list that was cut, recoded, retyped or filled with rubbish gives parties that add up, or an error that names the file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lists.samples import BIS, CSL, OFAC_XML, SAMPLES, SDN, TABLE
from tidegate.lists.faults import ListUnreadable
from tidegate.lists.reading import read_list_bytes

# These count records of files beside the list, which are no records of the list.
BESIDE = ("alias-without-party", "address-without-party")
RUBBISH = (b'"', b'""', b"&", b"<", b">", b"&amp;", b"&#x0;", b"&nbsp;", b"\x00", b"\x1a", b"]]>", b",,,", b"A" * 150_000, b" " * 5_000, b"\xff\xfe")  # fmt: skip


def checked(data: bytes, name: str) -> None:
    found, problem = None, ""
    try:
        found = read_list_bytes(data, name)
    except ListUnreadable as refusal:
        problem = str(refusal)
    if found is None:
        assert name in problem
        return
    left_out = sum(count for code, count in found.left_out.items() if code not in BESIDE)
    assert found.rows_in == len(found.parties) + left_out
    assert len({party.id for party in found.parties}) == len(found.parties)
    assert all(name.strip() for party in found.parties for name in party.names)
    assert all(party.names for party in found.parties)
    assert all(found.read_by_schema[schema] >= count for schema, count in found.by_schema().items())


@st.composite
def mangled(draw: st.DrawFn) -> tuple[bytes, str]:
    name = draw(st.sampled_from(sorted(SAMPLES)))
    data = SAMPLES[name].encode(
        draw(st.sampled_from(("utf-8", "utf-8", "utf-8-sig", "utf-16", "gb18030", "cp1252"))), "replace"
    )
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(data)))
        lines = data.split(b"\n")
        line = draw(st.integers(0, len(lines) - 1))
        data = draw(
            st.sampled_from(
                (
                    data[:at], data[:at] + draw(st.sampled_from(RUBBISH)) + data[at:], data[:at] + draw(st.binary(max_size=6)) + data[at:],
                    data[:at] + data[at + 40 :], data.replace(b"\n", b"\r\n"), data.replace(b"\n", b"\r"), b"Title\nprinted today\n\n" + data,
                    b"\n".join((*lines[:line], *lines[line + 1 :])), b"\n".join((*lines, lines[line])), data.replace(b",", b";"),
                    data.replace(b'"', b""), data.replace(b"ame", b"amx"),
                )
            )
        )  # fmt: skip
    return data, name


@settings(max_examples=300, deadline=None)
@given(mangled())
def test_any_mangling_of_any_shape_gives_parties_that_add_up_or_an_error_that_names_the_file(
    case: tuple[bytes, str],
) -> None:
    checked(*case)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_sample_is_read_whole_and_cut_anywhere_it_is_read_or_refused(name: str) -> None:
    data = SAMPLES[name].encode()
    whole = read_list_bytes(data, name)
    assert whole.parties
    assert sum(whole.left_out.values()) == (1 if name == "ftm.json" else 0)
    for at in range(0, len(data), 7):
        checked(data[:at], name)


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_is_the_same_in_any_encoding_line_end_and_delimiter(codec: str, ends: str, delimiter: str) -> None:
    text = TABLE.replace("; Walrus", "、Walrus").replace(",", delimiter).replace("\n", ends)
    found = read_list_bytes(text.encode(codec), "house.csv")
    assert found.parties == read_list_bytes(TABLE.encode(), "house.csv").parties


def test_columns_may_stand_in_another_order_and_under_a_title() -> None:
    rows = [line.split(",") for line in TABLE.splitlines()]
    turned = "\n".join(",".join(row[::-1]) for row in rows)
    assert read_list_bytes(f"House list\n\n{turned}\n".encode(), "house.csv").parties == read_list_bytes(TABLE.encode(), "house.csv").parties  # fmt: skip


def test_a_column_that_says_the_same_on_every_row_is_no_id() -> None:
    found = read_list_bytes(b"id,name\nUS,Copper Heron\nUS,Lantern Quay\nUS,Ivory Pebble\n", "house.csv")
    assert [party.id for party in found.parties] == ["house:copper heron", "house:lantern quay", "house:ivory pebble"]


def test_rows_without_an_id_keep_theirs_when_a_row_is_put_above_them() -> None:
    before = read_list_bytes("name,dob\n王晓明,1970-01-01\n王晓明,1980-01-01\n".encode(), "house.csv")
    after = read_list_bytes("name,dob\nNew Name,\n王晓明,1970-01-01\n王晓明,1980-01-01\n".encode(), "house.csv")
    assert after.parties[1:] == before.parties
    assert [party.birth_dates for party in before.parties] == [("1970-01-01",), ("1980-01-01",)]


def test_entities_of_web_pages_are_read_as_letters() -> None:
    found = read_list_bytes(b"id,name\n1,Lantern &amp; Quay &#233;tude\n2,J&A Trading; Ltd\n", "house.csv")
    assert [party.name for party in found.parties] == ["Lantern & Quay étude", "J&A Trading; Ltd"]


def test_a_name_longer_than_any_name_is_counted_and_hides_no_other() -> None:
    found = read_list_bytes(f"id,name\n1,{'A' * 200_000}\n2,Lantern Quay\n".encode(), "house.csv")
    assert ([party.name for party in found.parties], found.left_out) == (["Lantern Quay"], {"name-too-long": 1})


def test_a_quote_that_is_never_closed_costs_its_own_row() -> None:
    rows = [f'{at},"Lantern Quay {at}"' for at in range(500)]
    rows[3] = '3,"Copper Heron'
    found = read_list_bytes(("id,name\n" + "\n".join(rows)).encode(), "house.csv")
    assert len(found.parties) == 500
    assert found.parties[3].name == "Copper Heron"


def test_a_cut_xml_says_at_which_line_and_what_to_do() -> None:
    with pytest.raises(ListUnreadable, match=r"ofac\.xml: line \d+ .*Get it again"):
        read_list_bytes(OFAC_XML.encode()[:300], "ofac.xml")


def test_a_name_with_an_ampersand_in_xml_is_read_once() -> None:
    assert read_list_bytes(OFAC_XML.encode(), "ofac.xml").parties[1].name == "LANTERN & QUAY"


@pytest.mark.parametrize(("text", "name"), [(SDN, "sdn.csv"), (CSL, "csl.csv"), (BIS, "dpl.txt")])
def test_a_row_cut_in_the_middle_is_counted(text: str, name: str) -> None:
    lines = [line for line in text.replace("\x1a", "").splitlines() if line]
    found = read_list_bytes("\n".join([*lines[:-1], lines[-1][: len(lines[-1]) // 4]]).encode(), name)
    assert found.left_out == {"row-cut": 1}
