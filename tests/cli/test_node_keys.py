"""Officers, partners, keys, records and proofs by commands."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.cli.conftest import PASSPHRASE, Shell
from tests.node.conftest import make
from tidegate.cli.main import run
from tidegate.demo.agreement import EXPORTING, IMPORTING
from tidegate.node import courier
from tidegate.node.revoked_keys import revocations_of
from tidegate.node.verify import verify_node
from tidegate.trust.checkpoint import Checkpoint, sign_checkpoint
from tidegate.wording.sentences import LANGUAGES

pytestmark = pytest.mark.postgres
LIAISON, SECOND = ("--officer", "liaison"), ("--officer", "second")


@pytest.fixture
def two(postgres_server, tmp_path, capsys):
    """Two nodes that do not know each other, with a shell at each."""
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    base = Path(tempfile.mkdtemp(prefix="tidegate-two-"))
    base.chmod(0o711)
    nodes = [
        make(postgres_server, base, IMPORTING, "a.localhost"),
        make(postgres_server, base, EXPORTING, "b.localhost"),
    ]
    yield [Shell(node.folder, secret, capsys) for node in nodes]
    for node in nodes:
        node.close()
    shutil.rmtree(base, ignore_errors=True)


def test_two_sides_enrol_each_other_by_file_and_words_and_a_new_root_is_then_refused(two, tmp_path) -> None:
    a, b = two
    before = a("key", "list")
    root = a("key", "root")[0]["root_public"]
    assert a("key", "new-root")[0]["root_public"] == a("key", "root")[0]["root_public"] != root
    assert [each["serial"] for each in a("key", "list")] == [each["serial"] for each in before]
    assert verify_node(a.folder) == []

    for shell in two:
        shell("partner", "invite", tmp_path / f"{shell.folder.name}.json", *LIAISON)
    b.prose("partner", "accept", tmp_path / "exporting-side.json", *LIAISON, code=2)  # our own file
    b.prose("partner", "accept", b.passphrase_file, *LIAISON, code=2)  # no invite at all
    heard = b("partner", "accept", tmp_path / "importing-side.json", *LIAISON)[0]["words"]
    assert a("partner", "accept", tmp_path / "exporting-side.json", *SECOND)[0]["words"] == heard
    chinese = a.prose("partner", "accept", tmp_path / "exporting-side.json", *LIAISON, "--lang", "zh")[0].split()
    assert len(heard) == len(chinese) == 8

    assert "eight" in b.prose("partner", "confirm", "importing-side", *reversed(heard), *LIAISON, code=2)[1]
    b.prose("partner", "confirm", "importing-side", *heard, "--officer", "secretariat", code=2)
    assert not b("partner", "confirm", "importing-side", *heard, *LIAISON)[0]["confirmed"]
    assert not b("partner", "confirm", "importing-side", *heard, *LIAISON)[0]["confirmed"]
    assert b("partner", "confirm", "importing-side", *chinese, *SECOND)[0] == {
        "partner": "importing-side", "confirmed": True, "officers": 2,
    }  # fmt: skip
    assert b("partner", "list")[0]["state"] == "confirmed"

    out, err = b.prose("key", "new-root", code=2)
    assert out == ""
    assert "importing-side" in err
    assert err.count("\n") == 5


def test_officers_are_enrolled_and_disabled_and_their_rows_are_sealed(two) -> None:
    shell = two[0]
    first = shell("officer", "add", "muster", "--name", "M. Muster", "--role", "second")[0]["code"]
    assert first != shell("officer", "code", "muster")[0]["code"]
    shell.prose("officer", "add", "muster", "--name", "M. Muster", "--role", "second", code=2)
    shell.prose("officer", "add", "otra", "--name", "O. Otra", "--role", "queen", code=2)
    shell.prose("officer", "disable", "muster", "--officer", "liaison", code=2)
    assert shell("officer", "disable", "muster", *SECOND)[0]["disabled"]
    assert {each["id"] for each in shell("officer", "list") if each["disabled"]} == {"muster"}
    shell.prose("officer", "code", "muster", code=2)
    assert verify_node(shell.folder) == []
    kinds = [each["kind"] for each in shell("audit", "show")]
    assert kinds[-4:] == ["officer.enrolled", "officer.code-renewed", "officer.at-shell", "officer.disabled"]


def test_rotated_and_revoked_keys_reach_the_partner_and_messages_still_go(shells) -> None:
    pair, a = shells.pair, shells.a
    assert a("key", "rotate", "--only-if-ending")[0]["made"] == 0
    rotated = a("key", "rotate")[0]
    assert (rotated["made"], rotated["told"]) == (1, {"exporting-side": ""})
    pair.agree()  # both ways, with the new keys
    assert a("partner", "greet", "exporting-side")[0]["verdict"] == "in-step"
    revoked = a("key", "revoke", rotated["key_id"], "--reason", "lost", *LIAISON)[0]
    assert revoked["told"] == {"exporting-side": ""}
    a.prose("key", "revoke", rotated["key_id"], *LIAISON, code=2)
    a.prose("key", "revoke", "none", *LIAISON, code=2)
    a.prose("key", "revoke", a("key", "list")[0]["key_id"], "--reason", "bored", *LIAISON, code=2)
    keys = a("key", "list")
    assert [bool(each["revoked"]) for each in keys] == [False, True, False]
    assert courier.visit(pair.a, pair.b.node_id).delivered == 1
    pair.notify()
    pair.carry()
    with pair.a.transaction() as tx:
        assert len(tx.find("correspondence")) == 1
        assert len(revocations_of(tx.conn, pair.a.node_id, pair.a.identity.root_public)) == 1
    assert verify_node(a.folder) == []
    for lang in LANGUAGES:
        assert a.prose("key", "list", "--lang", lang)[0]


def test_an_entry_is_proved_to_a_stranger_and_a_fork_to_anyone(shells, tmp_path, capsys) -> None:
    pair, b = shells.pair, shells.b
    pair.agree()
    for log, command in (("node", ()), ("link/importing-side/out", ("--log", "link/importing-side/out"))):
        (proved,) = b("audit", "prove", 0, *command)
        file = tmp_path / "proof.txt"
        file.write_text(b.prose("audit", "prove", 0, *command, "--quiet")[0], encoding="utf-8")
        assert file.read_text(encoding="utf-8") == proved["proof"]
        assert run(["audit", "check-proof", str(file), "--vkey", proved["vkey"]]) == 0
        assert proved["log"] == log
    assert proved["cosigned_by"] == ["importing-side"]
    assert "100000" in b.prose("audit", "prove", 100000, code=2)[1]
    b.prose("audit", "prove", 0, "--log", "link/nobody/out", code=2)

    checkpoint = b("audit", "checkpoint", "importing-side")[0]["checkpoint"]
    origin, size, *_ = checkpoint.split("\n")
    with pair.b.transaction() as tx:
        working, _ = pair.b.keys.current(tx.now)
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    one.write_text(checkpoint, encoding="utf-8")
    other.write_text(sign_checkpoint(Checkpoint(origin, int(size), b"\x01" * 32), working), encoding="utf-8")
    assert shells.a("audit", "prove-fork", one, one, code=1)[0]["fork"] is False
    assert shells.a("audit", "prove-fork", one, other)[0]["size"] == int(size)
    b.prose("audit", "bundle", "importing-side", tmp_path / "bundle", "--partner-checkpoint", one, code=2)  # no witness
    assert not (tmp_path / "bundle").exists()
    for lang in LANGUAGES:
        assert b.prose("audit", "show", "--lang", lang)[0]


def test_records_are_screened_into_the_node_and_become_a_case(shells, tmp_path, capsys) -> None:
    b = shells.b
    sheet = tmp_path / "goods.csv"
    sheet.write_text("date,consignor,consignee,goods description,net mass kg\n2022-08-01,Lantern Quay Trading,"
                     "Aromas Cometa,piperonal,200\n", encoding="utf-8")  # fmt: skip
    (summary,) = b("record", "import", sheet, *LIAISON)
    assert summary["rows"] == 1
    assert sum(summary["by_level"].values()) >= 1
    found = b("record", "findings")
    case = b("case", "open", "--pillar", "distribution", "--finding", found[0]["id"], *LIAISON)[0]["id"]
    assert b("case", "show", case)[0]["findings"] == [found[0]["id"]]
    b.prose("case", "open", "--pillar", "distribution", "--finding", found[0]["id"], *LIAISON, code=2)
    b.prose("record", "set-aside", found[0]["id"], "--reason", "namesake", "--until", "2022-08-01", *LIAISON, code=2)
    b.prose(
        "case", "add", case, "--name", "licence", "--value", "x", "--source", "y", *SECOND, code=1
    )  # not of the case
    b("case", "join", case, *SECOND)
    b("case", "add", case, "--name", "licence", "--value", "XA-1", "--source", "y", *SECOND)
    b.prose("case", "add", case, "--name", "licence", "--value", "x", "--source", "y", "--tlp", "PINK", *SECOND, code=2)
    b("case", "close", case, *SECOND)
    b.prose("record", "import", tmp_path / "none.csv", *LIAISON, code=2)
    assert [each["id"] for each in b("record", "findings", "--state", "case")] == [found[0]["id"]]
