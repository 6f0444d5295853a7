"""Eight words that two officers read aloud to each other: 64 bits of SHA-256 over both root keys, whoever reads first.

Each of the 256 words has an English, a Chinese and a Spanish form on one line of `data/words.csv`, with one meaning, so
the two sides may read in their own languages and an interpreter can compare. The list is our own.
"""

from __future__ import annotations

import csv
import hashlib
from functools import lru_cache
from importlib import resources

WORDS = 8
_DOMAIN = b"tidegate/eight-words/v1\x00"


def eight_words(a_root_public: bytes, b_root_public: bytes, lang: str = "en") -> tuple[str, ...]:
    """Return the eight words for two root keys, in either order. lang: en, zh or es.

    To stand between two nodes unseen, an attacker needs two root keys whose words agree, with one try at the meeting.
    """
    spoken = word_list(lang)
    first, second = sorted((a_root_public, b_root_public))
    digest = hashlib.sha256(_DOMAIN + len(first).to_bytes(4, "big") + first + second).digest()
    return tuple(spoken[number] for number in digest[:WORDS])


@lru_cache(maxsize=3)
def word_list(lang: str) -> tuple[str, ...]:
    """Return the 256 words of one language, in their order. Raises KeyError for a language there is no list of."""
    return tuple(row[lang] for row in csv.DictReader(word_table().decode("utf-8").splitlines()))


def word_table() -> bytes:
    """Return the list as packaged: CSV in UTF-8 with the columns en, zh, es."""
    return resources.files("tidegate.trust").joinpath("data", "words.csv").read_bytes()
