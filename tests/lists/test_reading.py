"""Lists of every shape become watchlists; records in and parties out add up."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.errors import InputUnreadable
from tidegate.lists.canada import split_aliases
from tidegate.lists.compare import compare_lists
from tidegate.lists.ofac import parse_ofac_date, read_remarks
from tidegate.lists.packaged import packaged_lists
from tidegate.lists.reading import read_list, read_list_bytes
from tidegate.lists.zipped import read_zip

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
SDN = (
    '9001,"LARKMOOR, Ottilie","individual","SDNTK] [SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 12 May 1970; alt. DOB circa 1972; Passport T321642 (Freedonia);'
    " Tax ID No. 99-88-77 (Freedonia); Digital Currency Address - XBT 1BoatSLRHtKNngkdXEeobR76b53LETtpyT; a.k.a. 'THE HERON'; Linked To: SOMEONE.\"\r\n"
    '9002,"BEIJITU CHEMICAL CO., LTD.",-0- ,"SDNT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Unified Social Credit Code (USCC) 91310000775785552L (China)."\r\n'
    '9003,"COPPER HERON","vessel","SDGT",-0- ,"ABCD","Tanker","1","2","Freedonia",-0- ,"Vessel Registration Identification IMO 9074729; MMSI 123456789."\r\n\x1a\r\n'
)
ALT = '9002,1,"aka","POLAR HARE CHEMICAL",-0- \r\n7777,2,"aka","NOBODY",-0- \r\n'
ADD = '9002,1,"1 Harbour Road","Ningbo","China",-0- \r\n'


def test_ofac_csv_gives_aliases_addresses_and_what_stands_in_the_remarks() -> None:
    found = read_list_bytes(SDN.encode(), "sdn.csv", alt=ALT.encode(), add=ADD.encode())
    person, firm, ship = found.parties
    assert person.birth_dates == ("1970-05-12", "~1972")
    assert person.programmes == ("SDNTK", "SDGT")
    assert person.weak_names == ("THE HERON",)
    assert ("passport", "T321642") in person.identifiers
    assert ("wallet", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT") in person.identifiers
    assert firm.names == ("BEIJITU CHEMICAL CO., LTD.", "POLAR HARE CHEMICAL")
    assert firm.addresses == ("1 Harbour Road, Ningbo, China",)
    assert ("uscc", "91310000775785552L") in firm.identifiers
    assert (ship.schema, ("imo", "9074729") in ship.identifiers) == ("Vessel", True)
    assert found.rows_in == 3
    assert found.left_out == {"alias-without-party": 1}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("12 May 1970", "1970-05-12"), ("1960", "1960"), ("circa 1960", "~1960"), ("1958 to 1962", "1958/1962"), ("May 1970", "1970-05"), ("unknown", "")],
)  # fmt: skip
def test_ofac_dates_keep_their_doubt(text: str, wanted: str) -> None:
    assert parse_ofac_date(text) == wanted


@given(st.text(max_size=200))
def test_any_remarks_are_read_without_an_error(text: str) -> None:
    births, identifiers, names = read_remarks(text)
    assert all(births)
    assert all(kind and value for kind, value in identifiers)
    assert all(isinstance(name, str) for name in names)


def test_ofac_xml_names_strong_and_weak_aliases() -> None:
    data = b"""<?xml version="1.0"?><sdnList xmlns="urn:x"><publshInformation><Publish_Date>03/28/2025</Publish_Date></publshInformation>
    <sdnEntry><uid>1</uid><firstName>Ottilie</firstName><lastName>LARKMOOR</lastName><sdnType>Individual</sdnType>
    <programList><program>SDNTK</program></programList><akaList><aka><category>weak</category><lastName>HERON</lastName></aka></akaList>
    <dateOfBirthList><dateOfBirthItem><dateOfBirth>12 May 1970</dateOfBirth></dateOfBirthItem></dateOfBirthList></sdnEntry></sdnList>"""
    found = read_list_bytes(data, "list.xml")
    assert (found.date, found.list_id) == ("2025-03-28", "ofac-sdn")
    assert (found.parties[0].names, found.parties[0].weak_names) == (("LARKMOOR, Ottilie",), ("HERON",))


def test_un_xml_joins_the_four_parts_and_keeps_the_original_script() -> None:
    data = """<CONSOLIDATED_LIST dateGenerated='2025-04-19T23:00:04Z'><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>RASHIDA</FIRST_NAME>
    <SECOND_NAME>LARKMOOR</SECOND_NAME><REFERENCE_NUMBER>XXi.001 </REFERENCE_NUMBER><NAME_ORIGINAL_SCRIPT>رشيدة</NAME_ORIGINAL_SCRIPT>
    <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Heron</ALIAS_NAME></INDIVIDUAL_ALIAS><INDIVIDUAL_ALIAS/>
    <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1960</FROM_YEAR><TO_YEAR>1962</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
    </INDIVIDUAL></INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>""".encode()
    party = read_list_bytes(data, "un.xml").parties[0]
    assert party.id == "un-sc:XXi.001"
    assert party.names == ("RASHIDA LARKMOOR", "رشيدة")
    assert (party.weak_names, party.birth_dates) == (("Heron",), ("1960/1962",))


def test_canadian_aliases_of_several_scripts_are_cut_apart() -> None:
    assert split_aliases("Lantern Quay; ООО Фонарь, (LQ Trading)") == ["Lantern Quay", "ООО Фонарь", "LQ Trading"]


def test_a_broken_csl_names_what_it_left_out() -> None:
    header = "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,source_information_url,ids"  # fmt: skip
    row = '"1","Entity List (EL) - BIS","","","","Lantern Quay\x92s Trading","","Harbour Road, Ningbo, CN","","2020-12-23","","","","","","","","","","","","","Harbour Goods; Heron Goods","","","","","","Passport, T321642, CN"'
    found = read_list_bytes("\n".join([header, header, row, '"2","cut'])[:-1].encode(), "csl.csv")
    assert found.left_out == {"heading-repeated": 1, "row-cut": 1}
    assert found.parties[0].names == ("Lantern Quay's Trading", "Harbour Goods", "Heron Goods")
    assert found.rows_in == len(found.parties) + sum(found.left_out.values())


def test_denied_persons_of_one_name_become_one_party() -> None:
    head = "\t".join(f'"{c}"' for c in ["Name", "Street_Address", "City", "State", "Country", "Postal_Code", "Effective_Date", "Expiration_Date", "Standard_Order", "Last_Update", "Action", "FR_Citation"])  # fmt: skip
    rows = ['" OTTILIE LARKMOOR"\t"1 Harbour Road"\t"X"\t""\t"US"\t""\t"10/16/2017"\t"3017-08-22"\t"Y"\t"2017-10-23"\t""\t""', '"OTTILIE LARKMOOR"\t"2 Quay"\t"Y"\t""\t"US"\t""\t""\t""\t""\t""\t""\t""']  # fmt: skip
    found = read_list_bytes("\n".join([head, *rows]).encode(), "dpl.txt")
    assert (len(found.parties), found.left_out, found.date) == (1, {"name-twice": 1}, "2017-10-23")
    assert len(found.parties[0].addresses) == 2


def test_followthemoney_lines_keep_ids_and_count_what_is_no_party() -> None:
    lines = [
        {"id": "Q1", "schema": "Company", "caption": "Beijitu", "properties": {"name": ["Beijitu"], "alias": ["北极兔"], "weakAlias": ["BJT"], "leiCode": ["X1"]}},
        {"id": "a1", "schema": "Address", "properties": {"full": ["1 Harbour Road"]}},
    ]  # fmt: skip
    found = read_list_bytes("\n".join(map(json.dumps, lines)).encode(), "x.json")
    assert (found.parties[0].id, found.parties[0].names, found.parties[0].weak_names) == (
        "Q1",
        ("Beijitu", "北极兔"),
        ("BJT",),
    )
    assert found.left_out == {"schema-Address": 1}


def test_a_plain_table_is_read_in_three_languages_and_any_delimiter() -> None:
    zh = read_list_bytes(
        "编号;名称;别名;出生日期\n7;王晓明;小明|Wang Xiaoming;1970-01-01\n".encode("gb18030"), "名单.csv"
    )
    es = read_list_bytes(b"ID,Nombre,Tipo\n1,Rosa Quintanar,persona\n", "lista.csv")
    assert zh.parties[0].names == ("王晓明", "小明", "Wang Xiaoming")
    assert (es.parties[0].schema, es.parties[0].id) == ("Person", "lista:1")


@pytest.mark.parametrize("data", [b"a,b\n1,2\n", b"<other/>", b"", b"\x00\xff\x00", b"{}", b"[1]"])
def test_an_unknown_shape_says_what_was_looked_for(data: bytes) -> None:
    with pytest.raises(InputUnreadable, match=r"looked for|expected|name column"):
        read_list_bytes(data, "x.bin")


def test_xml_with_entities_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><sdnList>&a;</sdnList>'
    with pytest.raises(InputUnreadable, match="DOCTYPE"):
        read_list_bytes(bomb, "x.xml")


@given(st.binary(max_size=300))
@settings(max_examples=60)
def test_any_bytes_give_a_list_or_a_named_error(data: bytes) -> None:
    with suppress(InputUnreadable):
        assert read_list_bytes(data, "x").parties is not None


def test_the_packaged_snapshot_holds_only_the_narcotics_programmes_and_says_its_date() -> None:
    (snapshot,) = packaged_lists()
    assert len(snapshot.parties) == 1903
    assert "2024-01-30" in snapshot.title
    assert all({"SDNT", "SDNTK", "ILLICIT-DRUGS-EO14059"} & set(party.programmes) for party in snapshot.parties)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data folder is not beside the repository")
@pytest.mark.parametrize(
    ("file", "rows", "parties"),
    [
        ("sanctions/ofac/sdn_2024-01-30.csv", 13889, 13889), ("sanctions/ofac/triple_2021-04/sdn.csv", 8890, 8890),
        ("sanctions/ofac/consolidated_nonsdn_2025-03-28.xml", 443, 443), ("sanctions/un/un_consolidated_2025-04-19.xml", 877, 877),
        ("sanctions/canada/sema_2025.xml", 4759, 4759), ("sanctions/csl/us_csl_2022.csv", 4228, 4219), ("sanctions/bis/dpl_sample_2019.txt", 546, 415),
    ],
)  # fmt: skip
def test_official_lists_are_read_whole(file: str, rows: int, parties: int) -> None:
    found = read_list(SHARED / file)
    assert (found.rows_in, len(found.parties)) == (rows, parties)
    assert sum(found.by_schema().values()) == parties


@pytest.mark.parametrize(
    ("name", "expected"),
    [("watch_2024-01-30.csv", "watch"), ("Blocks.csv", "blocks"), ("list20240130.csv", "list"), ("2024.csv", "list"),
     ("watch-v2.csv", "watch-v2"), ("customers 2023.xlsx", "customers")],
)  # fmt: skip
def test_the_id_of_a_list_does_not_carry_its_date(name, expected):
    from tidegate.lists.reading import list_id_of

    assert list_id_of(name) == expected


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a_zip_of_one_list_is_read_with_what_belongs_to_it(tmp_path: Path) -> None:
    files = {"a/sdn.csv": SDN.encode(), "a/alt.csv": ALT.encode(), "a/add.csv": ADD.encode(), "a/readme.txt": b"x"}
    (tmp_path / "sdall.zip").write_bytes(zipped(files))
    found = read_list(tmp_path / "sdall.zip")
    assert found.parties[1].names == ("BEIJITU CHEMICAL CO., LTD.", "POLAR HARE CHEMICAL")


@pytest.mark.parametrize(
    ("data", "said"),
    [(zipped({"a.csv": b"x", "b.csv": b"y"}), "does not hold one list"), (zipped({"sdn.csv": SDN.encode()})[:-30], "damaged"),
     (zipped({}), "does not hold one list"), (b"PK\x03\x04rubbish", "damaged")],
)  # fmt: skip
def test_a_zip_that_is_no_list_says_so(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "x.zip").write_bytes(data)
    with pytest.raises(InputUnreadable, match=rf"x\.zip.*{said}"):
        read_list(tmp_path / "x.zip")


def test_a_zip_that_unpacks_to_more_than_is_read_is_refused() -> None:
    with pytest.raises(InputUnreadable, match="more than the 1000"):
        read_zip(zipped({"a.csv": b"x" * 5_000}), "a.zip", 1_000)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data folder is not beside the repository")
def test_the_difference_of_two_official_versions_is_the_one_that_was_counted_apart() -> None:
    folder = SHARED / "sanctions" / "ofac"
    told = json.loads((folder / "delta_2023-11-14_to_2024-01-30.json").read_text(encoding="utf-8"))
    found = compare_lists(read_list(folder / "sdn_2023-11-14.csv"), read_list(folder / "sdn_2024-01-30.csv"))
    for what, parties in (("added", found.added), ("removed", found.removed), ("changed", found.changed)):
        assert {one.id.partition(":")[2] for one in parties} == set(told[what])
