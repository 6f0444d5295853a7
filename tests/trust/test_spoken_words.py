from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin
from rapidfuzz.distance import Levenshtein

from tidegate.trust.spoken_words import eight_words, word_list, word_table

KEYS = st.binary(min_size=33, max_size=33)


@given(KEYS, KEYS)
def test_words_do_not_depend_on_who_reads_first(a: bytes, b: bytes) -> None:
    for lang in ("en", "zh", "es"):
        assert eight_words(a, b, lang) == eight_words(b, a, lang)


@given(KEYS, KEYS)
def test_languages_say_the_same_number(a: bytes, b: bytes) -> None:
    spoken = [[word_list(lang).index(word) for word in eight_words(a, b, lang)] for lang in ("en", "zh", "es")]
    assert spoken[0] == spoken[1] == spoken[2]


def test_words_are_the_first_64_bits_of_the_digest() -> None:
    digest = hashlib.sha256(b"tidegate/eight-words/v1\x00" + b"\x00\x00\x00\x01" + b"a" + b"b").digest()
    assert eight_words(b"b", b"a") == tuple(word_list("en")[number] for number in digest[:8])


def test_another_key_gives_other_words() -> None:
    assert eight_words(b"a" * 33, b"b" * 33) != eight_words(b"a" * 33, b"c" * 33)


@pytest.mark.parametrize("lang", ["en", "zh", "es"])
def test_no_two_words_of_a_language_can_be_misheard_for_each_other(lang: str) -> None:
    words = word_list(lang)
    sounds = ["".join(lazy_pinyin(word)) if lang == "zh" else word for word in words]
    assert len(set(words)) == len(set(sounds)) == 256
    if lang != "zh":
        assert all(word.isascii() and word.islower() and word.isalpha() for word in words)
        near = [(a, b) for n, a in enumerate(words) for b in words[:n] if Levenshtein.distance(a, b) < 2]
        assert near == []


def test_list_never_changes_in_silence() -> None:
    """Other words for the same keys would stop every enrolment under way, and old verifiers."""
    assert hashlib.sha256(word_table()).hexdigest()[:16] == "1442990e92bda216"


def test_language_without_a_list_is_a_slip() -> None:
    with pytest.raises(KeyError):
        eight_words(b"a", b"b", "fr")
