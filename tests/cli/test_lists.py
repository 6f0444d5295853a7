"""`tidegate lists` as a person calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tidegate.cli.main import run


@pytest.fixture(autouse=True)
def _own_shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDEGATE_LISTS", str(tmp_path / "shelf"))
    monkeypatch.setenv("TIDEGATE_CACHE", str(tmp_path / "cache"))


def table(folder: Path, count: int, name: str = "house.csv") -> Path:
    file = folder / name
    rows = "".join(f"{number},Lantern Quay {number:04d} Ltd\n" for number in range(count))
    file.write_text("party_id,name\n" + rows, encoding="utf-8")
    return file


def kept(folder: Path) -> set[str]:
    return {file.name for file in (folder / "cache").rglob("*.index")}


def test_a_list_is_made_ready_when_it_is_added_so_that_screening_builds_nothing(tmp_path: Path) -> None:
    assert run(["lists", "add", str(table(tmp_path, 400)), "--quiet"]) == 0
    made = kept(tmp_path)
    assert len(made) == 1
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("Date,Shipper,Goods\n2024-10-01,Lantern Quay 0007 Ltd,tiles\n", encoding="utf-8")
    assert run(["screen", str(sheet), "--json"]) == 0
    assert run(["screen", str(sheet), "--list", "house", "--json"]) == 0
    assert kept(tmp_path) == made


@pytest.fixture
def bureau(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Make a publisher's key in lantern.key and lantern.key.pub; return its id."""
    (tmp_path / "pass").write_text("an invented passphrase\n", encoding="utf-8")
    assert run(["lists", "key", "Lantern Bureau", "--out", str(tmp_path / "lantern.key"), "--passphrase-file", str(tmp_path / "pass"), "--json"]) == 0  # fmt: skip
    return str(json.loads(capsys.readouterr().out)["key_id"])


def pack(folder: Path, source: Path, name: str, *options: str) -> Path:
    out = folder / name
    secret = ["--key", str(folder / "lantern.key"), "--passphrase-file", str(folder / "pass")]
    assert run(["lists", "pack", str(source), *secret, "--out", str(out), *options]) == 0
    return out


def test_a_key_is_trusted_only_with_the_id_its_publisher_told(
    tmp_path: Path, bureau: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "lantern.key.pub")
    assert run(["lists", "trust", file]) == 2
    assert f"--id {bureau}" in capsys.readouterr().err
    assert run(["lists", "trust", file, "--id", "0" * 32]) == 2
    capsys.readouterr()
    assert run(["lists", "trust", "--json"]) == 0
    assert capsys.readouterr().out == ""
    assert run(["lists", "trust", file, "--id", " ".join(bureau[at : at + 4] for at in range(0, 32, 4))]) == 0
    assert run(["lists", "trust", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["name"], told["key_id"], len(told["words"])) == ("Lantern Bureau", bureau, 8)


def test_a_pack_is_looked_at_taken_renewed_and_told_in_the_history(
    tmp_path: Path, bureau: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first = pack(tmp_path, table(tmp_path, 20), "one.pack", "--title", "House list", "--date", "2026-01-02")
    assert run(["lists", "add", str(first)]) == 2
    assert "tidegate lists trust KEYFILE" in capsys.readouterr().err
    assert run(["lists", "trust", str(tmp_path / "lantern.key.pub"), "--id", bureau, "--quiet"]) == 0
    assert run(["lists", "add", str(first), "--look"]) == 0
    assert "20 parties would be new" in capsys.readouterr().out
    assert run(["lists", "add", str(first), "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["publisher"] == "Lantern Bureau"
    second = pack(tmp_path, table(tmp_path, 21), "two.pack", "--date", "2026-01-03")
    assert run(["lists", "update", str(second)]) == 0
    out = capsys.readouterr().out
    assert out.index("+ house:20") < out.index("signed by Lantern Bureau", out.index("+ house:20"))
    assert run(["lists", "update", str(first)]) == 2
    assert "--accept-older" in capsys.readouterr().err
    assert run(["lists", "history", "house", "--names"]) == 0
    assert "1 added, 0 removed, 0 changed" in capsys.readouterr().out
    assert run(["lists", "compare", "house@previous", "house"]) == 0
    assert "Lantern Quay 0020 Ltd" in capsys.readouterr().out


def test_a_pack_whose_beginning_was_changed_is_never_read_as_a_plain_list(tmp_path: Path, bureau: str) -> None:
    assert run(["lists", "trust", str(tmp_path / "lantern.key.pub"), "--id", bureau, "--quiet"]) == 0
    whole = pack(tmp_path, table(tmp_path, 20), "one.pack").read_bytes()
    for at in [*range(24), *range(len(whole) - 24, len(whole))]:
        (tmp_path / "odd.pack").write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        assert run(["lists", "add", str(tmp_path / "odd.pack"), "--quiet"]) == 2
    assert not (tmp_path / "shelf" / "house").exists()


def test_show_tells_records_in_and_parties_out_by_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "kinds.csv"
    file.write_text("id,name,kind\n1,Ottilie Larkmoor,person\n1,O. Larkmoor,person\n2,,person\n3,Lantern Quay,firm\n", encoding="utf-8")  # fmt: skip
    assert run(["lists", "add", str(file), "--quiet"]) == 0
    capsys.readouterr()
    assert run(["lists", "show", "--quiet"]) == 0
    out = capsys.readouterr().out
    assert "Person 1 of 2 read" in out
    assert "1 records without a name left out" in out
    assert "held since" in out
