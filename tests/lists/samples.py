"""One small invented list of every shape, by file name."""

from __future__ import annotations

import json

NULLS = "-0- ," * 7
SDN = (
    f'9001,"LARKMOOR, Ottilie","individual","SDNTK] [SDGT",{NULLS}"DOB 12 May 1970; Passport T321642 (Freedonia)."\r\n'
    f'9002,"BEIJITU CHEMICAL CO., LTD.",-0- ,"SDNT",{NULLS}"Tax ID No. 99-88-77 (Freedonia)."\r\n'
    f'9003,"COPPER HERON","vessel","SDGT",{NULLS}"Vessel Registration Identification IMO 9074729."\r\n\x1a\r\n'
)
OFAC_XML = """<?xml version="1.0" encoding="utf-8"?>
<sdnList xmlns="urn:x"><publshInformation><Publish_Date>03/28/2025</Publish_Date></publshInformation>
<sdnEntry><uid>1</uid><firstName>Ottilie</firstName><lastName>LARKMOOR</lastName><sdnType>Individual</sdnType>
<akaList><aka><category>weak</category><lastName>HERON</lastName></aka></akaList>
<dateOfBirthList><dateOfBirthItem><dateOfBirth>12 May 1970</dateOfBirth></dateOfBirthItem></dateOfBirthList></sdnEntry>
<sdnEntry><uid>2</uid><lastName>LANTERN &amp; QUAY</lastName><sdnType>Entity</sdnType></sdnEntry></sdnList>"""
UN = """<CONSOLIDATED_LIST dateGenerated='2025-04-19T23:00:04Z'>
<INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>RASHIDA</FIRST_NAME><SECOND_NAME>LARKMOOR</SECOND_NAME>
<REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER><NAME_ORIGINAL_SCRIPT>رشيدة</NAME_ORIGINAL_SCRIPT></INDIVIDUAL></INDIVIDUALS>
<ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>LANTERN QUAY</FIRST_NAME></ENTITY></ENTITIES></CONSOLIDATED_LIST>"""
CANADA = """<data-set><record><Country>Freedonia / Liberté</Country><LastName>Larkmoor</LastName><GivenName>Ottilie</GivenName>
<DateOfBirth>1970-05-12</DateOfBirth><Schedule>1</Schedule><Item>1</Item></record>
<record><Country>Freedonia / Liberté</Country><Entity>Lantern Quay</Entity><Aliases>Heron; Walrus</Aliases><Schedule>1</Schedule>
<Item>2</Item></record></data-set>"""
CSL = (
    "_id,source,type,programs,name,addresses,start_date,source_list_url,alt_names,ids\n"
    '1,Entity List (EL) - BIS,,,Lantern Quay Trading,"Harbour Road, Ningbo, CN",2020-12-23,x,Harbour Goods; Heron Goods,"Passport, T321642, CN"\n'
    "2,Entity List (EL) - BIS,individual,,Ottilie Larkmoor,,2020-12-24,x,,\n"
)
BIS = "Name\tStreet_Address\tCity\tCountry\tEffective_Date\tExpiration_Date\tLast_Update\tFR_Citation\n" + "".join(
    f"{name}\t1 Harbour Road\tX\tUS\t10/16/2017\t2027-10-16\t2017-10-23\t82 FR 1\n"
    for name in ("OTTILIE LARKMOOR", "LANTERN QUAY")
)
FTM = "\n".join(
    json.dumps(one)
    for one in (
        {"id": "Q1", "schema": "Company", "properties": {"name": ["Beijitu"], "alias": ["北极兔"], "leiCode": ["X1"]}},
        {"id": "a1", "schema": "Address", "properties": {"full": ["1 Harbour Road"]}},
        {"id": "Q2", "schema": "Person", "properties": {"name": ["Ottilie Larkmoor"], "birthDate": ["1970-05-12"]}},
    )
)
TABLE = "party_id,name,name_local,other_names,kind,birth_date\n" + "".join(
    f"{at},Lantern Quay {at} Ltd,北极兔{at},Heron; Walrus {at},{kind},1970-01-0{at}\n"
    for at, kind in enumerate(("firm", "person", "vessel", ""), start=1)
)

SAMPLES = {
    "sdn.csv": SDN, "ofac.xml": OFAC_XML, "un.xml": UN, "sema.xml": CANADA, "csl.csv": CSL, "dpl.txt": BIS, "ftm.json": FTM,
    "house.csv": TABLE,
}  # fmt: skip
