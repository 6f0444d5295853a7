from __future__ import annotations

from tidegate.errors import TidegateError
from tidegate.trust import faults
from tidegate.wording.sentences import LANGUAGES, say


def test_every_fault_has_a_sentence_of_its_own_and_as_a_refusal() -> None:
    kinds = [each for each in vars(faults).values() if isinstance(each, type) and issubclass(each, TidegateError)]
    codes = [each.code for each in kinds if each is not TidegateError]
    assert len(set(codes)) == len(codes) == 13
    for code in codes:
        for lang in LANGUAGES:
            assert say(code, lang)
            assert say(f"refusal.{code}", lang)
