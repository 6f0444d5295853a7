"""The wire by hand: a folder on a stick with sealed items, one manifest that names every file, and receipts that come back.

    manifest.dsse        signed: which link, who to whom, and each file with its number and SHA-256
    items/000017.tgd     sealed items, one a file, named by their number
    receipts/000017.dsse the receiver's signed receipt, or receipts/000017.refusal.dsse why it did not take the item

Names are plain digits and letters, so that any file system carries them. Nothing here opens or checks a seal.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tidegate.errors import SettingsWrong, TidegateError
from tidegate.wording.problems import problem

MANIFEST = "manifest.dsse"
ITEMS = "items"
RECEIPTS = "receipts"
MOST_MANIFEST = 16 << 20
MOST_FILE = 65 << 20
_ITEM = re.compile(r"items/(\d{6,})\.tgd")
_RECEIPT = re.compile(r"(\d{6,})(\.refusal)?\.dsse")


class BundleDamaged(TidegateError):
    """A file of the bundle is missing, surplus or not the one that the manifest names. Copy the bundle again."""

    code = "bundle-damaged"


@dataclass(frozen=True, slots=True)
class Listed:
    """One file that a manifest names. digest: SHA-256 in hexadecimal."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class CarriedReceipt:
    """One answer that came back. refusal: True when the receiver did not take the item."""

    name: str
    sequence: int
    data: bytes
    refusal: bool


def item_name(sequence: int) -> str:
    """Return the name of the file that holds the item with this number."""
    return f"{ITEMS}/{sequence:06d}.tgd"


def receipt_name(item: str, *, refusal: bool = False) -> str:
    """Return the name of the answer to one item file."""
    found = _ITEM.fullmatch(item)
    if found is None:
        raise problem(BundleDamaged, "bundle.item-name", file=item, expected=item_name(17))
    return f"{RECEIPTS}/{found[1]}{'.refusal' if refusal else ''}.dsse"


def write_bundle(folder: Path, manifest: bytes, files: Sequence[tuple[str, bytes]]) -> None:
    """Write a whole bundle into the new folder `folder`, or nothing. Raises SettingsWrong when something is there."""
    if folder.exists() and any(folder.iterdir()):
        raise problem(SettingsWrong, "bundle.folder-not-empty", folder=folder)
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    (part / ITEMS).mkdir(parents=True)
    try:
        for name, data in files:
            receipt_name(name)
            _write(part / name, data)
        _write(part / MANIFEST, manifest)
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def read_manifest(folder: Path) -> bytes:
    """Return the manifest's bytes. Raises BundleDamaged when there is none."""
    return _read(folder, MANIFEST, MOST_MANIFEST)


def read_items(folder: Path, listed: Sequence[Listed]) -> list[bytes]:
    """Return the item files in the order of the manifest, each checked against it.

    Raises BundleDamaged naming the file that is missing, differs, or that the manifest does not name.
    """
    names = {each.name for each in listed}
    found = {f"{ITEMS}/{path.name}" for path in (folder / ITEMS).iterdir()} if (folder / ITEMS).is_dir() else set()
    for name in sorted(found - names):
        raise problem(BundleDamaged, "bundle.not-listed", file=name)
    items = []
    for each in listed:
        receipt_name(each.name)
        data = _read(folder, each.name, MOST_FILE)
        if hashlib.sha256(data).hexdigest() != each.digest:
            raise problem(BundleDamaged, "bundle.file-changed", file=each.name)
        items.append(data)
    return items


def write_answer(folder: Path, name: str, data: bytes) -> bool:
    """Write one receipt or refusal beside the items. Returns False when these very bytes are there already."""
    path = folder / name
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(exist_ok=True)
    draft = path.with_name(path.name + ".part")
    _write(draft, data)
    draft.replace(path)
    return True


def read_answers(folder: Path) -> list[CarriedReceipt]:
    """Return what came back, in order of number. Raises BundleDamaged for a file that is no answer by its name."""
    base = folder / RECEIPTS
    if not base.is_dir():
        raise problem(BundleDamaged, "bundle.no-receipts", file=RECEIPTS, folder=folder)
    answers = []
    for path in sorted(base.iterdir()):
        name = f"{RECEIPTS}/{path.name}"
        found = _RECEIPT.fullmatch(path.name)
        if found is None:
            raise problem(BundleDamaged, "bundle.receipt-name", file=name, expected=f"{RECEIPTS}/000017.dsse")
        data = _read(folder, name, MOST_MANIFEST)
        answers.append(CarriedReceipt(name, int(found[1]), data, found[2] is not None))
    return sorted(answers, key=lambda each: each.sequence)


def _read(folder: Path, name: str, most: int) -> bytes:
    path = folder / name
    if path.is_symlink() or not path.is_file():
        raise problem(BundleDamaged, "bundle.file-missing", file=name, folder=folder)
    if path.stat().st_size > most:
        raise problem(BundleDamaged, "bundle.file-too-large", file=name, most=most)
    return path.read_bytes()


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
