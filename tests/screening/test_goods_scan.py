"""The native scan of goods texts finds what the reference finds; repeated texts are found on every row."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.registers.substances import load_register
from tidegate.screening import goods_scan
from tidegate.screening.goods import find_goods_rows, read_goods
from tidegate.screening.goods_index import goods_index

INDEX = goods_index(load_register())
NAMES = [name.text for name in load_register().names][::7]
PIECES = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(["25kg", "drum ", "-", " ", "CAS ", "40064-34-4", "79-03-8", "poly", "d10", "HS 2933.36", "293337", "rn", "I", "l", "cl", "free of ", "\u00ad", "\u2011", "０", "α", "Α", "ΡΡ", "ν", "β-", "ɑ", "΄", "ά", "\U00020000", "桶", "s", "0", "1"]),
    st.text(max_size=6),
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=5).map("".join)
BESIDE = st.lists(
    st.one_of(
        st.sampled_from(["25 ", "kg ", " 99%", "; ", " drums ", ", fob x", ", FOB", "五金配件, 501 ctns, ", "氘代, ", "d8, ", "桶d8, ", "paint (", "ink, 5 drums ", "paint with ", "adhesive contains 5% ", "无苯, ", "除/", " 5 kg", ", 160kg", "g", ", net ", " 2l", "3 cans ", ", ", "/", "&", "(", ")", " cas ", "book ", "without ", "other than ", "pump", "no ",
                         "poly", "-d8", " 5 ", "de ", "0%", ".", "桶", "不含", "é", "α", " test kit", "used, ", "五金配件, 25 ", "除", "手册", " CAS 21409-26-7", " 108-24-7", " CAS 108-24-8"]),
        st.text(max_size=2),
    ), max_size=4,
).map("".join)  # fmt: skip
native = pytest.mark.skipif(goods_scan._native is None, reason="the native scan was not built here (no compiler)")


def told(found: dict[int, goods_scan.Seen]) -> dict[int, tuple[list[tuple[object, ...]], bool, bool]]:
    return {row: (sorted(tuple(name) for name in seen.names), seen.numbers, seen.keys) for row, seen in found.items()}


@native
@given(st.lists(st.one_of(st.none(), TEXTS), max_size=6))
@settings(max_examples=150, deadline=None)
def test_the_native_scan_names_what_the_reference_names(texts: list[str | None]) -> None:
    column = pa.array(texts, pa.string())
    found, wanted = goods_scan._scan_natively(column, INDEX), goods_scan._scan_each(column, INDEX)
    names = {row: told(found)[row][0] for row in found if found[row].names and not found[row].plain}
    plain = {row for row in found if found[row].plain}
    assert names == {row: told(wanted)[row][0] for row in wanted if wanted[row].names and row not in plain}
    assert plain <= wanted.keys()


@native
@given(st.lists(st.tuples(BESIDE, st.sampled_from(NAMES), BESIDE).map("".join), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_a_row_that_the_native_scan_calls_plain_tells_the_same_the_long_way(texts: list[str]) -> None:
    found = find_goods_rows(texts, None, None, load_register(), context=True)
    assert found == {row: hits for row, text in enumerate(texts) if (hits := read_goods(text, "", "", INDEX))}


@pytest.mark.parametrize("text", ["acetone", "without 5 drums acetone", "book, 25 acetone", "free of benzene, acetone"])
def test_the_native_scan_calls_plain_only_what_no_word_near_it_turns(text: str) -> None:
    seen = goods_scan.scan_column(pa.array([text]), INDEX)[0]
    assert not seen.plain or text == "acetone"


def test_a_text_that_repeats_is_found_on_each_of_its_rows_and_blank_rows_are_not() -> None:
    texts = ["steel bolts", None, "N-phenethyl-4-piperidone 25 kg", "", "steel bolts"] * 3
    assert sorted(goods_scan.scan_column(pa.array(texts, pa.string()), INDEX)) == [2, 7, 12]
