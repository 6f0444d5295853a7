"""Every sentence exists in the three languages and asks for the same parameters in each."""

from __future__ import annotations

from string import Formatter

import pytest

from tidegate.wording.sentences import LANGUAGES, catalogue, knows, say


def parameters(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_every_code_is_said_in_three_languages_with_the_same_parameters() -> None:
    faults = []
    for code, sentences in catalogue().items():
        said = set(sentences) == set(LANGUAGES) and all(sentences[lang].strip() for lang in LANGUAGES)
        if not said or len({frozenset(parameters(sentences[lang])) for lang in LANGUAGES}) != 1:
            faults.append(code)
    assert faults == []


def test_a_parameter_is_put_in_its_place() -> None:
    assert say("level.hold", "zh") == "暂扣"
    assert knows("level.ask")
    assert not knows("no.such.code")
    with pytest.raises(KeyError):
        say("no.such.code", "en")
