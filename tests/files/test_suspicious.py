import hashlib
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from tidegate.errors import InputUnreadable, SettingsWrong
from tidegate.files.findings_json import write_findings_json
from tidegate.files.screening_run import screen_files
from tidegate.files.suspicious import Reporter, evidence_pack, goaml_report, letter, read_suspicion
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
    assert made.findtext(".//entity/name") == "Ficticia Ejemplo Rosa"


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
