from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.trust.canonical import MAX_DEPTH, MAX_INTEGER, digest_hex, dump_canonical, load_canonical
from tidegate.trust.faults import NotCanonical

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=20,
)


@given(VALUES)
@settings(max_examples=200)
def test_value_comes_back_and_has_one_spelling(value: object) -> None:
    data = dump_canonical(value)
    assert load_canonical(data) == value
    assert json.loads(data) == value
    assert dump_canonical(load_canonical(data)) == data


@given(st.binary(max_size=60) | TEXTS.map(str.encode))
@settings(max_examples=300)
def test_any_bytes_are_refused_or_are_the_one_spelling(data: bytes) -> None:
    try:
        value = load_canonical(data)
    except NotCanonical:
        return
    assert dump_canonical(value) == data


@given(VALUES, st.data())
@settings(max_examples=150)
def test_changed_bytes_never_give_the_same_value(value: object, data: st.DataObject) -> None:
    good = dump_canonical(value)
    place = data.draw(st.integers(0, len(good) - 1))
    changed = good[:place] + data.draw(st.binary(max_size=2)) + good[place + 1 :]
    with contextlib.suppress(NotCanonical):
        assert load_canonical(changed) != value or changed == good


def test_names_are_sorted_by_utf16_as_in_rfc_8785_section_3_2_3() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\u00f6"]
    data = dump_canonical(dict.fromkeys(names, 0))
    assert list(json.loads(data)) == ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_texts_are_escaped_as_in_rfc_8785_section_3_2_2() -> None:
    assert dump_canonical('\u20ac$\u000f\u000aA\'B"\\\\"/') == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b"[1.0]",
        b"[1e3]",
        b"[-0]",
        b"[NaN]",
        b"[Infinity]",
        b"[9007199254740992]",
        b'["\\u0041"]',
        b'["\\ud800"]',
        b'["\\/"]',
        b"\xef\xbb\xbf[]",
        b'["\xff"]',
        b"[]\n",
        b"",
        b"[" * 100_000 + b"]" * 100_000,
        b"[" * 65 + b"]" * 65,
        b"1" * 5000,
    ],
    ids=lambda data: repr(data[:20]),
)
def test_second_spellings_are_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        load_canonical(data)


@pytest.mark.parametrize("value", [1.5, {1: 2}, {"a": {1, 2}}, b"x", "\ud800", {"\ud800": 1}, 2**53, float("nan")])
def test_values_without_a_form_are_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        dump_canonical(value)


def test_depth_64_is_taken() -> None:
    data = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert dump_canonical(load_canonical(data)) == data


def test_digest_is_sha256_in_hexadecimal() -> None:
    # FIPS 180-4 example, "abc"
    assert digest_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
