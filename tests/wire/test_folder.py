"""A bundle on a stick: every file is the one that the manifest names, or it is named."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.errors import SettingsWrong
from tidegate.wire.folder import (
    BundleDamaged,
    Listed,
    item_name,
    read_answers,
    read_items,
    read_manifest,
    receipt_name,
    write_answer,
    write_bundle,
)

FILES = [(item_name(9), b"nine"), (item_name(1_000_001), b"")]
LISTED = [Listed(name, hashlib.sha256(data).hexdigest()) for name, data in FILES]


@pytest.fixture
def bundle(tmp_path):
    write_bundle(tmp_path / "stick", b"manifest", FILES)
    return tmp_path / "stick"


def test_what_is_written_is_read_in_order(bundle):
    assert read_manifest(bundle) == b"manifest"
    assert read_items(bundle, LISTED) == [b"nine", b""]


def test_a_folder_in_use_is_left_alone(bundle):
    with pytest.raises(SettingsWrong, match="not empty"):
        write_bundle(bundle, b"", [])
    assert read_items(bundle, LISTED) == [b"nine", b""]


@pytest.mark.parametrize("harm", ["changed", "missing", "surplus", "link"])
def test_a_file_that_is_not_as_listed_is_named(bundle, harm):
    path = bundle / item_name(9)
    if harm == "changed":
        path.write_bytes(b"nin\x65\x00")
    elif harm == "missing":
        path.unlink()
    elif harm == "surplus":
        path = bundle / item_name(10)
        path.write_bytes(b"")
    else:
        path.unlink()
        path.symlink_to(bundle / item_name(1_000_001))
    with pytest.raises(BundleDamaged, match=path.name):
        read_items(bundle, LISTED)


@pytest.mark.parametrize("name", ["items/../../out.tgd", "/items/000001.tgd", "items/1.tgd", "manifest.dsse"])
def test_a_name_that_leads_elsewhere_is_refused(bundle, tmp_path, name):
    with pytest.raises(BundleDamaged):
        read_items(bundle, [*LISTED, Listed(name, "0" * 64)])
    with pytest.raises(BundleDamaged):
        write_bundle(tmp_path / "other", b"", [(name, b"")])
    assert not (tmp_path / "other").exists()


def test_answers_come_back_by_number_and_are_written_once(bundle):
    for sequence in (1_000_001, 9):
        assert write_answer(bundle, receipt_name(item_name(sequence)), str(sequence).encode())
    assert not write_answer(bundle, receipt_name(item_name(9)), b"9")
    write_answer(bundle, receipt_name(item_name(10), refusal=True), b"no")
    assert [(each.sequence, each.data, each.refusal) for each in read_answers(bundle)] == [
        (9, b"9", False), (10, b"no", True), (1_000_001, b"1000001", False),
    ]  # fmt: skip
    (bundle / "receipts" / "other.txt").write_bytes(b"")
    with pytest.raises(BundleDamaged, match=r"other\.txt"):
        read_answers(bundle)


def test_without_receipts_it_says_so(bundle):
    with pytest.raises(BundleDamaged, match="no receipts"):
        read_answers(bundle)


@given(st.integers(min_value=1, max_value=10**12))
@settings(max_examples=50)
def test_every_number_has_one_name_for_item_and_answer(sequence):
    assert receipt_name(item_name(sequence)) == f"receipts/{sequence:06d}.dsse"
