"""Every sentence exists in the three languages and asks for the same parameters in each."""

from __future__ import annotations

from string import Formatter

import pytest

from tidegate.wording.sentences import LANGUAGES, catalogue, knows, say


def parameters(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_code_is_said_in_three_languages_with_the_same_parameters(code: str) -> None:
    sentences = catalogue()[code]
    assert set(sentences) == set(LANGUAGES)
    assert all(sentences[lang].strip() for lang in LANGUAGES)
    wanted = parameters(sentences["en"])
    assert parameters(sentences["zh"]) == wanted
    assert parameters(sentences["es"]) == wanted


def test_a_parameter_is_put_in_its_place() -> None:
    assert say("level.hold", "zh") == "暂扣"
    assert knows("level.ask")
    assert not knows("no.such.code")
    with pytest.raises(KeyError):
        say("no.such.code", "en")
