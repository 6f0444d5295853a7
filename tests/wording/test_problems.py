"""An error is told in the reader's language: by its own sentence, by its refusals, or by the code of its class."""

from __future__ import annotations

import errno

from tidegate.errors import InputUnreadable, SettingsWrong
from tidegate.exchange.message import MessageInvalid
from tidegate.gate.refusal import refuse
from tidegate.trust.faults import SealBroken
from tidegate.wording.problems import problem, problem_sentences, problem_text


def test_an_error_made_of_a_code_is_told_in_each_language() -> None:
    error = problem(SettingsWrong, "shell-node-stopped", folder="n")
    assert str(error) == problem_text(error, "en")
    assert "未运行" in problem_text(error, "zh")
    assert "no está en marcha" in problem_text(error, "es")


def test_what_the_system_and_an_inner_error_say_is_told_in_the_language_too() -> None:
    inner = problem(InputUnreadable, "shell.cannot-read", file="f", why=OSError(errno.EACCES, "Permission denied"))
    outer = problem(InputUnreadable, "shell.in-file", file="g", why=inner)
    assert problem_text(outer, "zh") == "g：无法读取 f：没有权限"
    assert problem_text(outer, "en") == "g: f cannot be read: no permission"


def test_each_refusal_of_an_error_is_a_sentence_and_its_fields_are_named() -> None:
    error = MessageInvalid([refuse("required-field-missing", kind="feedback", fields="net_mass_kg, goods_description")])
    (told,) = problem_sentences(error, "es")
    assert "net_mass_kg" not in told
    assert "goods_description" not in told


def test_an_error_without_a_sentence_is_told_by_its_class_and_in_english_as_it_was_raised() -> None:
    error = SealBroken("byte 7 differs", code="trust.no-such-sentence")
    assert problem_text(error, "en") == "byte 7 differs"
    assert "El sello está roto" in problem_text(error, "es")
    assert error.family == "trust.seal-broken"
