"""Sentences: a code and its parameters, said in English, Chinese (Simplified) or Spanish.

Catalogues are TOML files in `wording/catalogues/`, one for each area of the house. Each code is a table with the
three languages; a parameter stands in braces: `{en = "{count} facts go", zh = "…", es = "…"}`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

LANGUAGES = ("en", "zh", "es")


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return every code with its sentences. Raises ValueError if one code stands in two catalogues."""
    merged: dict[str, Mapping[str, str]] = {}
    folder = resources.files("tidegate.wording").joinpath("catalogues")
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".toml"):
            continue
        for code, sentences in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if code in merged:
                raise ValueError(f"wording code {code!r} stands in two catalogues; the second is {file.name}")
            merged[code] = sentences
    return merged


def say(code: str, lang: str, /, **params: object) -> str:
    """Return the sentence for `code` in `lang`. Raises KeyError for an unknown code or a missing parameter."""
    sentences = catalogue()[code]
    return sentences[lang].format_map({name: str(value) for name, value in params.items()})


def knows(code: str) -> bool:
    """Tell whether a sentence exists for `code`."""
    return code in catalogue()
