import json

import pytest
import typer

from tidegate.cli import report
from tidegate.cli.main import run
from tidegate.errors import SettingsWrong


@pytest.fixture
def found(tmp_path, monkeypatch):
    monkeypatch.setenv("TIDEGATE_LISTS", str(tmp_path / "shelf"))
    sheet, out = tmp_path / "sheet.csv", tmp_path / "found.jsonl"
    sheet.write_text("Date,Shipper,Consignee,Goods\n2024-10-01,Paper Cloud Ltd,Farol SA,piperonal\n", encoding="utf-8")
    assert run(["screen", str(sheet), "--quiet", "--out", str(out)]) == 0
    return out, json.loads(out.read_text(encoding="utf-8").splitlines()[0])["id"]


def call(*words):
    app = typer.Typer()
    app.callback()(lambda: None)
    report.register(app)
    return app(args=["report", "suspicious", *words], standalone_mode=False)


def test_the_letter_is_printed_where_no_file_is_named(found, capsys):
    capsys.readouterr()
    call(found[1], "--from", str(found[0]))
    assert "Report of a suspicion" in capsys.readouterr().out


def test_letter_and_pack_are_written_by_suffix(found, tmp_path):
    for name in ("letter.txt", "pack.zip"):
        call(found[1], "--from", str(found[0]), "--out", str(tmp_path / name), "--quiet", "--on", "2026-11-25")
        assert (tmp_path / name).stat().st_size > 200


def test_another_suffix_is_refused(found, tmp_path):
    with pytest.raises(SettingsWrong, match=r"\.xml"):
        call(found[1], "--from", str(found[0]), "--out", str(tmp_path / "x.doc"))
