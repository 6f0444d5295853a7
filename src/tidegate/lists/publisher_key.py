"""The key a publisher of lists is known by: a file that names the publisher and is signed by the key itself.

The file proves that whoever made it holds the key. That the key is the publisher's own is for a person to find out: by
comparing the eight words, or the key's id, over another way than the one the file came.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tidegate.lists import history
from tidegate.lists.faults import pack_refused, shelf_wrong
from tidegate.lists.shelf_files import locked, write_whole
from tidegate.trust import dsse
from tidegate.trust.canonical import dump_canonical, load_canonical
from tidegate.trust.encoding import from_base64, to_base64
from tidegate.trust.faults import KeyUnreadable, NotCanonical, SignatureInvalid, SuiteMismatch
from tidegate.trust.private_keys import RootKey, root_id, split_root_public
from tidegate.trust.spoken_words import eight_words

KEY_TYPE = "application/vnd.tidegate.list-publisher+json"
FOLDER = ".trusted"  # with a dot, so that no list can bear this name
MOST_BYTES = 64_000  # of a key file; one of suite 2 has about 14,000
_MOST_LETTERS = 120


@dataclass(frozen=True, slots=True)
class PublisherKey:
    """One publisher's public key. name: as the publisher writes it. public: its suite's number, then the key."""

    name: str
    public: bytes

    @property
    def key_id(self) -> str:
        """Return the short name of the key: 32 hexadecimal characters."""
        return root_id(self.public)

    def words(self, lang: str = "en") -> tuple[str, ...]:
        """Return the eight words that stand for this key when it is read aloud."""
        return eight_words(self.public, b"", lang)


def make_key_file(key: RootKey, name: str) -> bytes:
    """Return the file that a publisher called `name` gives to those who read its packs. Raises ShelfWrong for no name."""
    name = " ".join(name.split())
    if not name.isprintable() or not 1 <= len(name) <= _MOST_LETTERS:
        raise shelf_wrong("publisher-name", most=_MOST_LETTERS)
    payload = dump_canonical({"name": name, "public": to_base64(key.public), "version": 1})
    return dsse.sign_with(KEY_TYPE, payload, key.root_id, key.suite, key.sign)


def read_key_file(data: bytes, file: str = "") -> PublisherKey:
    """Return the key in a file that make_key_file wrote. Raises PackRefused naming `file` if it is changed, cut or another."""
    try:
        if len(data) > MOST_BYTES:
            raise SignatureInvalid(f"a key file has at most {MOST_BYTES} bytes")
        load_canonical(data)
        payload = load_canonical(dsse.read_envelope(data)[1])
        if not isinstance(payload, dict) or set(payload) != {"name", "public", "version"} or payload["version"] != 1:
            raise SignatureInvalid("it is of another kind or of a later version")
        name, public = payload["name"], from_base64(payload["public"])
        if not isinstance(name, str) or name != " ".join(name.split()) or not name.isprintable() or not name:
            raise SignatureInvalid("it names no publisher")
        suite, signing = split_root_public(public)
        sole_signature(data, len(suite.algorithms))
        dsse.verify_with(data, root_id(public), suite.number, signing, KEY_TYPE)
    except (SignatureInvalid, NotCanonical, KeyUnreadable, SuiteMismatch) as problem:
        raise pack_refused("key-file", file=file, problem=problem) from problem
    return PublisherKey(name, public)


def sole_signature(data: bytes, algorithms: int) -> None:
    """Raise SignatureInvalid if an envelope carries more than one key's signatures: nobody looks at the others."""
    if len(dsse.read_envelope(data)[2]) != algorithms:
        raise SignatureInvalid("it carries more signatures than one key makes")


class TrustedKeys:
    """The publishers whose packs the shelf in `folder` takes: one key file each, put there by a person's act."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    def all(self) -> dict[str, PublisherKey]:
        """Return key id -> key. Raises PackRefused naming a file that was changed on this computer."""
        found = {}
        for file in sorted((self.folder / FOLDER).glob("*.json")):
            key = read_key_file(file.read_bytes(), str(file))
            if file.stem == key.key_id:
                found[key.key_id] = key
        return found

    def trust(self, data: bytes, *, at: str, file: str = "") -> PublisherKey:
        """Trust the key in a key file from now on. `at`: the instant, for the history. Raises PackRefused, ShelfWrong."""
        key = read_key_file(data, file)
        for other in self.all().values():
            if other.name.casefold() == key.name.casefold() and other.key_id != key.key_id:
                raise shelf_wrong("publisher-twice", name=key.name, key=other.key_id)
        with locked(self.folder):
            write_whole(self.folder / FOLDER / f"{key.key_id}.json", data)
            history.note(self.folder, {"at": at, "act": "trusted", "publisher": key.name, "key_id": key.key_id})
        return key

    def distrust(self, name_or_id: str, *, at: str) -> PublisherKey:
        """Trust this publisher no longer. What came from it stays, as it was signed. Raises ShelfWrong for an unknown one."""
        keys = self.all()
        key = named_key(name_or_id, keys.values())
        if key is None:
            known = ", ".join(f"{one.name} ({one.key_id})" for one in keys.values()) or "-"
            raise shelf_wrong("not-trusted", name=name_or_id, known=known)
        with locked(self.folder):
            (self.folder / FOLDER / f"{key.key_id}.json").unlink(missing_ok=True)
            history.note(self.folder, {"at": at, "act": "distrusted", "publisher": key.name, "key_id": key.key_id})
        return key


def named_key(name_or_id: str, keys: Iterable[PublisherKey]) -> PublisherKey | None:
    """Return the key of this publisher's name or of this id (blanks and dashes in it do not count), or None."""
    asked = name_or_id.strip().casefold()
    bare = asked.replace(" ", "").replace("-", "").replace(":", "")
    return next((key for key in keys if asked == key.name.casefold() or bare == key.key_id), None)


def is_key_file(data: bytes) -> bool:
    """Tell whether bytes look like a key file, so that one given for a pack is told apart. Nothing is checked."""
    try:
        outer = json.loads(data[:MOST_BYTES])
    except (ValueError, RecursionError):
        return False
    return isinstance(outer, dict) and outer.get("payloadType") == KEY_TYPE
