import hashlib
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from tidegate.errors import InputUnreadable, SettingsWrong
from tidegate.files.findings_json import write_findings_json
from tidegate.files.goaml import goaml_report, missing_fields, parties_of
from tidegate.files.screening_run import screen_files
from tidegate.files.suspicious import Reporter, evidence_pack, letter, read_suspicion, suspicion_of
from tidegate.screening.decisions import Decision, DecisionBook
from tidegate.screening.pipeline import screen_batch
from tidegate.screening.plan import build_plan

SCHEMA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "goaml" / "goAMLSchema.xsd"
HEAD = "Date,Shipper,Consignee,Goods,HS,Net kg,Origin,Destination,Licence\n"
WHO = Reporter("Invented Bank", 7, "Sample branch", "M.", "Muster", "Teapot Lane 4", "Sample Port", "MX", "MXN")


@pytest.fixture
def source(tmp_path):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        HEAD + "2024-10-01,Paper Cloud Ltd,Ficticia Ejemplo Rosa,piperonal,2932.93,25,CN,MX,\n", encoding="utf-8"
    )
    path = tmp_path / "found.jsonl"
    write_findings_json(screen_files([sheet], build_plan([], on=date(2026, 11, 25)), screen_batch), path, "en")
    return path


@pytest.fixture
def suspicion(source):
    first = json.loads(source.read_text(encoding="utf-8").splitlines()[0])
    return read_suspicion(source, first["id"])


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "a suspicion, not a verdict"), ("zh", "而非结论"), ("es", "no un veredicto")]
)
def test_the_letter_says_what_was_found_why_and_that_it_is_a_suspicion(suspicion, lang, words):
    text = letter(suspicion, WHO, lang, on="2026-11-25")
    assert words in text
    assert "piperonal" in text
    assert "Invented Bank" in text


def test_what_the_reporter_left_out_stays_blank(suspicion):
    assert "____" in letter(suspicion, Reporter(), "en", on="2026-11-25")


@pytest.mark.skipif(not SCHEMA.is_file(), reason="the goAML schema is not beside this repository")
def test_the_goaml_file_is_valid_against_the_schema(suspicion):
    from lxml import etree

    made = etree.fromstring(goaml_report(suspicion, WHO, on="2026-11-25"))
    etree.XMLSchema(etree.parse(str(SCHEMA))).assertValid(made)
    assert made.findtext("report_code") == "SAR"
    # The record does not say that this is a person: the file says what it goes by.
    assert (made.findtext(".//person/first_name"), made.findtext(".//person/last_name")) == ("Ficticia Ejemplo", "Rosa")
    assert "form of the name" in made.findtext(".//report_party[person]/reason")
    assert made.findtext(".//entity/name") == "Paper Cloud Ltd"
    assert made.findtext("location/country_code") == "MX"


def test_goaml_names_what_it_lacks(suspicion):
    with pytest.raises(SettingsWrong, match="--institution-id"):
        goaml_report(suspicion, Reporter(), on="2026-11-25")


def test_the_pack_is_the_same_twice_and_its_manifest_holds(suspicion):
    pack = evidence_pack(suspicion, WHO, "en", on="2026-11-25")
    assert pack == evidence_pack(suspicion, WHO, "en", on="2026-11-25")
    with zipfile.ZipFile(io.BytesIO(pack)) as parts:
        told = dict(reversed(line.split("  ")) for line in parts.read("manifest.txt").decode().splitlines())
        assert {name: hashlib.sha256(parts.read(name)).hexdigest() for name in told} == told
        screening = json.loads(parts.read("screening.json"))
    assert {"digests", "lists", "not_run", "register_date", "rules", "threshold", "on"} <= set(screening)


def test_an_unknown_finding_or_file_is_named(source, tmp_path):
    with pytest.raises(SettingsWrong, match="no finding"):
        read_suspicion(source, "0" * 16)
    (tmp_path / "other.txt").write_text("hello", encoding="utf-8")
    with pytest.raises(InputUnreadable, match="jsonl"):
        read_suspicion(tmp_path / "other.txt", "x")


def run_of(tmp_path, text, name="sheet.csv"):
    sheet = tmp_path / name
    sheet.write_text(text, encoding="utf-8")
    return screen_files([sheet], build_plan([], on=date(2026, 11, 25)), screen_batch)


@pytest.mark.skipif(not SCHEMA.is_file(), reason="the goAML schema is not beside this repository")
@pytest.mark.parametrize(
    "text",
    [
        "Date,Payer,Payee,Amount,Currency,Memo\n2024-10-01,北极兔化工有限公司,王小明,5000,USD,piperonal \ufffe 25 kg\n",
        "Name,Kind,Address,Country,Registration number,Sector\nLantern Quay,firm,Teapot Lane 4,Mexico,X-1,piperonal\n",
        HEAD + "2024-10-01,,,piperonal <r>&\x02,2932.93,25,CN,MX,\n",
    ],
)
def test_every_kind_of_record_gives_a_valid_file(tmp_path, text):
    from lxml import etree

    run = run_of(tmp_path, text)
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    for one in run.findings():
        schema.assertValid(
            etree.fromstring(goaml_report(suspicion_of(run, one.id, "zh"), WHO, on="2026-11-25", lang="zh"))
        )


def test_amounts_and_what_is_missing_are_said_and_nothing_is_made_up(suspicion):
    assert suspicion.fields["net_mass_kg"] == "25"
    assert missing_fields(suspicion) == ["value", "currency"]
    text = letter(suspicion, WHO, "en", on="2026-11-25")
    assert "net mass (kg): 25" in text
    assert "does not tell: value, currency" in text
    assert "does not tell" in goaml_report(suspicion, WHO, on="2026-11-25").decode()


def test_every_party_of_the_record_is_in_the_report_once(suspicion):
    assert sorted(parties_of(suspicion)) == [("consignee", "Ficticia Ejemplo Rosa"), ("consignor", "Paper Cloud Ltd")]


@pytest.mark.parametrize(
    ("wrong", "words"), [({"country": "Nowhere"}, "ISO 3166"), ({"currency": "pesos"}, "ISO 4217")]
)
def test_a_country_or_currency_that_is_none_is_named(suspicion, wrong, words):
    from dataclasses import replace

    with pytest.raises(SettingsWrong, match=words):
        goaml_report(suspicion, replace(WHO, **wrong), on="2026-11-25")


def test_the_pack_says_who_decided_what_and_how_to_check_it(suspicion):
    book = DecisionBook([Decision(suspicion.finding["decision_key"], "b", "case", "papers missing", "M. Muster")])
    pack = evidence_pack(suspicion.with_decisions(book), WHO, "en", on="2026-11-25")
    with zipfile.ZipFile(io.BytesIO(pack)) as parts:
        assert {"letter.txt", "findings.json", "screening.json", "decisions.jsonl", "README.txt", "goaml.xml"} < set(
            parts.namelist()
        )
        assert "M. Muster" in parts.read("decisions.jsonl").decode()
        assert "papers missing" in parts.read("letter.txt").decode()
        assert "sha256sum -c manifest.txt" in parts.read("README.txt").decode()
        screening = json.loads(parts.read("screening.json"))
    assert all(digest in evidence_readme(pack) for digest in screening["digests"].values())


def evidence_readme(pack):
    with zipfile.ZipFile(io.BytesIO(pack)) as parts:
        return parts.read("README.txt").decode()
