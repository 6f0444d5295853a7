from __future__ import annotations

import ast
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tidegate.errors import InputUnreadable
from tidegate.trust.audit_tree import frontier_of, leaf_hash, root_of
from tidegate.trust.canonical import dump_canonical
from tidegate.trust.checkpoint import Checkpoint, add_lines, cosign, sign_checkpoint
from tidegate.trust.dsse import sign
from tidegate.trust.envelope import seal
from tidegate.trust.evidence import (
    AGREEMENT_TYPE,
    RECEIPT_TYPE,
    AgreementEvidence,
    DirectionEvidence,
    PartyEvidence,
    make_bundle,
    verifier_source,
)
from tidegate.trust.key_notice import make_revocation
from tidegate.trust.keys import eight_words

from .factory import NOON, Side, side

AGREEMENT = dump_canonical({"between": ["北极兔关务署", "Lantern Quay Customs"], "v": 1})
LATER = NOON + timedelta(hours=1)


def direction(
    sender: Side, receiver: Side, witness: Side, count: int, *, pending: int = 0, refused: int = 0
) -> DirectionEvidence:
    envelopes: list[bytes | str] = []
    digests: list[bytes] = []
    receipts: dict[int, bytes] = {}
    for number in range(1, count + 1):
        data = seal(b"item %d" % number, sender=sender.working, recipients=[receiver.notice], message_id=f"m{number}")
        digests.append(hashlib.sha256(data).digest())
        envelopes.append(digests[-1].hex() if number == refused else data)
        if number > count - pending:
            continue
        outcome = "agreement-suspended" if number == refused else ""
        receipts[number] = receipt(sender, receiver, number, digests, outcome=outcome)
    leaves = frontier_of([leaf_hash(digest) for digest in digests])
    note = sign_checkpoint(Checkpoint(f"tidegate/link-1/{sender.node_id}", count, root_of(leaves)), sender.working)
    lines = [cosign(note, each.node_id, each.working, LATER) for each in (receiver, witness)]
    return DirectionEvidence(sender.node_id, envelopes, add_lines(note, lines), receipts)


def receipt(
    sender: Side, receiver: Side, number: int, digests: list[bytes], at: str = "2022-08-05T12:30:00Z", outcome: str = ""
) -> bytes:
    payload = {
        "direction": sender.node_id,
        "envelope_digest": digests[number - 1].hex(),
        "generation": 1,
        "link": "link-1",
        "log_root": root_of(frontier_of([leaf_hash(digest) for digest in digests])).hex(),
        "log_size": len(digests),
        "outcome": outcome,
        "received_at": at,
        "receiver": receiver.node_id,
        "sequence": number,
    }
    return sign(RECEIPT_TYPE, dump_canonical(payload), receiver.working)


def party(each: Side, revocations: tuple[bytes, ...] = ()) -> PartyEvidence:
    return PartyEvidence(each.node_id, each.root.public, [each.notice_bytes], revocations)


