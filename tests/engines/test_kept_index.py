"""An index comes back from its bytes as it was, and changed bytes give none."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.engines.kept_index import MAGIC, index_from_bytes, index_to_bytes
from tidegate.screening.name_entries import ReadForms
from tidegate.screening.name_index import NameIndex
from tidegate.screening.names import build_index, match_names
from tidegate.screening.watchlist import ListedParty, Watchlist

NAMES = (
    "北极兔化工有限公司",
    "LARKMOOR, Ottilie",
    "شركة الفانوس",
    "Lantern Quay Co., Ltd (formerly Heron Goods)",
    "COPPER HERON",
)


def watchlist(names=NAMES):
    kinds = ("Company", "Person", "LegalEntity", "Organization", "Vessel")
    parties = tuple(
        ListedParty(
            f"inv:{at}", kinds[at % 5], (name,), ("HERON",), (("passport", f"T{at}"),), ("~1970",), ("NO",), ("1 Quay",), ("X",),
            "inv", "2026-01-01", "a remark",
        )
        for at, name in enumerate(names)
    )  # fmt: skip
    return Watchlist(parties, "inv", "Invented", "2026-01-01", "nobody", "free", "table", 6, {"no-name": 1})


def same(one, other):
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if hasattr(one, "__dataclass_fields__"):
        return type(one) is type(other) and all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    if isinstance(one, tuple | list | ReadForms):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return one == other


@given(st.lists(st.text(max_size=30), max_size=6))
def test_every_field_of_an_index_comes_back(names):
    index = build_index([watchlist((*NAMES, *names)), watchlist()])
    back = index_from_bytes(index_to_bytes(index))
    for field in fields(NameIndex):
        assert same(getattr(index, field.name), getattr(back, field.name)), field.name


def test_matches_are_the_same_with_their_reasons():
    index = build_index([watchlist()])
    asked = ["Beijitu Chemical", "Ottilie Larkmoor", "Heron Goods", "copper heron"]
    assert match_names(asked, index_from_bytes(index_to_bytes(index))) == match_names(asked, index)


@given(st.data())
def test_bytes_with_one_bit_changed_are_no_index(data):
    whole = bytearray(index_to_bytes(build_index([watchlist()])))
    at = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[at // 8] ^= 1 << at % 8
    with pytest.raises(ValueError, match="not kept whole"):
        index_from_bytes(bytes(whole))


@pytest.mark.parametrize("data", [b"", MAGIC, MAGIC + b"x" * 16, b"\x80\x05N."])
def test_other_bytes_are_no_index(data):
    with pytest.raises(ValueError, match="not kept whole"):
        index_from_bytes(data)
