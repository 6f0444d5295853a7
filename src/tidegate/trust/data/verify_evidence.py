"""Check a Tidegate evidence bundle without Tidegate: python verify_evidence.py FOLDER

Needs Python 3.11 and `cryptography` 50. Prints one line for each check and exits with 0 if all hold, 1 if any fails.
Compare the eight words with those read aloud when the sides met: only they say that the root keys are the right ones.

The bundle is a folder. SIDE is a, b or witness; DIR is a-to-b or b-to-a; numbers begin at 1.

    manifest.json                   {"v": 1, "made_at", "parties": {SIDE: node id}, "words": [8],
                                    "pending": {DIR: [numbers without receipt yet]}, "files": {path: SHA-256 in hex}}
    words.csv                       the 256 words in English, Chinese and Spanish; this program knows its digest
    keys/SIDE/root.bin              suite (1 byte), then Ed25519 key (32), in suite 2 then ML-DSA-65 key (1952)
    keys/SIDE/notices/000001.json   key notices, DSSE signed by the root; keys/SIDE/revocations/ likewise
    agreements/0001/document.json   what was agreed; a.json and b.json beside it are each side's DSSE over those bytes
    DIR/envelopes/00000001.tgd      the sealed messages of one direction as sent, by sequence number; one may be missing
                                    if its receipt names an outcome, for a refused message is not kept
    DIR/receipts/00000001.json      the receiver's DSSE: sequence, envelope_digest, received_at, log_size, log_root, ...
    DIR/leaves.json                 the log of this direction: SHA-256 of each envelope in hex, in order
    DIR/checkpoint.txt              C2SP signed note over that log, by the sender, cosigned by receiver and witness

Shown: who vouches for which keys; which envelopes left their sender and reached their receiver, in which order and by
when; that the log holds these and no other. Not shown: what a sealed message says; its recipient can open it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey

TYPE, FORM = "application/vnd.tidegate.", "%Y-%m-%dT%H:%M:%SZ"
KEYS: dict[str, Any] = {"ed25519": Ed25519PublicKey, "ml-dsa-65": MLDSA65PublicKey}
# suite -> signature algorithms as (name, bytes of the key, bytes of the signature); bytes of one key wrap
SIGNATURES = {1: [("ed25519", 32, 64)], 2: [("ed25519", 32, 64), ("ml-dsa-65", 1952, 3309)]}
WRAP_BYTES = {1: 80, 2: 1168}
WORDS_SHA256 = "1442990e92bda21658fe4c8d1c2442877eb43c3663baf535946c21c780e298ca"  # of words.csv in the bundle


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


class Bad(Exception):
    """A check that does not hold, in a sentence."""


def need(holds: bool, sentence: str) -> None:
    if not holds:
        raise Bad(sentence)


def canonical(data: bytes) -> Any:
    """Return the JSON value in `data` if it has its one canonical spelling."""
    value = json.loads(data)
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    need(text.encode() == data, "a text is not in canonical form, so it was changed after it was made")
    return value


def instant(text: str) -> datetime:
    return datetime.strptime(text, FORM).replace(tzinfo=UTC)


def pae(kind: str, payload: bytes) -> bytes:
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


def verify(suite: int, public: bytes, message: bytes, signatures: list[bytes]) -> None:
    for (name, size, _), signature in zip(SIGNATURES[suite], signatures, strict=True):
        key, public = public[:size], public[size:]
        try:
            KEYS[name].from_public_bytes(key).verify(signature, message)
        except InvalidSignature:
            raise Bad(f"the {name} signature does not fit its text: one of the two was changed, or forged") from None


def signed(data: bytes, kind: str, keys: dict[str, dict[str, Any]]) -> tuple[str, bytes]:
    """Return (key id, payload) of a DSSE text of type `kind` signed by one of `keys`, each with suite and signing."""
    outer = json.loads(data)
    need(outer["payloadType"] == TYPE + kind, f"expected a signed {kind}, found {outer['payloadType']}")
    payload = base64.b64decode(outer["payload"], validate=True)
    found = {entry["keyid"]: base64.b64decode(entry["sig"], validate=True) for entry in outer["signatures"]}
    for key_id, key in keys.items():
        suite = key["suite"]
        names = [f"{key_id}/{name}" for name, _, _ in SIGNATURES[suite]]
        if any(name in found for name in names):
            need(all(name in found for name in names), f"one of the signatures of suite {suite} is missing")
            verify(suite, key["signing"], pae(TYPE + kind, payload), [found[name] for name in names])
            return key_id, payload
    raise Bad("it is signed by no key that its root vouches for")


def tree_root(leaves: list[bytes], start: int, end: int, known: dict[tuple[int, int], bytes]) -> bytes:
    """Return the RFC 6962 root over leaves[start:end]; `known` keeps what was computed before."""
    if end - start < 2:
        return sha256(b"\0" + leaves[start]) if end > start else sha256(b"")
    if (start, end) not in known:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        left, right = tree_root(leaves, start, middle, known), tree_root(leaves, middle, end, known)
        known[start, end] = sha256(b"\1" + left + right)
    return known[start, end]


class Bundle:
    """The files of a bundle, and what has been established about them so far."""

    def __init__(self, folder: Path) -> None:
        self.files = {at.relative_to(folder).as_posix(): at.read_bytes() for at in folder.rglob("*") if at.is_file()}
        self.manifest = canonical(self.files.pop("manifest.json"))
        self.parties: dict[str, str] = self.manifest["parties"]
        self.notices: dict[str, dict[str, dict[str, Any]]] = {"a": {}, "b": {}, "witness": {}}
        self.revoked: dict[str, datetime] = {}
        self.place = ""  # which of many files is being looked at

    def under(self, prefix: str) -> dict[str, bytes]:
        return {path: data for path, data in self.files.items() if path.startswith(prefix)}

    def valid(self, side: str, key_id: str, at: datetime) -> None:
        notice = self.notices[side][key_id]
        start, end = instant(notice["valid_from"]), instant(notice["valid_until"])
        end = min(end, self.revoked.get(key_id, end))
        whose = f"key {key_id} of {self.parties[side]}"
        need(start <= at < end, f"{whose} was not valid at {at:{FORM}}, ended {end:{FORM}}")

    def check_manifest(self) -> str:
        listed = self.manifest["files"]
        need(self.manifest["v"] == 1, "the bundle is of a version this program does not know")
        for path in sorted(set(listed) ^ set(self.files)):
            raise Bad(f"{path} is {'missing' if path in listed else 'not in the manifest'}")
        for path, data in self.files.items():
            need(sha256(data).hex() == listed[path], f"{path} was changed: its digest is not the manifest's")
        return f"{len(listed)} files are present and unchanged since {self.manifest['made_at']}"

    def check_words(self) -> str:
        first, second = sorted(self.files[f"keys/{side}/root.bin"] for side in ("a", "b"))
        third = self.files["keys/witness/root.bin"]
        need(len({first, second, third}) == 3, "two parties have one root key: one watches itself")
        digest = sha256(b"tidegate/eight-words/v1\0" + len(first).to_bytes(4, "big") + first + second)
        table = self.files["words.csv"]
        need(sha256(table).hex() == WORDS_SHA256, "words.csv is not the list of words this program knows")
        words = [table.decode().splitlines()[1 + number].split(",")[0] for number in digest[:8]]
        need(words == self.manifest["words"], f"the root keys give the words {' '.join(words)}, not the manifest's")
        return f"compare with what was read aloud: {' '.join(words)}"

    def check_keys(self, side: str) -> str:
        root = self.files[f"keys/{side}/root.bin"]
        suite, root_id = root[0], sha256(b"tidegate/root-id/v1\0" + root)[:16].hex()
        need(len(root) == 1 + sum(size for _, size, _ in SIGNATURES[suite]), "the root key has the wrong length")
        need(bool(self.under(f"keys/{side}/notices/")), "there is no key notice")
        signer = {"suite": suite, "signing": root[1:]}
        for path, data in self.under(f"keys/{side}/notices/").items():
            self.place = f"{path}: "
            notice = canonical(signed(data, "key-notice+json", {root_id: signer})[1])
            need(notice["node_id"] == self.parties[side], f"this is the notice of {notice['node_id']}")
            notice["signing"] = base64.b64decode(notice["signing_public"], validate=True)
            encryption = base64.b64decode(notice["encryption_public"], validate=True)
            key_id = sha256(b"tidegate/key-id/v1\0" + bytes([suite]) + notice["signing"] + encryption)[:16].hex()
            need((key_id, suite) == (notice["key_id"], notice["suite"]), "it names its keys or suite wrongly")
            self.notices[side][key_id] = notice
        for path, data in self.under(f"keys/{side}/revocations/").items():
            self.place = f"{path}: "
            word = canonical(signed(data, "key-revocation+json", {root_id: signer})[1])
            need(word["node_id"] == self.parties[side], f"this is the word of {word['node_id']}")
            self.revoked[word["key_id"]] = instant(word["revoked_at"])
        return f"{len(self.notices[side])} key notices of {self.parties[side]} are signed by its root"

    def check_agreements(self) -> str:
        documents = [path for path in self.under("agreements/") if path.endswith("/document.json")]
        need(bool(documents), "there is no agreement")
        for path in documents:
            for side in ("a", "b"):
                name = path.replace("document", side)
                need(name in self.files, f"{path} is not signed by {self.parties[side]}")
                self.place = f"{name}: "
                payload = signed(self.files[name], "agreement+json", self.notices[side])[1]
                need(payload == self.files[path], f"{self.parties[side]} signed another text")
        return f"{len(documents)} agreement documents are signed by both sides"

    def check_envelopes(self, way: str) -> str:
        sender, receiver = way.split("-to-")
        envelopes, receipts = self.under(f"{way}/envelopes/"), self.under(f"{way}/receipts/")
        leaves = [bytes.fromhex(text) for text in canonical(self.files[f"{way}/leaves.json"])]
        need(len(set(leaves)) == len(leaves), "one envelope stands under two numbers")
        expected = [f"{way}/envelopes/{number:08d}.tgd" for number in range(1, len(leaves) + 1)]
        need(set(envelopes) <= set(expected), f"there are envelopes beyond the {len(leaves)} in the log")
        pending: list[int] = self.manifest["pending"].get(way, [])
        need(len(receipts) + len(pending) == len(leaves), "an envelope has neither a receipt nor is listed as pending")
        known: dict[tuple[int, int], bytes] = {}
        for number, (path, leaf) in enumerate(zip(expected, leaves, strict=True), 1):
            self.place, signers = f"number {number}: ", []
            if path in envelopes:
                need(sha256(envelopes[path]) == leaf, "its digest is not the one in the log")
                signers.append((sender, self.outer(envelopes[path], sender, receiver)))
            if number in pending:
                need(path in envelopes, "there is a gap: neither envelope nor receipt")
                continue
            data = self.files[f"{way}/receipts/{number:08d}.json"]
            receiver_key, payload = signed(data, "receipt+json", self.notices[receiver])
            receipt = canonical(payload)
            found = tuple(receipt[name] for name in ("direction", "receiver", "sequence", "envelope_digest"))
            due = (self.parties[sender], self.parties[receiver], number, leaf.hex())
            need(found == due, f"its receipt is for {found}, not for {due}")
            kept = path in envelopes or receipt["outcome"] != ""
            need(kept, "there is a gap: it was taken, but its envelope is missing")
            size = receipt["log_size"]
            need(number <= size <= len(leaves), f"its receipt names a log of {size} entries")
            root = tree_root(leaves, 0, size, known).hex()
            need(receipt["log_root"] == root, "its receipt names another log than this one")
            for side, key_id in (*signers, (receiver, receiver_key)):
                self.valid(side, key_id, instant(receipt["received_at"]))
        notes = f"{len(leaves) - len(envelopes)} refused and not kept, without receipt yet: {pending or 'none'}"
        return f"{len(leaves)} numbers without gap or double, {len(receipts)} receipts, {notes}"

    def outer(self, data: bytes, sender: str, receiver: str) -> str:
        """Check an envelope's outer signature and return the sender's key id."""
        need(data[:4] == b"TGD\1" and data[4] in SIGNATURES, "it is no sealed message of a form known here")
        suite, key_id, at = data[4], data[49:65].hex(), 66 + data[65]
        end = at + 1 + 16 * data[at]
        recipients = {data[place : place + 16].hex() for place in range(at + 1, end, 16)}
        need(key_id in self.notices[sender], f"no notice of {self.parties[sender]} names its key {key_id}")
        need(self.notices[sender][key_id]["suite"] == suite, "it is sealed in another suite than its sender's keys")
        need(bool(recipients & set(self.notices[receiver])), f"it is not sealed to {self.parties[receiver]}")
        at, signatures = end + WRAP_BYTES[suite] * data[at], []
        wraps = data[end:at]
        for _, _, size in SIGNATURES[suite]:
            signatures.append(data[at : at + size])
            at += size
        text = data[:end] + sha256(wraps) + sha256(data[at:])
        verify(suite, self.notices[sender][key_id]["signing"], pae(TYPE + "sealed", text), signatures)
        return key_id

    def check_log(self, way: str) -> str:
        sender, receiver = way.split("-to-")
        leaves = [bytes.fromhex(text) for text in canonical(self.files[f"{way}/leaves.json"])]
        text, _, lines = self.files[f"{way}/checkpoint.txt"].decode().rpartition("\n\n")
        origin, size, root = text.split("\n")[:3]
        need(origin.split("/")[-1] == self.parties[sender], f"the checkpoint is of another log, {origin}")
        need(int(size) == len(leaves), f"the checkpoint has {size} entries, the log in the bundle {len(leaves)}")
        found = base64.b64encode(tree_root(leaves, 0, len(leaves), {})).decode()
        need(root == found, "the log's root is not the one in the checkpoint")
        self.line(text, lines, sender, 1)
        stamps = " and ".join(f"{self.line(text, lines, side, 4):{FORM}}" for side in (receiver, "witness"))
        return f"{size} entries give the root signed by {self.parties[sender]}, cosigned by both at {stamps}"

    def line(self, text: str, lines: str, side: str, kind: int) -> datetime:
        """Find and check the note line of one side (kind 1: signature, 4: cosignature with its time)."""
        for name, data in ((line.split(" ")[1], base64.b64decode(line.split(" ")[2])) for line in lines.splitlines()):
            for key_id, notice in self.notices[side].items():
                key, time = notice["signing"][:32], int.from_bytes(data[4:-64], "big")
                if data[:4] == sha256(name.encode() + b"\n" + bytes([kind]) + key)[:4]:
                    head = f"cosignature/v1\ntime {time}\n" if kind == 4 else ""
                    need(len(data) == (76 if kind == 4 else 68), f"the line of {name} has the wrong length")
                    verify(1, key, f"{head}{text}\n".encode(), [data[-64:]])
                    at = datetime.fromtimestamp(time, UTC)
                    if kind == 4:
                        self.valid(side, key_id, at)
                    return at
        raise Bad(f"the checkpoint is not {'cosigned' if kind == 4 else 'signed'} by {self.parties[side]}")


def main(folder: str) -> int:
    failed = 0
    try:
        bundle = Bundle(Path(folder))
        ways = [way for way in ("a-to-b", "b-to-a") if bundle.under(f"{way}/")]
        need(bool(ways), "it holds neither direction")
    except (Bad, OSError, ValueError, KeyError, TypeError) as exc:
        print(f"FAIL  bundle: {folder} is no evidence bundle ({exc!r})")
        return 1
    checks: list[tuple[str, Callable[[], str]]] = [("manifest", bundle.check_manifest), ("words", bundle.check_words)]
    checks += [(f"keys of {side}", partial(bundle.check_keys, side)) for side in ("a", "b", "witness")]
    checks += [("agreements", bundle.check_agreements)]
    checks += [(f"envelopes {way}", partial(bundle.check_envelopes, way)) for way in ways]
    checks += [(f"log {way}", partial(bundle.check_log, way)) for way in ways]
    for name, check in checks:
        try:
            bundle.place = ""
            print(f"ok    {name}: {check()}")
        except (Bad, ValueError, KeyError, TypeError, IndexError, OverflowError) as exc:
            failed = 1
            why = exc if isinstance(exc, Bad) else f"a part is missing or misshapen ({exc!r})"
            print(f"FAIL  {name}: {bundle.place}{why}")
    print("FAIL  this bundle proves nothing as it is" if failed else "ok    every check holds")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else "usage: python verify_evidence.py FOLDER")