class World:
    def __init__(self, suite: int = 1) -> None:
        self.a, self.b, self.witness = side("importing-side", suite), side("exporting-side", suite), side("witness")
        self.parts = {
            "a": party(self.a),
            "b": party(self.b),
            "witness": party(self.witness),
            "agreements": [
                AgreementEvidence(
                    AGREEMENT, {s.node_id: sign(AGREEMENT_TYPE, AGREEMENT, s.working) for s in (self.a, self.b)}
                )
            ],
            "directions": [
                direction(self.a, self.b, self.witness, 5, pending=1),
                direction(self.b, self.a, self.witness, 3, refused=2),
            ],
            "made_at": LATER,
        }

    def bundle(self, **changed: object) -> dict[str, bytes]:
        return make_bundle(**{**self.parts, **changed})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def relisted(files: dict[str, bytes]) -> dict[str, bytes]:
    """A forger changes a file and then mends the manifest, so that only the other checks can find it."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {
        path: hashlib.sha256(data).hexdigest() for path, data in files.items() if path != "manifest.json"
    }
    return {**files, "manifest.json": dump_canonical(manifest)}


def check(files: dict[str, bytes], folder: Path) -> tuple[int, str]:
    for path, data in files.items():
        (folder / "bundle" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "bundle" / path).write_bytes(data)
    program = folder / "verify_evidence.py"
    program.write_bytes(verifier_source())
    done = subprocess.run(
        [sys.executable, "-I", str(program), str(folder / "bundle")], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_good_bundle_passes_and_shows_the_words(world: World, tmp_path: Path) -> None:
    code, out = check(world.bundle(), tmp_path)
    assert (code, out.count("FAIL")) == (0, 0), out
    assert " ".join(eight_words(world.a.root.public, world.b.root.public)) in out
    assert "4 receipts, 0 refused and not kept, without receipt yet: [5]" in out
    assert "3 receipts, 1 refused and not kept, without receipt yet: none" in out


def test_bundle_of_suite_2_passes(tmp_path: Path) -> None:
    code, out = check(World(suite=2).bundle(), tmp_path)
    assert code == 0, out


def test_equal_parts_give_equal_bytes(world: World) -> None:
    assert world.bundle() == world.bundle()


def swap(path: str, change: Callable[[bytes], bytes]) -> Callable[[World], dict[str, bytes]]:
    def forged(world: World) -> dict[str, bytes]:
        files = world.bundle()
        return relisted({**files, path: change(files[path])})

    return forged


def drop(path: str, *more: str) -> Callable[[World], dict[str, bytes]]:
    return lambda world: relisted({p: data for p, data in world.bundle().items() if p not in (path, *more)})


def flip(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def gap(world: World) -> dict[str, bytes]:
    files = world.bundle()
    files["a-to-b/envelopes/00000006.tgd"] = files.pop("a-to-b/envelopes/00000005.tgd")
    return relisted(files)


def doubled(world: World) -> dict[str, bytes]:
    files = world.bundle()
    files["a-to-b/envelopes/00000005.tgd"] = files["a-to-b/envelopes/00000004.tgd"]
    leaves = json.loads(files["a-to-b/leaves.json"])
    files["a-to-b/leaves.json"] = dump_canonical([*leaves[:4], leaves[3]])
    return relisted(files)


def other_leaves(world: World) -> dict[str, bytes]:
    files = world.bundle()
    first, *rest = json.loads(files["b-to-a/leaves.json"])
    files["b-to-a/leaves.json"] = dump_canonical([*rest, first])
    return relisted(files)


def shorter_log(world: World) -> dict[str, bytes]:
    other = direction(world.b, world.a, world.witness, 2)
    files = world.bundle()
    return relisted({**files, "b-to-a/checkpoint.txt": other.checkpoint.encode()})


def forged_root(world: World) -> dict[str, bytes]:
    stranger = side("exporting-side")
    return world.bundle(b=party(stranger))


def foreign_notice(world: World) -> dict[str, bytes]:
    files = world.bundle()
    return relisted({**files, "keys/b/notices/000001.json": side("exporting-side").notice_bytes})


def forged_receipt(world: World) -> dict[str, bytes]:
    files = world.bundle()
    digests = [hashlib.sha256(files[f"a-to-b/envelopes/{n:08d}.tgd"]).digest() for n in (1, 2)]
    forged = receipt(world.a, side("exporting-side"), 2, digests)
    return relisted({**files, "a-to-b/receipts/00000002.json": forged})


def late_receipt(world: World) -> dict[str, bytes]:
    files = world.bundle()
    digests = [hashlib.sha256(files[f"a-to-b/envelopes/{n:08d}.tgd"]).digest() for n in (1, 2)]
    late = receipt(world.a, world.b, 2, digests, at="2023-08-05T12:30:00Z")
    return relisted({**files, "a-to-b/receipts/00000002.json": late})


def other_log_receipt(world: World) -> dict[str, bytes]:
    files = world.bundle()
    digests = [hashlib.sha256(files[f"a-to-b/envelopes/{n:08d}.tgd"]).digest() for n in (1, 2)]
    other = receipt(world.a, world.b, 2, [bytes(32), digests[1]])
    return relisted({**files, "a-to-b/receipts/00000002.json": other})


def moved_receipt(world: World) -> dict[str, bytes]:
    files = world.bundle()
    return relisted({**files, "a-to-b/receipts/00000002.json": files["a-to-b/receipts/00000003.json"]})


def no_witness(world: World) -> dict[str, bytes]:
    files = world.bundle()
    lines = files["a-to-b/checkpoint.txt"].decode().splitlines(keepends=True)
    return relisted({**files, "a-to-b/checkpoint.txt": "".join(lines[:-1]).encode()})


def revoked_before(world: World) -> dict[str, bytes]:
    word = make_revocation(
        world.b.root, node_id="exporting-side", serial=1, key_id=world.b.working.key_id, revoked_at=NOON, reason="lost"
    )
    return world.bundle(b=party(world.b, (word,)))


def watches_itself(world: World) -> dict[str, bytes]:
    own = side("witness", root=world.b.root)
    return world.bundle(witness=party(own))


def other_agreement(world: World) -> dict[str, bytes]:
    signature = sign(AGREEMENT_TYPE, AGREEMENT + b" ", world.b.working)
    files = world.bundle()
    return relisted({**files, "agreements/0001/b.json": signature})


def wrong_words(world: World) -> dict[str, bytes]:
    files = world.bundle()
    manifest = json.loads(files["manifest.json"])
    manifest["words"][0] = "acorn" if manifest["words"][0] != "acorn" else "zipper"
    return {**files, "manifest.json": dump_canonical(manifest)}


@pytest.mark.parametrize(
    ("forge", "sentence"),
    [
        (lambda w: {**w.bundle(), "keys/a/root.bin": b"x"}, "was changed: its digest is not the manifest's"),
        (lambda w: {**w.bundle(), "note.txt": b"x"}, "note.txt is not in the manifest"),
        (
            lambda w: {p: d for p, d in w.bundle().items() if p != "a-to-b/receipts/00000001.json"},
            "a-to-b/receipts/00000001.json is missing",
        ),
        (lambda w: {**w.bundle(), "manifest.json": w.bundle()["manifest.json"] + b"\n"}, "is no evidence bundle"),
        (wrong_words, "not the manifest's"),
        (swap("words.csv", flip), "is not the list of words"),
        (forged_root, "signed by no key that its root vouches for"),
        (foreign_notice, "keys/b/notices/000001.json: it is signed by no key"),
        (drop("keys/witness/notices/000001.json"), "there is no key notice"),
        (watches_itself, "one watches itself"),
        (swap("agreements/0001/document.json", lambda data: data + b" "), "signed another text"),
        (other_agreement, "signed another text"),
        (drop("agreements/0001/b.json"), "is not signed by exporting-side"),
        (swap("a-to-b/envelopes/00000002.tgd", flip), "number 2: its digest is not the one in the log"),
        (gap, "there are envelopes beyond the 5 in the log"),
        (drop("a-to-b/envelopes/00000003.tgd"), "number 3: there is a gap: it was taken"),
        (drop("a-to-b/envelopes/00000005.tgd"), "number 5: there is a gap: neither envelope nor receipt"),
        (doubled, "one envelope stands under two numbers"),
        (other_leaves, "number 1: its digest is not the one in the log"),
        (drop("a-to-b/receipts/00000002.json"), "neither a receipt nor is listed as pending"),
        (forged_receipt, "number 2: it is signed by no key"),
        (moved_receipt, "number 2: its receipt is for"),
        (late_receipt, "was not valid at 2023-08-05"),
        (other_log_receipt, "names another log than this one"),
        (revoked_before, "was not valid at 2022-08-05T12:30:00Z, ended 2022-08-05T12:00:00Z"),
        (shorter_log, "the checkpoint has 2 entries, the log in the bundle 3"),
        (no_witness, "the checkpoint is not cosigned by witness"),
        (
            swap("a-to-b/checkpoint.txt", lambda d: d.replace(b"importing-side\n5", b"importing-side\n6")),
            "has 6 entries",
        ),
        (swap("a-to-b/checkpoint.txt", lambda d: d.replace(b"link-1", b"link-2", 1)), "does not fit its text"),
    ],
    ids=lambda value: value.replace(" ", "-")[:40] if isinstance(value, str) else "",
)
def test_each_tampering_fails_with_a_sentence(
    forge: Callable[[World], dict[str, bytes]], sentence: str, world: World, tmp_path: Path
) -> None:
    code, out = check(forge(world), tmp_path)
    assert code == 1
    assert any(line.startswith("FAIL") and sentence in line for line in out.splitlines()), out


def test_forged_envelope_with_mended_log_fails_by_its_signature(world: World, tmp_path: Path) -> None:
    parts = direction(world.a, world.b, world.witness, 2)
    stranger = side("importing-side")
    forged = seal(b"item 2", sender=stranger.working, recipients=[world.b.notice], message_id="m2")
    changed = DirectionEvidence(parts.sender, [parts.envelopes[0], forged], parts.checkpoint, parts.receipts)
    code, out = check(world.bundle(directions=[changed]), tmp_path)
    assert code == 1
    assert "number 2: no notice of importing-side names its key" in out


def test_folder_without_manifest_is_no_bundle(tmp_path: Path) -> None:
    code, out = check({"stray.txt": b""}, tmp_path)
    assert code == 1
    assert "is no evidence bundle" in out


def test_verifier_is_short_and_imports_nothing_of_ours() -> None:
    source = verifier_source().decode()
    assert len(source.splitlines()) < 300
    names = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert names - set(sys.stdlib_module_names) == {"cryptography"}


def test_receipt_without_envelope_is_not_bundled(world: World) -> None:
    parts = direction(world.a, world.b, world.witness, 1)
    stray = DirectionEvidence(parts.sender, parts.envelopes, parts.checkpoint, {2: b"{}"})
    with pytest.raises(InputUnreadable, match="belong to no envelope"):
        world.bundle(directions=[stray])
