"""Signed data packs: one file that holds one list or several, the publisher's own bytes, signed by the publisher.

The file is a DSSE text (trust.dsse) of PACK_TYPE, in canonical JSON. Its payload names the publisher, the instant it was
made, and for each list its name, title, day, what was counted in it, and its files, each gzipped with its SHA-256. Only
one key signs a pack: a second signature that nobody checks could be changed unseen.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tidegate.errors import InputUnreadable
from tidegate.lists.faults import pack_refused, shelf_wrong
from tidegate.lists.publisher_key import PublisherKey, is_key_file, sole_signature
from tidegate.model.instants import format_instant, parse_instant
from tidegate.trust import dsse
from tidegate.trust.canonical import dump_canonical, load_canonical
from tidegate.trust.encoding import from_base64, to_base64
from tidegate.trust.faults import KeyUnreadable, NotCanonical, SignatureInvalid, SuiteMismatch
from tidegate.trust.private_keys import RootKey, split_root_public

PACK_TYPE = "application/vnd.tidegate.list-pack+json"
MOST_LISTS, MOST_FILES = 64, 8
MOST_UNPACKED = 512 << 20
CLOCKS_APART = timedelta(days=1)  # a pack from further ahead would shut out every later one
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_FILE = re.compile(r"[^/\\\x00-\x1f]{1,120}")
_DAY = re.compile(r"(\d{4}-\d{2}(-\d{2})?)?")


@dataclass(frozen=True, slots=True)
class PackedList:
    """One list in a pack. date: its content's day or "". parties: how many its publisher counted.

    files: name -> bytes, the main one first. fresh_days: after how many days it is old; 0 leaves it to the reader.
    """

    name: str
    title: str
    date: str
    parties: int
    files: Mapping[str, bytes] = field(repr=False)
    fresh_days: int = 0


@dataclass(frozen=True, slots=True)
class Pack:
    """An opened pack: who signed it, when it was made (an instant), and its lists."""

    publisher: PublisherKey
    made: str
    lists: tuple[PackedList, ...]


def make_pack(lists: Sequence[PackedList], key: RootKey, publisher: str, *, made: datetime) -> bytes:
    """Return the pack of `lists` signed by `key`. The same lists and instant give the same bytes.

    Raises ShelfWrong for no list, a name twice, or a pack larger than a signed text may be.
    """
    names = [one.name for one in lists]
    if not names or len(names) > MOST_LISTS or len(set(names)) != len(names):
        raise shelf_wrong("pack-lists", count=len(names), most=MOST_LISTS, names=", ".join(names))
    payload = dump_canonical(
        {"lists": [_told(one) for one in lists], "made": format_instant(made), "publisher": publisher, "version": 1}
    )
    data = dsse.sign_with(PACK_TYPE, payload, key.root_id, key.suite, key.sign)
    if len(data) > dsse.MOST_BYTES:
        raise shelf_wrong("pack-too-large", bytes=len(data), most=dsse.MOST_BYTES)
    return data


def open_pack(data: bytes, trusted: Mapping[str, PublisherKey], *, now: datetime) -> Pack:
    """Return the pack in `data` if a trusted key signed it. Raises PackRefused with what to do; nothing is read before."""
    if is_key_file(data):
        raise pack_refused("pack-is-key")
    try:
        load_canonical(data)  # one spelling only, so that no byte of the file can change unseen
        ids = dsse.signing_key_ids(data)
    except (SignatureInvalid, NotCanonical) as problem:
        raise pack_refused("pack-broken", problem=problem) from problem
    key = trusted.get(ids[0]) if len(ids) == 1 else None
    if key is None:
        raise pack_refused("pack-untrusted", keys=", ".join(ids)[:200])
    try:
        suite, public = split_root_public(key.public)
        sole_signature(data, len(suite.algorithms))
        payload = load_canonical(dsse.verify_with(data, key.key_id, suite.number, public, PACK_TYPE))
    except (SignatureInvalid, NotCanonical, KeyUnreadable, SuiteMismatch) as problem:
        raise pack_refused("pack-signature", publisher=key.name, problem=problem) from problem
    try:
        return _read(payload, key, now)
    except (KeyError, TypeError, ValueError, NotCanonical, InputUnreadable, zlib.error) as problem:
        if getattr(problem, "code", "").startswith("lists."):
            raise
        raise pack_refused("pack-content", publisher=key.name, problem=problem) from problem


def _told(one: PackedList) -> dict[str, object]:
    if not _NAME.fullmatch(one.name):
        raise shelf_wrong("name", name=one.name)
    return {
        "date": one.date, "files": [_file(name, data) for name, data in one.files.items()], "fresh_days": one.fresh_days,
        "name": one.name, "parties": one.parties, "title": one.title,
    }  # fmt: skip


def _file(name: str, data: bytes) -> dict[str, object]:
    packed = gzip.compress(data, mtime=0)
    return {"bytes": len(data), "gzip": to_base64(packed), "name": name, "sha256": hashlib.sha256(data).hexdigest()}


def _read(payload: object, key: PublisherKey, now: datetime) -> Pack:
    outer = _fields(payload, {"lists": list, "made": str, "publisher": str, "version": int})
    if outer["version"] != 1:
        raise pack_refused("pack-version", version=outer["version"])
    if outer["publisher"] != key.name:
        raise pack_refused("pack-publisher", said=outer["publisher"], publisher=key.name)
    if parse_instant(outer["made"]) > now + CLOCKS_APART:
        raise pack_refused("pack-future", made=outer["made"], publisher=key.name)
    room = MOST_UNPACKED
    lists = []
    for item in outer["lists"]:
        told = _fields(item, {"date": str, "files": list, "fresh_days": int, "name": str, "parties": int, "title": str})
        files = {}
        for entry in told["files"]:
            name, data = _unpacked(entry, room)
            files[name] = data
            room -= len(data)
        if not _NAME.fullmatch(told["name"]) or not _DAY.fullmatch(told["date"]) or not told["title"].isprintable():
            raise ValueError(f"the list {told['name'][:60]!r} has no proper name, title or day")
        if not 1 <= len(files) <= MOST_FILES or len(files) != len(told["files"]) or not 0 <= told["fresh_days"] <= 3650:
            raise ValueError(f"the list {told['name']} has no proper files")
        lists.append(
            PackedList(told["name"], told["title"], told["date"], told["parties"], files, told["fresh_days"])
        )  # fmt: skip
    if not 1 <= len(lists) <= MOST_LISTS or len({one.name for one in lists}) != len(lists):
        raise ValueError("it holds no list, too many, or one twice")
    return Pack(key, outer["made"], tuple(lists))


def _unpacked(entry: object, room: int) -> tuple[str, bytes]:
    told = _fields(entry, {"bytes": int, "gzip": str, "name": str, "sha256": str})
    if not 0 <= told["bytes"] <= room:
        raise ValueError(f"{told['name'][:60]!r} unpacks to more than {MOST_UNPACKED} bytes")
    opened = zlib.decompressobj(wbits=31)
    data = opened.decompress(from_base64(told["gzip"]), told["bytes"] + 1)
    if len(data) != told["bytes"] or hashlib.sha256(data).hexdigest() != told["sha256"]:
        raise ValueError(f"{told['name'][:60]!r} is not the file that was packed")
    if not _FILE.fullmatch(told["name"]) or told["name"].startswith("."):
        raise ValueError(f"{told['name'][:60]!r} is no name of a file")
    return told["name"], data


def _fields(value: object, kinds: Mapping[str, type]) -> dict[str, Any]:
    """Return an object with exactly these fields, each of its kind. Raises TypeError naming the one that is not."""
    if not isinstance(value, dict) or set(value) != set(kinds):
        raise TypeError(f"expected the fields {', '.join(kinds)}")
    for name, kind in kinds.items():
        if type(value[name]) is not kind:
            raise TypeError(f"{name} is no {kind.__name__}")
    return value
